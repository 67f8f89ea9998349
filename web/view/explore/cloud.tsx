import { useEffect, useMemo, useRef, useState } from 'react';
import type { Constraint } from '../../../src/explore/constraint.ts';
import { PALETTE } from '../../../src/present/figure.ts';
import type { Cloud } from '../../explore/use-cloud.ts';
import { useWidth } from '../../part/use-width.ts';
import { painter, type Painting, plainPainter } from './gl.ts';
import { Axes } from './axes.tsx';
import { Limit } from './limit.tsx';
import { thinned } from './lines.ts';
import { at, HEIGHT, rangeOf, ROOM, type Scale, valueAt } from './scale.ts';

/** The colour of the designs that a space's n-th start leads to. */
export const colourOf = (start: number): string => PALETTE[start % PALETTE.length];

/** Points of the front that are drawn at once. */
const MOST_RINGS = 800;

export interface Rectangle {
  x: readonly [number, number];
  y: readonly [number, number];
}

interface CloudProps {
  cloud: Cloud;
  axes: { x: string; y: string };
  titles: { x: string; y: string };
  limits: readonly Constraint[];
  /** 1 for a point that shines. */
  lit: Uint8Array;
  chosen: number | undefined;
  brushing: boolean;
  sentence: string;
  onChoose(point: number): void;
  onBrush(rectangle: Rectangle | undefined): void;
  onLimit(metric: string, limit: number): void;
}

