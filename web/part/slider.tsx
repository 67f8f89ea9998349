import { useId } from 'react';
import { settle } from '../state/store.ts';

interface SliderProps {
  label: string;
  unit?: string;
  value: number;
  /** Values that the slider stops at, ascending; the field takes any in between. */
  stops: readonly number[];
  min: number;
  max: number;
  whole?: boolean;
  onChange(value: number, gesture: string): void;
}

/** A slider over chosen stops with a field beside it for any other value. */
export function Slider({ label, unit, value, stops, min, max, whole = true, onChange }: SliderProps) {
  const id = useId();
  const at = nearestStop(stops, value);
  const gesture = `slider ${label}`;
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <span className="amount">
        <input
          type="number"
          aria-label={`${label}, exact`}
          value={value}
          min={min}
          max={max}
          step={whole ? 1 : 'any'}
          onChange={({ currentTarget }) => {
            const next = currentTarget.valueAsNumber;
            if (Number.isFinite(next) && next >= min && next <= max && (!whole || Number.isInteger(next)))
              onChange(next, gesture);
          }}
          onBlur={settle}
        />
        {unit !== undefined && <span className="unit">{unit}</span>}
      </span>
      <input
        id={id}
        type="range"
        min={0}
        max={stops.length - 1}
        step={1}
        value={at}
        aria-valuetext={`${value}${unit === undefined ? '' : ` ${unit}`}`}
        onChange={({ currentTarget }) => onChange(stops[currentTarget.valueAsNumber], gesture)}
        onPointerUp={settle}
        onBlur={settle}
      />
    </div>
  );
}

function nearestStop(stops: readonly number[], value: number): number {
  let best = 0;
  for (const [at, stop] of stops.entries()) {
    if (Math.abs(stop - value) < Math.abs(stops[best] - value)) best = at;
  }
  return best;
}

/** Powers of two from 2^from to 2^to. */
export const powers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));
