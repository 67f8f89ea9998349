import type { AnyModule } from '../ir.ts';
import type { Library } from '../liberty/library.ts';
import { verilog } from '../verilog/verilog.ts';
import type { GateSimulator } from './gate-simulator.ts';
import { flattenNetlist, type Netlist, type YosysJson } from './netlist.ts';
import { netLoads } from './timing.ts';
import { runYosys, type YosysJob } from './yosys.ts';

export interface SynthesisOptions {
  /** Liberty text of the cells, as yosys and ABC read it. */
  readonly liberty: string;
  /** Delay that ABC maps for, ns; less than the clock period, because ABC sees no wires and is optimistic. */
  readonly target?: number;
  readonly onCommand?: YosysJob['onCommand'];
  readonly signal?: AbortSignal;
}

export interface Synthesis {
  readonly netlist: Netlist;
  readonly yosys: string;
}

/** The yosys script: hierarchical, each module mapped once however often it is placed. */
export function synthesisScript(files: readonly string[], top: string, target: number): string[] {
  return [
    ...files.map((name) => `read_verilog ${name}`),
    `hierarchy -check -top ${top}`,
    `synth -top ${top}`,
    'dfflibmap -liberty cells.lib',
    `abc -liberty cells.lib -D ${Math.round(target * 1000)}`,
    'setundef -zero',
    'opt_clean -purge',
    'write_json netlist.json',
  ];
}

/** Emits the design as Verilog, lets yosys read that back and map it, and returns the mapped netlist. */
export async function synthesise(top: AnyModule, options: SynthesisOptions): Promise<Synthesis> {
  const { json, yosys } = await mappedNetlist(top, options);
  return { netlist: flattenNetlist(JSON.parse(json) as YosysJson, top.name), yosys };
}

/** The mapped netlist as yosys writes it, for caches. */
export async function mappedNetlist(
  top: AnyModule,
  options: SynthesisOptions,
): Promise<{ json: string; yosys: string }> {
  const files = verilog(top);
  const sources = files.map(({ name }) => name).filter((name) => name.endsWith('.v'));
  const result = await runYosys({
    script: synthesisScript(sources, top.name, options.target ?? 2.1),
    files: {
      ...Object.fromEntries(files.map(({ name, text }) => [name, text])),
      'cells.lib': options.liberty,
    },
    wanted: ['netlist.json'],
    onCommand: options.onCommand,
    signal: options.signal,
  });
  return { json: result.files['netlist.json'], yosys: result.version };
}

export interface ModuleCost {
  readonly module: string;
  readonly instances: number;
  /** Cells of all its instances, without those of modules inside. */
  readonly cells: number;
  readonly flops: number;
  /** µm² and µW, likewise. */
  readonly area: number;
  readonly leakage: number;
}

/** Area and leakage by module, the largest first; what stands in a sub-module counts there. */
export function moduleCosts(netlist: Netlist, library: Library): ModuleCost[] {
  const costs = new Map<string, { cells: number; flops: number; area: number; leakage: number }>();
  for (const module of netlist.instances.keys())
    costs.set(module, { cells: 0, flops: 0, area: 0, leakage: 0 });
  for (const { module, type } of netlist.gates) {
    const cell = library.cells.get(type);
    if (cell === undefined) continue;
    const cost = costs.get(module)!;
    cost.cells++;
    if (cell.flop !== undefined) cost.flops++;
    cost.area += cell.area;
    cost.leakage += cell.leakage / 1000;
  }
  return [...costs]
    .map(([module, cost]) => ({ module, instances: netlist.instances.get(module)!, ...cost }))
    .sort((a, b) => b.area - a.area);
}

export interface SwitchingEnergy {
  /** pJ per cycle and lane: data nets and the internal energy of the cells that drive them. */
  readonly data: number;
  /** pJ per cycle: clock pins of all flip-flops, as if no clock were gated. */
  readonly clock: number;
}

/**
 * Energy per cycle, by module, from the toggles of a gate simulation: each toggle costs the driver's internal energy
 * and ½·C·V² of the net. Zero-delay simulation has no glitches. Clock energy is given apart, ungated.
 */
export function switchingEnergy(
  simulator: GateSimulator,
  library: Library,
  { wirePerFanout = 1 }: { wirePerFanout?: number } = {},
): Map<string, SwitchingEnergy> {
  const { netlist, toggles, cycles, lanes } = simulator;
  const loads = netLoads(netlist, library, wirePerFanout);
  const samples = Math.max(1, cycles * lanes);
  const energies = new Map<string, { data: number; clock: number }>();
  for (const module of netlist.instances.keys()) energies.set(module, { data: 0, clock: 0 });
  for (const { type, pins, module } of netlist.gates) {
    const cell = library.cells.get(type);
    if (cell === undefined) continue;
    const energy = energies.get(module)!;
    const clockPin = cell.flop?.clock;
    if (clockPin !== undefined) {
      const capacitance = cell.pins.find(({ name }) => name === clockPin)!.capacitance;
      energy.clock += (cell.clockEnergy + capacitance * library.voltage ** 2) / 1000;
    }
    for (const { name, direction } of cell.pins) {
      const net = pins[name];
      if (direction !== 'output' || net === undefined) continue;
      const each = cell.switching + 0.5 * loads[net] * library.voltage ** 2;
      energy.data += (toggles[net] * each) / samples / 1000;
    }
  }
  return energies;
}
