import { at, type Scale, valueAt } from './scale.ts';

interface LimitProps {
  across: boolean;
  scale: Scale;
  other: Scale;
  value: number;
  name: string;
  onMove(value: number): void;
}

/** A limit as a line that the pointer or the arrow keys move. */
export function Limit({ across, scale, other, value, name, onMove }: LimitProps) {
  const place = Math.max(
    Math.min(scale.from, scale.to),
    Math.min(Math.max(scale.from, scale.to), at(scale, value)),
  );
  const move = (to: number): void =>
    onMove(Number(Math.max(scale.least, Math.min(scale.most, to)).toPrecision(3)));
  const step = (scale.most / scale.least) ** 0.01;
  const ends = across
    ? { x1: other.from, x2: other.to, y1: place, y2: place }
    : { x1: place, x2: place, y1: other.from, y2: other.to };
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={`Limit ${name}`}
      aria-orientation={across ? 'vertical' : 'horizontal'}
      aria-valuenow={value}
      aria-valuemin={scale.least}
      aria-valuemax={scale.most}
      className={across ? 'limit across' : 'limit'}
      onKeyDown={(event) => {
        const up = event.key === 'ArrowRight' || event.key === 'ArrowUp';
        if (!up && event.key !== 'ArrowLeft' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        move(up ? Math.max(value * step, value * 1.006) : value / step);
      }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        event.stopPropagation();
        const { left, top } = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
        move(valueAt(scale, across ? event.clientY - top : event.clientX - left));
      }}
    >
      <line {...ends} className="grip" />
      <line {...ends} className="line" />
    </g>
  );
}
