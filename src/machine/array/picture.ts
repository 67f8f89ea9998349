import { type ArrayObserver, LEAVES, LOADS, WORKS } from './observe.ts';

/** A mark for what a lane of results does in a cycle; the last to apply is drawn. */
const MARKS: readonly [number, string][] = [
  [LOADS, 'w'],
  [WORKS, '#'],
  [LOADS | WORKS, '%'],
  [LEAVES, 'o'],
];

/** Lanes of results over time, as text: `observe` sees the run, `text` draws what it saw. */
export function lanePicture(
  lanes: number,
  from: number,
  cycles: number,
): { observe: ArrayObserver; text(): string } {
  const rows = Array.from({ length: lanes }, () => Array.from({ length: cycles }, () => '·'));
  const observe: ArrayObserver = (cycle, seen) => {
    const at = cycle - from;
    if (at < 0 || at >= cycles) return;
    for (let lane = 0; lane < lanes; lane++)
      for (const [bits, mark] of MARKS) if ((seen[lane] & bits) === bits) rows[lane][at] = mark;
  };
  const text = (): string =>
    [
      `lanes of results over cycles ${from} to ${from + cycles - 1}: w a weight enters, # products, % both, o a sum leaves`,
      ...rows.map((row, lane) => `${String(lane).padStart(4)} ${row.join('')}`),
    ].join('\n');
  return { observe, text };
}
