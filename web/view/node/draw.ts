import { columnsOf, type Film, kindOf } from '../../../src/machine/mugi/view/film.ts';

/** What of a film is drawn, and where the reader is. */
export interface Frame {
  film: Film;
  /** Cycles from `from` on, `shown` of them. */
  from: number;
  shown: number;
  cycle: number;
  row: number;
  /** Width in CSS pixels, and device pixels to one. */
  width: number;
  scale: number;
}

const LEFT = 58;
const HEAD = 34;
const LANE = 17;
const STAGES = ['load', 'hold', 'active', 'out', 'emit'] as const;
const WAVES = 12 + STAGES.length * LANE;

const cellHeight = (rows: number): number => Math.max(3, Math.min(24, Math.floor(520 / rows)));
const cellWidth = ({ width, shown }: Frame): number => (width - LEFT - 2) / shown;

/** Height of the whole picture in CSS pixels. */
export const heightOf = (rows: number): number => HEAD + rows * cellHeight(rows) + WAVES;

/** The cycle and row under a point; undefined beside the array. */
export function cellAt(frame: Frame, x: number, y: number): { cycle: number; row: number } | undefined {
  const { film, from, shown } = frame;
  const at = Math.floor((x - LEFT) / cellWidth(frame));
  const row = Math.floor((y - HEAD) / cellHeight(film.rows));
  const cycle = from + at;
  if (at < 0 || at >= shown || cycle >= film.cycles || row < 0 || row >= film.rows) return undefined;
  return { cycle, row };
}

/** Draws rows over time, after Mugi Fig. 10, with the stages of the frame pipeline below. */
export function draw(context: CanvasRenderingContext2D, frame: Frame): void {
  const { film, from, shown, cycle, row, width, scale } = frame;
  const { rows } = film;
  const style = getComputedStyle(context.canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim() || '#888';
  const [tall, wide] = [cellHeight(rows), cellWidth(frame)];
  const height = heightOf(rows);
  const bottom = HEAD + rows * tall;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  const text = (
    content: string,
    x: number,
    y: number,
    room: number,
    align: CanvasTextAlign = 'center',
  ): void => {
    if (context.measureText(content).width > room) return;
    context.textAlign = align;
    context.fillText(content, x, y);
  };
  const last = Math.min(from + shown, film.cycles);
  const x = (at: number): number => LEFT + (at - from) * wide;

  context.fillStyle = colour('well');
  if (cycle >= from && cycle < last) context.fillRect(x(cycle), 0, wide, height);
  context.fillRect(LEFT, HEAD + row * tall, (last - from) * wide, tall);

  context.fillStyle = colour('soft');
  text('cycle', LEFT - 8, 9, LEFT, 'right');
  text('CNT', LEFT - 8, 24, LEFT, 'right');
  for (let at = from; at < last; at++) {
    const middle = x(at) + wide / 2;
    const begins = at % 8 === 0;
    const roomy = context.measureText(String(last)).width < wide - 3;
    if (roomy) text(String(at), middle, 9, wide);
    else if (begins) text(String(at), x(at) + 1, 9, 8 * wide, 'left');
    if (wide > 8) text(String(at % 8), middle, 24, wide);
    if (begins) context.fillRect(x(at), HEAD - 3, 1, bottom - HEAD + 3);
  }
  const every = tall >= 12 ? 1 : Math.ceil(rows / 16);
  for (let r = 0; r < rows; r += every) text(`row ${r}`, LEFT - 8, HEAD + (r + 0.5) * tall, LEFT, 'right');

  const inset = tall > 8 && wide > 8 ? 1.5 : 0;
  const fills = [colour('first'), colour('second')];
  const ink = [colour('on-first'), colour('on-second')];
  for (let at = from; at < last; at++) {
    const [spikes, taken] = [film.spikes[at], film.taken[at]];
    for (let r = 0; r < rows; r++) {
      const top = HEAD + r * tall;
      if (spikes[r] !== 0) {
        const columns = columnsOf(spikes[r]);
        const share = (wide - 2 * inset) / columns.length;
        for (const [place, column] of columns.entries()) {
          const parity = ((at - column) >>> 3) & 1;
          const left = x(at) + inset + place * share;
          context.fillStyle = fills[parity];
          context.fillRect(left, top + inset, Math.max(share, 1), tall - 2 * inset);
          if (tall < 11) continue;
          context.fillStyle = ink[parity];
          text(String(column), left + share / 2, top + tall / 2 + 0.5, share);
        }
      }
      if (taken[r] === 1) {
        context.strokeStyle = colour('taken');
        context.lineWidth = tall > 8 ? 2.5 : 1.5;
        context.strokeRect(x(at) + 1, top + 1, wide - 2, tall - 2);
      }
    }
  }

  // Stages of the frame pipeline: frame f is in stage s during the s-th eight cycles behind its load.
  for (const [stage, name] of STAGES.entries()) {
    const top = bottom + 8 + stage * LANE;
    context.fillStyle = colour('soft');
    text(name, LEFT - 8, top + LANE / 2 - 1, LEFT, 'right');
    for (let begin = Math.floor(from / 8) * 8; begin < last; begin += 8) {
      const index = begin / 8 - stage;
      const kind = index < 0 ? '' : kindOf(film.words[index] ?? 0);
      if (kind === '') continue;
      const left = Math.max(LEFT, x(begin));
      const right = x(Math.min(begin + 8, last));
      context.fillStyle = fills[index & 1];
      context.fillRect(left + 0.5, top, right - left - 1, LANE - 3);
      context.fillStyle = ink[index & 1];
      text(`${index} ${kind}`, (left + right) / 2, top + LANE / 2 - 1, right - left - 4);
      if (context.measureText(`${index} ${kind}`).width > right - left - 4)
        text(kind[0], (left + right) / 2, top + LANE / 2 - 1, right - left);
    }
  }

  if (cycle >= from && cycle < last) {
    context.strokeStyle = colour('ink');
    context.lineWidth = 1.5;
    context.strokeRect(x(cycle), HEAD + row * tall, wide, tall);
  }
}
