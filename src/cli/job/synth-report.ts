import { PUBLISHED_BLOCKS, PUBLISHED_NODES } from '../../machine/mugi/published.ts';
import { readable, textTable } from '../../present/table.ts';
import type { Library } from '../../hardware/liberty/library.ts';
import type { Netlist } from '../../hardware/synthesis/netlist.ts';
import { type ModuleCost, moduleCosts } from '../../hardware/synthesis/synthesise.ts';
import type { Timing, TimingPath } from '../../hardware/synthesis/timing.ts';
import { PUBLISHED_45 } from '../../technology/published-45.ts';
import type { MacEnergy } from './mac-energy.ts';
import type { SwitchingRun } from './synth-switching.ts';

/** One line of the table by module: all instances, without the modules inside. */
export type ModuleRow = {
  module: string;
  instances: number;
  cells: number;
  flops: number;
  area_um2: number;
  leakage_uW: number;
  /** Signals (nets, cells, data pins) and clock (pins and clock gates) during the GEMM and the softmax. */
  gemm_pJ_per_cycle?: number;
  gemm_clock_pJ_per_cycle?: number;
  softmax_pJ_per_cycle?: number;
  softmax_clock_pJ_per_cycle?: number;
};

export function moduleRows(
  netlist: Netlist,
  library: Library,
  runs: readonly SwitchingRun[] | undefined,
): ModuleRow[] {
  const energy = (module: string): Partial<ModuleRow> => {
    if (runs === undefined) return {};
    return Object.fromEntries(
      runs.flatMap(({ work, energies }) => {
        const { data, wires, data_pins, clock, clock_gates } = energies.get(module)!;
        return [
          [`${work}_pJ_per_cycle`, round(data + wires + data_pins)],
          [`${work}_clock_pJ_per_cycle`, round(clock + clock_gates)],
        ];
      }),
    );
  };
  return moduleCosts(netlist, library).map(({ module, instances, cells, flops, area, leakage }) => ({
    module,
    instances,
    cells,
    flops,
    area_um2: round(area),
    leakage_uW: round(leakage),
    ...energy(module),
  }));
}

/** What limits the clock, unit by unit: the worst path that ends in each module. */
export function unitRows({ units }: Timing) {
  return units.map((path) => ({
    unit: path.module,
    MHz: Math.round(1000 / path.period),
    ns: Number(path.period.toFixed(3)),
    from: path.steps[0].net,
    to: path.endpoint,
    through: crossed(path),
  }));
}

/** Our areas beside published ones, with the ratio ours / published. */
export function publishedRows(rows: number, total_mm2: number, costs: readonly ModuleCost[]) {
  const each = (module: string): number => {
    const cost = costs.find((one) => one.module === module);
    return cost === undefined ? 0 : cost.area / cost.instances;
  };
  const blocks = PUBLISHED_BLOCKS.map(({ block, ours, published, difference }) => {
    const area = sum(Object.entries(ours), ([module, count]) => count * each(module));
    const theirs =
      (published.area_mm2 ?? 0) * 1e6 +
      sum(
        Object.entries(published.table ?? {}),
        ([name, count]) => count * PUBLISHED_45.logic[name].area_mm2 * 1e6,
      );
    return row(block, area, theirs, difference);
  });
  const node = PUBLISHED_NODES[rows];
  return node === undefined
    ? blocks
    : [row(`node of ${rows} rows`, total_mm2 * 1e6, node.area_mm2 * 1e6, node.source), ...blocks];
}

const row = (block: string, ours_um2: number, published_um2: number, note: string) => ({
  block,
  ours_um2: round(ours_um2),
  published_um2: round(published_um2),
  ratio: Number((ours_um2 / published_um2).toFixed(2)),
  note,
});

export interface SynthesisReport {
  design: string;
  library: string;
  area_mm2: number;
  cells: number;
  flops: number;
  leakage_mW: number;
  mapped: { area_mm2: number; frequency_MHz: number };
  buffering: { buffers: number; resized: number } | undefined;
  timing: {
    frequency_MHz: number;
    met: boolean;
    paths: readonly TimingPath[];
    units: ReturnType<typeof unitRows>;
  };
  switching:
    | {
        runs: readonly { stimulus: string; data_pJ_per_cycle: number; clock_pJ_per_cycle: number }[];
        clock_gating: string;
      }
    | undefined;
  energy_per_mac_pJ: MacEnergy | undefined;
  published: ReturnType<typeof publishedRows>;
  modules: readonly ModuleRow[];
}

export function synthesisText(result: SynthesisReport, clock: number): string {
  const { timing, switching, modules, mapped, buffering, energy_per_mac_pJ: energy } = result;
  const [worst] = timing.paths;
  const lines = [
    `${result.design}: ${result.area_mm2.toFixed(4)} mm2 of cells (${result.cells} cells, ${result.flops} flip-flops), leakage ${result.leakage_mW.toFixed(3)} mW; library ${result.library}`,
    `timing: ${timing.frequency_MHz.toFixed(0)} MHz, ${timing.met ? 'meets' : 'MISSES'} ${clock} MHz; worst path to ${worst.endpoint}, through ${crossed(worst)}`,
    ...(buffering === undefined
      ? []
      : [
          `buffering: ${buffering.buffers} buffers, ${buffering.resized} gates resized; without, ${mapped.area_mm2.toFixed(4)} mm2 and ${mapped.frequency_MHz.toFixed(0)} MHz`,
        ]),
    ...(switching === undefined
      ? []
      : [
          `switching: ${switching.runs.map(({ stimulus, data_pJ_per_cycle, clock_pJ_per_cycle }) => `${data_pJ_per_cycle.toFixed(2)} pJ per cycle and ${clock_pJ_per_cycle.toFixed(2)} of clock (${stimulus})`).join(', ')}`,
          `clock gating: ${switching.clock_gating}`,
        ]),
    ...(energy === undefined ? [] : macText(energy)),
    'Cells only: no wires but an estimate, no clock tree, no memories.',
    '',
    table(modules),
    '',
    'What limits the clock: the worst path that ends in each unit',
    table(timing.units),
    '',
    'Beside published areas (cells after place and route), ours / published',
    table(result.published),
  ];
  return `${lines.join('\n')}\n`;
}

/** Each part on a row of its own, none in another; then the sums. */
function macText(energy: MacEnergy): string[] {
  const row = (label: string, value: number) => [label, value.toFixed(3)];
  return [
    '',
    `Energy of a multiply-accumulate, pJ (${energy.stimulus}; ${energy.lanes} driven and counted)`,
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
    Object.keys(rows[0]).map((key) => key.replace('_per_cycle', '/cycle').replace('_', ' ')),
    rows.map((one) => Object.values(one).map(cell)),
  );

const cell = (value: unknown): string | number =>
  typeof value === 'number' && !Number.isInteger(value) ? readable(value) : (value as string | number);

/** Modules that a path passes, in order. */
const crossed = ({ steps }: TimingPath): string =>
  steps
    .map(({ module }) => module)
    .filter((module, i, all) => module !== all[i - 1])
    .join(' > ');

export const round = (value: number): number => Number(value.toPrecision(6));

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
