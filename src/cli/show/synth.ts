import { crossed } from '../../hardware/synthesis/timing/timing-rows.ts';
import type { MacEnergy } from '../../machine/whole/mac-energy.ts';
import type { SynthesisReport } from '../../machine/mugi/synthesis/report.ts';
import type { finishedReport, machineReport } from '../../machine/whole/report.ts';
import { readable } from '../../present/readable.ts';
import { withUnit } from '../../present/si.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';

/** A synthesis for people: totals, energy of a multiply-accumulate, then the tables. */
export function synthesisText(design: string, result: SynthesisReport): string {
  const { timing, switching, modules, energy_per_mac_pJ: energy } = result;
  const head = [
    ...totals(design, result),
    ...(switching === undefined
      ? []
      : [
          `switching: ${switching.runs.map(({ stimulus, data_pJ_per_cycle, clock_pJ_per_cycle }) => `${data_pJ_per_cycle.toFixed(2)} pJ per cycle and ${clock_pJ_per_cycle.toFixed(2)} of clock (${stimulus})`).join(', ')}`,
          `clock gating: ${switching.clock_gating}`,
        ]),
  ];
  const lines = [
    ...head.map((line) => wrapped(line, undefined, '  ')),
    ...(energy === undefined ? [] : macText(energy)),
    CELLS_ONLY,
    '',
    table(modules),
    '',
    COMPOSED,
    table(result.inventory),
    '',
    LIMITS,
    table(timing.units),
    '',
    'Beside published areas (cells after place and route), ours / published',
    table(result.published),
    '',
    wrapped(
      'Beside the published inventory, which published costs price (--technology published, open-45); what is composed prices whole machines (gates). BF16 adders and multipliers, bits of queues and registers, published and composed',
    ),
    table(result.published_inventory),
  ];
  return `${lines.join('\n')}\n`;
}

/** A rival's synthesis, in the same words. */
export function machineText(design: string, result: ReturnType<typeof machineReport>): string {
  const { timing, modules, energy_per_mac_pJ: energy } = result;
  const head = [
    `${result.title}, ${result.macs_per_cycle} MAC a cycle`,
    ...totals(design, result),
    `clock gating: ${result.clock_gating}`,
  ];
  const lines = [
    ...head.map((line) => wrapped(line, undefined, '  ')),
    ...(energy === undefined ? [] : macText(energy)),
    CELLS_ONLY,
    '',
    table(modules),
    '',
    COMPOSED,
    table(result.inventory),
    '',
    LIMITS,
    table(timing.units),
  ];
  return `${lines.join('\n')}\n`;
}

const CELLS_ONLY = 'Cells only: no wires but an estimate, no clock tree, no memories.';
const COMPOSED =
  'Composed of, counted before synthesis: registers and gates of one instance, gates of two inputs by rule';
const LIMITS = 'What limits the clock: the worst path that ends in each unit';

/** Size, timing and buffers. */
function totals(design: string, result: ReturnType<typeof finishedReport>): string[] {
  const { timing, mapped, buffering } = result;
  const [worst] = timing.paths;
  const area = (mm2: number): string => withUnit(mm2, 'mm²');
  return [
    `${design}: ${area(result.area_mm2)} of cells (${result.cells} cells, ${result.flops} flip-flops), leakage ${withUnit(result.leakage_mW / 1000, 'W')}; library ${result.library}`,
    `timing: ${timing.frequency_MHz.toFixed(0)} MHz, ${timing.met ? 'meets' : 'MISSES'} ${result.clock_MHz} MHz; worst path to ${worst.endpoint}, through ${crossed(worst)}`,
    ...(buffering === undefined
      ? []
      : [
          `buffering: ${buffering.buffers} buffers, ${buffering.resized} gates resized; without, ${area(mapped.area_mm2)} and ${mapped.frequency_MHz.toFixed(0)} MHz`,
        ]),
  ];
}

/** Each part on a row of its own, none in another; then the sums. */
function macText(energy: Omit<MacEnergy, 'units'>): string[] {
  const row = (label: string, value: number) => [label, value.toFixed(3)];
  return [
    '',
    wrapped(`Energy of a multiply-accumulate, pJ (${energy.stimulus}; ${energy.lanes} driven and counted)`),
    textTable(
      ['part', 'pJ'],
      [
        row('data: cells and the pins that they drive', energy.data),
        row('wires, by fan-out', energy.wires),
        row('data pins of stopped flip-flops', energy.data_pins),
        row('clock pins', energy.clock),
        row('clock gates', energy.clock_gates),
        row('total at zero delay', energy.total),
        row('glitches', energy.glitches),
        row('total, timed', energy.timed_total),
        row('clock tree (estimate)', energy.clock_tree),
        row('wires between tiles (estimate)', energy.tile_wires),
        row('total with estimates', energy.estimated_total),
      ],
    ),
    '',
  ];
}

const table = (rows: readonly object[]): string =>
  textTable(
    Object.keys(rows[0]).map((key) =>
      key.replace('_per_cycle', '/cycle').replace('_um2', ' µm²').replace('_uW', ' µW').replace('_', ' '),
    ),
    rows.map((one) => Object.values(one).map(cell)),
  );

const cell = (value: unknown): string | number =>
  typeof value === 'number' && !Number.isInteger(value) ? readable(value) : (value as string | number);
