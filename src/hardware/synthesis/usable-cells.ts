import { MugiError, unknownName } from '../../errors.ts';
import type { Cell, Library } from '../liberty/library.ts';
import { truthTable } from './truth-table.ts';

/** The library with more cells that no design may use: those of these names, in which `*` and `?` stand for others. */
export function withoutCells(library: Library, patterns: readonly string[], path?: string): Library {
  const left = new Set<string>();
  for (const pattern of patterns) {
    const matches = matcher(pattern);
    const names = [...library.cells.keys()].filter(matches);
    if (names.length === 0) throw unknownName('cell', pattern, library.cells.keys(), path);
    for (const name of names) left.add(name);
  }
  const cells = [...library.cells].map(([name, cell]): [string, Cell] => [
    name,
    left.has(name) ? { ...cell, gate: undefined, unusable: cell.unusable ?? 'left out by name' } : cell,
  ]);
  return { ...library, cells: new Map(cells) };
}

/** Whether a name is a pattern's, each part between stars taken at its first place behind the one before. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  const fits = (part: string, name: string, at: number) =>
    at >= 0 &&
    at + part.length <= name.length &&
    [...part].every((character, i) => character === '?' || character === name[at + i]);
  return (name) => {
    const [first, last] = [parts[0], parts[parts.length - 1]];
    if (parts.length === 1) return name.length === pattern.length && fits(pattern, name, 0);
    if (!fits(first, name, 0)) return false;
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      while (at + part.length <= name.length && !fits(part, name, at)) at++;
      at += part.length;
    }
    return at <= name.length - last.length && fits(last, name, name.length - last.length);
  };
}

/** Names of cells that no design may use; those without an output are never asked for. */
export function unusableCells(library: Library): string[] {
  return [...library.cells.values()]
    .filter(({ unusable, pins }) => unusable !== undefined && pins.some(isOutput))
    .map(({ name }) => name);
}

/** How many cells no design may use, by the reason. */
export function unusableByReason(library: Library): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { unusable } of library.cells.values()) {
    if (unusable !== undefined) counts[unusable] = (counts[unusable] ?? 0) + 1;
  }
  return counts;
}

/** Refuses a library that no design can be mapped to, and says which part is missing: ABC only says that it fails. */
export function requireParts(library: Library, path: string): void {
  const usable = [...library.cells.values()].filter(({ unusable }) => unusable === undefined);
  const missing = PARTS.filter(([, is]) => !usable.some(is)).map(([part]) => part);
  if (missing.length === 0) return;
  const kept = Object.entries(unusableByReason(library)).map(([reason, count]) => `${count} ${reason}`);
  throw new MugiError({
    code: 'invalid-file',
    message: `the library has no ${missing.join(', no ')} that a design may use`,
    path,
    expected: 'an inverter, an AND, OR, NAND or NOR of two inputs, and a flip-flop',
    received: `${usable.length} usable cells${kept.length === 0 ? '' : `; not used: ${kept.join(', ')}`}`,
  });
}

/** Values of a gate's function over all states of its inputs, the first input fastest; undefined for other cells. */
function tableOf({ flop, pins }: Cell, width: number): string | undefined {
  const inputs = pins.filter((pin) => !isOutput(pin)).map(({ name }) => name);
  const outputs = pins.filter(isOutput);
  const fn = outputs[0]?.function;
  if (flop !== undefined || inputs.length !== width || outputs.length !== 1 || fn === undefined)
    return undefined;
  return truthTable(fn, inputs).join('');
}

const PARTS: readonly (readonly [part: string, is: (cell: Cell) => boolean])[] = [
  ['inverter', (cell) => tableOf(cell, 1) === '10'],
  ['gate of two inputs', (cell) => ['0001', '0111', '1110', '1000'].includes(tableOf(cell, 2) ?? '')],
  ['flip-flop', ({ flop }) => flop !== undefined],
];

const isOutput = ({ direction }: { direction: string }): boolean => direction === 'output';
