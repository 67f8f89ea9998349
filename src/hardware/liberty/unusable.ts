import type { Group } from './parse.ts';
import { isTrue, textOf } from './value.ts';

/** Attributes by which a library says that a cell is not for plain logic. */
const MARKS: readonly (readonly [attribute: string, reason: string])[] = [
  ['dont_use', 'dont_use'],
  ['is_isolation_cell', 'isolation cell'],
  ['is_level_shifter', 'level shifter'],
  ['always_on', 'always-on cell'],
  ['is_macro_cell', 'macro'],
  ['pad_cell', 'pad'],
];

/** Cells that are told by an attribute of any value. */
const KINDS: readonly (readonly [attribute: string, reason: string])[] = [
  ['clock_gating_integrated_cell', 'clock gate'],
  ['switch_cell_type', 'power switch'],
  ['retention_cell', 'retention cell'],
];

/** Groups that only cells with other than one flip-flop or none have. */
const GROUPS: readonly (readonly [group: string, reason: string])[] = [
  ['latch', 'latch'],
  ['latch_bank', 'latch'],
  ['ff_bank', 'several flip-flops'],
  ['statetable', 'state table'],
  ['bus', 'pins in a bus'],
  ['bundle', 'pins in a bundle'],
];

/**
 * Why a design may not use a cell; undefined for one that it may use: gates of one driver per output, and flip-flops.
 * yosys and ABC go by `dont_use` alone, so isolation cells, for one, become gates.
 */
export function unusable(cell: Group): string | undefined {
  const marked =
    KINDS.find(([attribute]) => cell.attributes.has(attribute)) ??
    MARKS.find(([attribute]) => isTrue(cell, attribute)) ??
    GROUPS.find(([name]) => cell.groups.some((group) => group.name === name));
  if (marked !== undefined) return marked[1];
  if (cell.groups.filter(({ name }) => name === 'ff').length > 1) return 'several flip-flops';
  const pins = cell.groups.filter(({ name }) => name === 'pin');
  const outputs = pins.filter((pin) => textOf(pin, 'direction') === 'output');
  if (outputs.length === 0) return 'no output';
  if (pins.some((pin) => textOf(pin, 'direction') === 'inout')) return 'a pin of both directions';
  if (outputs.some((pin) => pin.attributes.has('three_state'))) return 'three-state output';
  if (outputs.some((pin) => pin.attributes.has('driver_type'))) return 'output with a driver of its own kind';
  if (outputs.some((pin) => !pin.attributes.has('function'))) return 'output without a function';
  return undefined;
}
