import { readable } from '../../src/present/readable.ts';
import { detail } from '../state/store.ts';

interface NumberProps {
  /** In the metric's unit, at full precision. */
  value: number;
  metric: string;
  label: string;
  /** The design's place among those of the question. */
  design: string;
}

/** A number as people read it, with its full precision in the page; opens where it comes from. */
export function Num({ value, metric, label, design }: NumberProps) {
  return (
    <button
      type="button"
      className="number"
      title={`Why? ${label} of ${design}`}
      onClick={() => detail({ why: metric, of: design })}
    >
      <data value={value}>{readable(value)}</data>
    </button>
  );
}