/** Every point of a space by two metrics, with the front, and limits that can be dragged. */
export function CloudPicture(props: CloudProps) {
  const { cloud, axes, titles, limits, lit, chosen, brushing, sentence } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = useRef<(painting: Painting) => void>(undefined);
  const width = useWidth(box);
  const [drag, setDrag] = useState<{ x0: number; y0: number; x1: number; y1: number }>();

  const [x, y] = [cloud.columns.get(axes.x)!, cloud.columns.get(axes.y)!];
  const scales = useMemo(
    () => ({
      x: { ...rangeOf(x), from: ROOM.left, to: Math.max(ROOM.left + 1, width - ROOM.right) },
      y: { ...rangeOf(y), from: HEIGHT - ROOM.bottom, to: ROOM.top },
    }),
    [x, y, cloud.version, width],
  );
  const scale = globalThis.devicePixelRatio;
  const boundsOf = (metric: string): [number, number] => {
    const bounds: [number, number] = [0, 3e38];
    for (const { metric: of, relation, limit } of [...cloud.space.plan.within, ...limits]) {
      if (of !== metric) continue;
      if (relation.startsWith('<')) bounds[1] = Math.min(bounds[1], limit);
      else bounds[0] = Math.max(bounds[0], limit);
    }
    return bounds;
  };
  const [xBounds, yBounds] = [boundsOf(axes.x), boundsOf(axes.y)];

  useEffect(() => {
    const element = canvas.current;
    if (element === null || width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      element.width = Math.round((scales.x.to - scales.x.from) * scale);
      element.height = Math.round((scales.y.from - scales.y.to) * scale);
      paint.current ??= painter(element) ?? plainPainter(element);
      paint.current({
        x,
        y,
        lit,
        scales,
        bounds: { x: xBounds, y: yBounds },
        parts: cloud.space.blocks.map(({ offset, grid }, i) => ({
          from: offset,
          to: offset + grid.size,
          colour: channels(colourOf(i)),
        })),
        size: Math.max(1.5, Math.min(5, 900 / Math.sqrt(x.length))) * scale,
        opacity: Math.max(0.12, Math.min(0.8, 180 / Math.sqrt(x.length))),
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [cloud.version, x, y, lit, scales, scale, width, xBounds[0], xBounds[1], yBounds[0], yBounds[1]]);

  const place = (point: number): { left: number; top: number } => ({
    left: at(scales.x, x[point]),
    top: at(scales.y, y[point]),
  });
  const here = ({ nativeEvent, currentTarget }: React.PointerEvent<Element>): [number, number] => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return [nativeEvent.clientX - left, nativeEvent.clientY - top];
  };
  const choose = (left: number, top: number): void => {
    const point = nearest(cloud, { x, y }, scales, left, top);
    if (point !== undefined) props.onChoose(point);
  };
  const finish = (): void => {
    if (drag === undefined) return;
    const { x0, y0, x1, y1 } = drag;
    setDrag(undefined);
    if (Math.abs(x1 - x0) < 4 && Math.abs(y1 - y0) < 4) {
      props.onBrush(undefined);
      return;
    }
    const sorted = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);
    props.onBrush({
      x: sorted(valueAt(scales.x, x0), valueAt(scales.x, x1)),
      y: sorted(valueAt(scales.y, y0), valueAt(scales.y, y1)),
    });
  };
  const front = useMemo(() => thinned(cloud.front ?? [], MOST_RINGS), [cloud.front]);
  return (
    <div className="cloud" ref={box} style={{ height: HEIGHT }}>
      <canvas
        ref={canvas}
        aria-hidden="true"
        style={{
          left: ROOM.left,
          top: ROOM.top,
          width: Math.max(1, width - ROOM.left - ROOM.right),
          height: HEIGHT - ROOM.top - ROOM.bottom,
        }}
      />
      <svg
        width={width}
        height={HEIGHT}
        className={brushing ? 'brushing' : undefined}
        onPointerDown={(event) => {
          const [left, top] = here(event);
          if (!brushing) return choose(left, top);
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ x0: left, y0: top, x1: left, y1: top });
        }}
        onPointerMove={(event) => {
          if (drag === undefined) return;
          const [left, top] = here(event);
          setDrag({ ...drag, x1: left, y1: top });
        }}
        onPointerUp={finish}
      >
        <g role="img" aria-label={sentence}>
          <Axes scales={scales} titles={titles} width={width} />
          {front.map((point) => {
            const { left, top } = place(point);
            return <circle key={point} cx={left} cy={top} r={3.5} className="front" />;
          })}
          {chosen !== undefined && x[chosen] > 0 && y[chosen] > 0 && (
            <circle cx={place(chosen).left} cy={place(chosen).top} r={8} className="chosen" />
          )}
          {drag !== undefined && (
            <rect
              className="brush"
              x={Math.min(drag.x0, drag.x1)}
              y={Math.min(drag.y0, drag.y1)}
              width={Math.abs(drag.x1 - drag.x0)}
              height={Math.abs(drag.y1 - drag.y0)}
            />
          )}
        </g>
        {limits.map(({ metric, limit, text }) =>
          metric === axes.x || metric === axes.y ? (
            <Limit
              key={text.replace(/[<>].*/, '')}
              across={metric === axes.y}
              scale={metric === axes.x ? scales.x : scales.y}
              other={metric === axes.x ? scales.y : scales.x}
              value={limit}
              name={text}
              onMove={(next) => props.onLimit(metric, next)}
            />
          ) : null,
        )}
      </svg>
    </div>
  );
}

const channels = (colour: string): [number, number, number] => [
  Number.parseInt(colour.slice(1, 3), 16) / 255,
  Number.parseInt(colour.slice(3, 5), 16) / 255,
  Number.parseInt(colour.slice(5, 7), 16) / 255,
];

/** The point of the front nearest to a place on the picture, or another point that is much nearer. */
function nearest(
  cloud: Cloud,
  { x, y }: { x: Float32Array; y: Float32Array },
  scales: { x: Scale; y: Scale },
  left: number,
  top: number,
): number | undefined {
  const distance = (point: number): number =>
    x[point] > 0 && y[point] > 0
      ? (at(scales.x, x[point]) - left) ** 2 + (at(scales.y, y[point]) - top) ** 2
      : Infinity;
  let best: number | undefined;
  let least = 12 ** 2;
  for (const point of cloud.front ?? []) {
    const away = distance(point);
    if (away < least) [best, least] = [point, away];
  }
  if (best !== undefined) return best;
  for (let point = 0; point < x.length; point++) {
    const away = distance(point);
    if (away < least) [best, least] = [point, away];
  }
  return best;
}
