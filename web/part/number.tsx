import { readable } from '../../src/present/readable.ts';
import { detail } from '../state/store.ts';

interface NumberProps {
  /** In the metric's unit, at full precision. */
  value: number;
  metric: string;
  label: string;
  /** What the number is of: a design's name, or what `from` knows. */
  design: string;
  /** Where it stands, if it is not a metric of a compared design. */
  from?: 'claim' | 'paper' | 'run' | 'error';
  /** As it is shown, where that is not the usual way. */
  text?: string;
  /** What the number is called in the page. */
  of?: string;
  /** What it is of in words, where `design` is not. */
  words?: string;
}

/** A number as people read it, with its full precision in the page; opens where it comes from. */
export function Num({
  value,
  metric,
  label,
  design,
  from,
  text = readable(value),
  of,
  words = design,
}: NumberProps) {
  return (
    <button
      type="button"
      className="number"
      title={`Why? ${label} of ${words}`}
      onClick={() => detail({ why: metric, of: design, from })}
    >
      <data value={value} data-of={of}>
        {text}
      </data>
    </button>
  );
}
