import { readable } from '../../src/present/readable.ts';
import { detail } from '../state/store.ts';

/** Where a number stands that is not a metric of a compared design. */
export type Stand =
  | 'answer'
  | 'claim'
  | 'entry'
  | 'error'
  | 'gain'
  | 'loss'
  | 'operator'
  | 'paper'
  | 'point'
  | 'roof'
  | 'run'
  | 'share';

interface NumberProps {
  /** In the metric's unit, at full precision. */
  value: number;
  metric: string;
  label: string;
  /** What the number is of: a design's name, or what `from` knows; worked out when it is asked for. */
  design: string | (() => string);
  from?: Stand;
  /** As it is shown, where that is not the usual way. */
  text?: string;
  /** What the number is called in the page: `derived` where no command prints it, but those that it is of. */
  of?: string;
  /** What it is of in words, where `design` is none. */
  words?: string;
}

/** A number as people read it, with its full precision in the page; opens where it comes from. */
export function Num({ value, metric, label, design, from, text = readable(value), of, words }: NumberProps) {
  return (
    <button
      type="button"
      className="number"
      title={`Why? ${label} of ${words ?? design}`}
      onClick={() => detail({ why: metric, of: typeof design === 'string' ? design : design(), from })}
    >
      <data value={value} data-of={of}>
        {text}
      </data>
    </button>
  );
}
