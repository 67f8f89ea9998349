import type { Observer } from '../program/run.ts';
import { columnsOf, selectedNow, takenNow } from './film.ts';

/** What a picture of a run shows: per cycle and row, which columns are selected and whether a result is taken. */
export interface Recording {
  readonly rows: number;
  /** First cycle shown. */
  from: number;
  readonly counts: number[];
  readonly frames: number[];
  /** [cycle][row]: selected columns as bits, and the mapping parity of each column as bits. */
  readonly spikes: Uint8Array[];
  readonly parities: number[];
  /** [cycle][row]: 1 where post-processing takes the row's result. */
  readonly taken: Uint8Array[];
}

/**
 * An observer that records `cycles` cycles of at most `rows` rows: from cycle `from` on, or, where that is not given, from
 * the frame on in which the first spike selects a column, so that there is something to see (softmax searches its maximum
 * before). Of a run without any spike it keeps the end.
 */
export function recorder(
  rows: number,
  from: number | undefined,
  cycles: number,
): { recording: Recording; observe: Observer } {
  const recording: Recording = {
    rows,
    from: from ?? 0,
    counts: [],
    frames: [],
    spikes: [],
    parities: [],
    taken: [],
  };
  const { counts, frames, spikes, parities, taken } = recording;
  const lists = [counts, frames, spikes, parities, taken];
  let seen = from !== undefined;
  const observe: Observer = (cycle, node) => {
    if (cycle < recording.from || (seen && cycle >= recording.from + cycles)) return;
    const { sequencer: s, inputFifo } = node;
    const selected = selectedNow(node, rows);
    const results = takenNow(node, rows);
    if (!seen && [...selected, ...results].some((bits) => bits !== 0)) {
      seen = true;
      // The picture begins with the frame: what was recorded before it goes.
      const frame = Math.min(s.count, counts.length);
      for (const list of lists) list.splice(0, list.length - frame);
      recording.from = cycle - frame;
    }
    if (counts.length >= cycles && !seen) {
      for (const list of lists) list.shift();
      recording.from = cycle - cycles + 1;
    }
    counts.push(s.count);
    frames.push(s.active);
    parities.push(inputFifo.parities);
    spikes.push(selected);
    taken.push(results);
  };
  return { recording, observe };
}

/**
 * The run as text, after Fig. 10 of the paper: time to the right, rows downwards. A digit is the column that the
 * row's spike selects, `+` two columns of two mappings, `R` a result taken by post-processing.
 */
export function ascii(recording: Recording): string {
  const { rows, from, counts, spikes, taken } = recording;
  const frame = (index: number): string => (counts[index] === 0 && index > 0 ? '|' : ' ');
  const line = (label: string, cell: (index: number) => string): string =>
    `${label.padStart(6)} ${counts.map((_, i) => frame(i) + cell(i)).join('')}`.trimEnd();
  const lines = [line('cycle', (i) => String((from + i) % 10)), line('CNT', (i) => String(counts[i]))];
  for (let row = 0; row < rows; row++) {
    lines.push(
      line(`row ${row}`, (i) => {
        const columns = columnsOf(spikes[i][row]);
        if (taken[i][row] === 1 && columns.length === 0) return 'R';
        if (columns.length > 1) return '+';
        return columns.length === 1 ? String(columns[0]) : '·';
      }),
    );
  }
  lines.push('', "digit: column that the row's spike selects; +: two, of two mappings; R: result");
  return lines.join('\n');
}

const CELL = 22;
const LEFT = 70;
const TOP = 74;
const COLOURS = ['#1f77b4', '#e07b20'];

/** The same picture as SVG; the two mappings in flight have two colours, a ring is a result taken. */
export function svg(recording: Recording, title: string): string {
  const { rows, from, counts, spikes, parities, taken } = recording;
  const width = LEFT + counts.length * CELL + 16;
  const height = TOP + rows * CELL + 46;
  const parts: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="12" y="22" font-size="14" font-weight="bold">${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`,
  ];
  const text = (x: number, y: number, content: string, extra = ''): void => {
    parts.push(`<text x="${x}" y="${y}" text-anchor="middle"${extra}>${content}</text>`);
  };
  parts.push(`<text x="12" y="${TOP - 24}">cycle</text><text x="12" y="${TOP - 8}">CNT</text>`);
  counts.forEach((count, i) => {
    const x = LEFT + i * CELL;
    text(x + CELL / 2, TOP - 24, String(from + i), ' fill="#666" font-size="9"');
    text(x + CELL / 2, TOP - 8, String(count));
    if (count === 0) {
      parts.push(`<line x1="${x}" y1="${TOP - 36}" x2="${x}" y2="${TOP + rows * CELL}" stroke="#999"/>`);
    }
  });
  for (let row = 0; row < rows; row++) {
    const y = TOP + row * CELL;
    parts.push(`<text x="12" y="${y + 15}">row ${row}</text>`);
    counts.forEach((_, i) => {
      const x = LEFT + i * CELL;
      parts.push(`<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="none" stroke="#e4e4e4"/>`);
      const columns = columnsOf(spikes[i][row]);
      columns.forEach((column, place) => {
        const parity = (parities[i] >>> column) & 1;
        const share = (CELL - 4) / columns.length;
        const left = x + 2 + place * share;
        parts.push(
          `<rect x="${left}" y="${y + 2}" width="${share}" height="${CELL - 4}" fill="${COLOURS[parity]}"/>`,
        );
        text(left + share / 2, y + 15, String(column), ' fill="white"');
      });
      if (taken[i][row] === 1) {
        parts.push(
          `<circle cx="${x + CELL / 2}" cy="${y + CELL / 2}" r="${CELL / 2 - 1}" fill="none" stroke="#2a9d3a" stroke-width="2"/>`,
        );
      }
    });
  }
  const y = TOP + rows * CELL + 26;
  parts.push(
    `<rect x="12" y="${y - 11}" width="13" height="13" fill="${COLOURS[0]}"/><rect x="28" y="${y - 11}" width="13" height="13" fill="${COLOURS[1]}"/>`,
    `<text x="48" y="${y}">column selected by the row's spike, by mapping parity</text>`,
    `<circle cx="385" cy="${y - 4}" r="6" fill="none" stroke="#2a9d3a" stroke-width="2"/><text x="398" y="${y}">result taken</text>`,
    '</svg>',
  );
  return `${parts.join('\n')}\n`;
}
