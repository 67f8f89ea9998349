import { readable } from '../../../src/present/readable.ts';
import { at, HEIGHT, type Scale, ticks } from './scale.ts';

interface AxesProps {
  scales: { x: Scale; y: Scale };
  titles: { x: string; y: string };
  width: number;
}

/** Grid, ticks and titles of the cloud. */
export function Axes({ scales: { x, y }, titles, width }: AxesProps) {
  const most = Math.max(2, Math.floor((x.to - x.from) / 60));
  const all = ticks(x);
  const shown = all.filter((_, i) => i % Math.ceil(all.length / most) === 0);
  return (
    <g className="axes" aria-hidden="true">
      {shown.map((tick) => (
        <g key={`x ${tick}`}>
          <line x1={at(x, tick)} x2={at(x, tick)} y1={y.from} y2={y.to} />
          <text x={at(x, tick)} y={y.from + 16} textAnchor="middle">
            {readable(tick)}
          </text>
        </g>
      ))}
      {ticks(y).map((tick) => (
        <g key={`y ${tick}`}>
          <line x1={x.from} x2={x.to} y1={at(y, tick)} y2={at(y, tick)} />
          <text x={x.from - 8} y={at(y, tick) + 4} textAnchor="end">
            {readable(tick)}
          </text>
        </g>
      ))}
      <text x={(x.from + x.to) / 2} y={HEIGHT - 8} textAnchor="middle" className="title">
        {titles.x}
      </text>
      <text
        transform={`translate(13 ${(y.from + y.to) / 2}) rotate(-90)`}
        textAnchor="middle"
        className="title"
        opacity={width > 0 ? 1 : 0}
      >
        {titles.y}
      </text>
    </g>
  );
}
