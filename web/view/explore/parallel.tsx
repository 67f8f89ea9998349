import { useMemo, useState } from 'react';
import { readable } from '../../../src/present/readable.ts';
import type { Cloud } from '../../explore/use-cloud.ts';
import { colourOf } from './cloud.tsx';
import { type Axis, axesOf, shareOf } from './lines.ts';

const HEIGHT = 300;
const TOP = 48;
const BOTTOM = 30;
/** Share of an axis within which a brush takes its end. */
const END = 0.02;

interface ParallelProps {
  cloud: Cloud;
  /** Points whose lines are drawn. */
  points: readonly number[];
  chosen: number | undefined;
  /** By axis: the part that a brush keeps, as shares of its length. */
  kept: Readonly<Record<string, readonly [number, number]>>;
  onKeep(axis: string, part: readonly [number, number] | undefined): void;
  width: number;
}

/** Points as lines over parameters and metrics. Dragging along an axis keeps the points between. */
export function Parallel({ cloud, points, chosen, kept, onKeep, width }: ParallelProps) {
  const axes = useMemo(() => axesOf(cloud), [cloud.space, cloud.version]);
  const [drag, setDrag] = useState<{ axis: string; from: number; to: number }>();
  const step = width / axes.length;
  const left = (i: number): number => (i + 0.5) * step;
  const top = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const path = (point: number): string => {
    let drawing = false;
    return axes
      .map((axis, i) => {
        const share = shareOf(cloud, axis, point);
        if (share === undefined) {
          drawing = false;
          return '';
        }
        const text = `${drawing ? 'L' : 'M'}${left(i).toFixed(1)} ${top(share).toFixed(1)}`;
        drawing = true;
        return text;
      })
      .join('');
  };
  const stroke = (point: number): string => colourOf(cloud.space.blocks.indexOf(cloud.space.blockOf(point)));
  const lines = useMemo(
    () => points.map((point) => <path key={point} d={path(point)} stroke={stroke(point)} />),
    [cloud.space, cloud.version, points, width],
  );
  const shareAt = (event: React.PointerEvent<SVGElement>): number => {
    const { top: edge } = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
    const share = (HEIGHT - BOTTOM - (event.clientY - edge)) / (HEIGHT - TOP - BOTTOM);
    // An end is meant by whoever comes near it.
    return share < END ? 0 : share > 1 - END ? 1 : share;
  };
  const sorted = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);
  return (
    <svg className="parallel" width={width} height={HEIGHT}>
      <g
        role="img"
        aria-label={`${points.length} points as lines over ${axes.map(({ name }) => name).join(', ')}`}
      >
        {lines}
        {chosen !== undefined && <path d={path(chosen)} className="chosen" />}
      </g>
      {axes.map((axis, i) => {
        const part = drag?.axis === axis.name ? sorted(drag.from, drag.to) : kept[axis.name];
        return (
          <g key={axis.name} className="axis">
            <line x1={left(i)} x2={left(i)} y1={top(0)} y2={top(1)} />
            <text x={left(i)} y={12 + (i % 2) * 13} textAnchor="middle" className="title">
              {cut(axis.name, 2 * step)}
            </text>
            {([0, 1] as const).map((end) => (
              <text key={end} x={left(i)} y={end === 0 ? HEIGHT - 14 : TOP - 4} textAnchor="middle">
                {cut(endOf(axis, end), step)}
              </text>
            ))}
            {part !== undefined && (
              <rect
                x={left(i) - 6}
                width={12}
                y={top(part[1])}
                height={top(part[0]) - top(part[1])}
                className="part"
              />
            )}
            <rect
              x={left(i) - 12}
              width={24}
              y={TOP}
              height={HEIGHT - TOP - BOTTOM}
              className="grip"
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                const share = shareAt(event);
                setDrag({ axis: axis.name, from: share, to: share });
              }}
              onPointerMove={(event) => {
                if (drag?.axis === axis.name) setDrag({ ...drag, to: shareAt(event) });
              }}
              onPointerUp={() => {
                if (drag?.axis !== axis.name) return;
                const [low, high] = sorted(drag.from, drag.to);
                onKeep(axis.name, high - low < 0.015 ? undefined : [low, high]);
                setDrag(undefined);
              }}
            />
          </g>
        );
      })}
    </svg>
  );
}

function endOf(axis: Axis, end: 0 | 1): string {
  if (axis.values !== undefined) return String(axis.values[end === 0 ? 0 : axis.values.length - 1]);
  return readable(end === 0 ? axis.least : axis.most);
}

/** A text that fits so many pixels. */
function cut(text: string, room: number): string {
  const most = Math.floor(room / 6.2);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
