import type { AnyModule } from '../ir.ts';
import type { Library } from '../liberty/library.ts';
import { type VerilogFile, verilog } from '../verilog/verilog.ts';
import { ENABLE_FLOP } from './clock-gating.ts';
import { flattenNetlist, type Netlist, type YosysJson } from './netlist.ts';
import { CLOCK, mappedPeriod } from './policy.ts';
import { runYosys, type YosysJob } from './yosys.ts';

export interface SynthesisOptions {
  /** Liberty text of the cells, of one library or several, as yosys and ABC read it. */
  readonly liberty: string | readonly string[];
  /** Names of cells that yosys and ABC must not use; they leave out only those that say `dont_use` themselves. */
  readonly dontUse?: readonly string[];
  /** Delay that ABC maps for, ns; that of the policy's clock when absent. */
  readonly target?: number;
  /** Keep enables, so that flip-flops which take nothing get no clock (policy.ts); otherwise all are clocked. */
  readonly gating?: boolean;
  readonly onCommand?: YosysJob['onCommand'];
  readonly signal?: AbortSignal;
}

export interface Synthesis {
  readonly netlist: Netlist;
  readonly yosys: string;
}

/**
 * `synth` without synchronous resets and sets as parts of flip-flops, which would hide the enables behind them; no
 * library here has such flip-flops, so they are gates in any case.
 */
const KEEPING_ENABLES = [
  'proc',
  'opt_expr',
  'opt_clean',
  'check',
  'opt -nodffe -nosdff',
  'fsm',
  'opt -nosdff',
  'wreduce',
  'peepopt',
  'opt_clean',
  'alumacc',
  'share',
  'opt -nosdff',
  'memory -nomap',
  'opt_clean',
  'opt -fast -full -nosdff',
  'memory_map',
  'opt -undriven -fine -nosdff',
  'techmap',
  'opt -fast -nosdff',
  'abc -fast',
  'opt -fast -nosdff',
  'dfflegalize -cell $_DFF_P_ x -cell $_DFFE_PP_ x',
  `chtype -set ${ENABLE_FLOP.name} t:$_DFFE_PP_`,
  'opt_clean',
];

/** Names under which yosys finds the libraries. */
const libraryNames = (count: number) =>
  Array.from({ length: count }, (_, i) => (i === 0 ? 'cells.lib' : `cells_${i + 1}.lib`));

/** The yosys script: hierarchical, each module mapped once however often it is placed. */
export function synthesisScript(
  files: readonly string[],
  top: string,
  target: number,
  {
    libraries = 1,
    dontUse = [],
    gating = false,
  }: { libraries?: number; dontUse?: readonly string[]; gating?: boolean } = {},
): string[] {
  const cells = [
    ...libraryNames(libraries).map((name) => `-liberty ${name}`),
    ...dontUse.map((name) => `-dont_use ${name}`),
  ].join(' ');
  return [
    ...(gating ? [`read_verilog ${ENABLE_FLOP.name}.v`] : []),
    ...files.map((name) => `read_verilog ${name}`),
    `hierarchy -check -top ${top}`,
    ...(gating ? KEEPING_ENABLES : [`synth -top ${top}`]),
    `dfflibmap ${cells}`,
    `abc ${cells} -D ${Math.round(target * 1000)}`,
    'setundef -zero',
    'opt_clean -purge',
    'write_json netlist.json',
  ];
}

/**
 * Emits the design as Verilog, lets yosys read that back and map it, and returns the mapped netlist; with `gating`, enable
 * flip-flops are still in it, for `gateClocks`.
 */
export async function synthesise(top: AnyModule, options: SynthesisOptions): Promise<Synthesis> {
  const { json, yosys } = await mappedNetlist(top, options);
  return { netlist: flattenNetlist(JSON.parse(json) as YosysJson, top.name), yosys };
}

/** The mapped netlist as yosys writes it, for caches. */
export function mappedNetlist(
  top: AnyModule,
  options: SynthesisOptions,
): Promise<{ json: string; yosys: string }> {
  return mappedVerilog(verilog(top), top.name, options);
}

/** The same of Verilog, and of the memory files that it reads. */
export async function mappedVerilog(
  files: readonly VerilogFile[],
  top: string,
  options: SynthesisOptions,
): Promise<{ json: string; yosys: string }> {
  const sources = files.map(({ name }) => name).filter((name) => name.endsWith('.v'));
  const libraries = typeof options.liberty === 'string' ? [options.liberty] : options.liberty;
  const names = libraryNames(libraries.length);
  const { target = mappedPeriod(CLOCK.MHz), dontUse, gating } = options;
  const result = await runYosys({
    script: synthesisScript(sources, top, target, { libraries: libraries.length, dontUse, gating }),
    files: {
      ...Object.fromEntries(files.map(({ name, text }) => [name, text])),
      ...Object.fromEntries(libraries.map((text, i) => [names[i], text])),
      ...(gating === true ? { [`${ENABLE_FLOP.name}.v`]: ENABLE_FLOP.verilog } : {}),
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

/** Area and leakage by module, the largest first; the contents of a sub-module count there. */
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

/** Cells, flip-flops, area (µm²) and leakage (µW) of the whole netlist. */
export function netlistCost(
  netlist: Netlist,
  library: Library,
): Pick<ModuleCost, 'cells' | 'flops' | 'area' | 'leakage'> {
  const sum = { cells: 0, flops: 0, area: 0, leakage: 0 };
  for (const cost of moduleCosts(netlist, library)) {
    sum.cells += cost.cells;
    sum.flops += cost.flops;
    sum.area += cost.area;
    sum.leakage += cost.leakage;
  }
  return sum;
}
