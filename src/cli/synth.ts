import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { MugiError } from '../errors.ts';
import { nodeModule } from '../node/node-module.ts';
import { toCsv } from '../report/csv.ts';
import { progress } from '../report/progress.ts';
import { textTable } from '../report/table.ts';
import { open45Liberty } from '../rtl/liberty/open-45.ts';
import { readLiberty } from '../rtl/liberty/read.ts';
import { flattenNetlist, type YosysJson } from '../rtl/synthesis/netlist.ts';
import { mappedNetlist, moduleCosts, synthesisScript } from '../rtl/synthesis/synthesise.ts';
import { analyseTiming } from '../rtl/synthesis/timing.ts';
import { verilog } from '../rtl/verilog/verilog.ts';
import { number } from './command.ts';
import { rowsOf } from './simulate-job.ts';
import { gemmSwitching, STIMULUS } from './synth-switching.ts';
import { cachedNetlist, keepNetlist, synthesisKey } from './synthesis-cache.ts';
import { version } from './version.ts';

interface Options {
  design: string;
  liberty?: string;
  clock: number;
  wire: number;
  switching: boolean;
  cache: boolean;
  json?: boolean;
  csv?: boolean;
}

export function define(program: Command): void {
  program
    .command('synth')
    .description('synthesise the Mugi node and report area, timing, leakage and switching energy by module')
    .option('--design <name>', 'mugi-H: H rows, a power of two from 8 to 256, and 8 columns', 'mugi-8')
    .option('--liberty <file>', "cell library (NLDM); default: mugi's own generic 45 nm-class library")
    .option('--clock <MHz>', 'clock frequency that the design should reach', number('--clock'), 400)
    .option('--wire <fF>', 'wire capacitance per fan-out (there is no placement)', number('--wire'), 1)
    .option('--no-switching', 'leave out the gate simulation of a GEMM and the energy from its toggles')
    .option('--no-cache', 'synthesise even if the same design was synthesised before')
    .option('--json', 'everything as JSON')
    .option('--csv', 'the table by module as CSV')
    .addHelpText(
      'after',
      `
Examples:
  mugi synth --design mugi-8
  mugi synth --design mugi-16 --clock 500 --json
  mugi synth --design mugi-8 --liberty NangateOpenCellLibrary_typical.lib --csv`,
    )
    .action(synth);
}

async function synth(options: Options): Promise<void> {
  const { clock, wire } = options;
  if (!(clock > 0) || clock > 1e5) throw outOfRange('--clock', clock, 'a frequency in MHz above 0');
  if (!(wire >= 0) || wire > 1e4) throw outOfRange('--wire', wire, 'a capacitance in fF, 0 or more');
  const rows = rowsOf(options.design);
  const liberty = options.liberty === undefined ? open45Liberty() : readText(options.liberty);
  const library = readLiberty(liberty, options.liberty ?? 'open-45');
  const top = nodeModule(rows);
  // ABC sees no wires and is optimistic: map for 84 % of the period.
  const target = (0.84 * 1000) / clock;
  const json = await netlistOf(top, liberty, target, options.cache);
  const netlist = flattenNetlist(JSON.parse(json) as YosysJson, top.name);
  const timing = analyseTiming(netlist, library, { wirePerFanout: wire });
  const switching = options.switching ? gemmSwitching(rows, netlist, library, wire) : undefined;
  const modules = moduleCosts(netlist, library).map((cost) => {
    const energy = switching?.energies.get(cost.module);
    return {
      module: cost.module,
      instances: cost.instances,
      cells: cost.cells,
      flops: cost.flops,
      area_um2: round(cost.area),
      leakage_uW: round(cost.leakage),
      ...(energy === undefined
        ? {}
        : { data_pJ_per_cycle: round(energy.data), clock_pJ_per_cycle: round(energy.clock) }),
    };
  });
  const sum = (
    key: 'cells' | 'flops' | 'area_um2' | 'leakage_uW' | 'data_pJ_per_cycle' | 'clock_pJ_per_cycle',
  ) => round(modules.reduce((total, module) => total + (module[key] ?? 0), 0));
  const result = {
    design: options.design,
    version,
    library: library.name,
    clock_MHz: clock,
    area_mm2: sum('area_um2') / 1e6,
    cells: sum('cells'),
    flops: sum('flops'),
    leakage_mW: sum('leakage_uW') / 1000,
    timing: {
      frequency_MHz: round(timing.frequency),
      period_ns: round(timing.period),
      met: timing.frequency >= clock,
      wire_fF_per_fanout: wire,
      paths: timing.paths,
    },
    switching:
      switching === undefined
        ? undefined
        : {
            stimulus: `GEMM ${STIMULUS.m} x ${STIMULUS.k} x ${rows}, seed ${STIMULUS.seed}`,
            cycles: switching.cycles,
            gates_equal_cycle_model: true,
            data_pJ_per_cycle: sum('data_pJ_per_cycle'),
            clock_pJ_per_cycle: sum('clock_pJ_per_cycle'),
            clock_gating: 'none: every flip-flop is clocked in every cycle',
          },
    modules,
  };
  if (options.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (options.csv === true) process.stdout.write(toCsv(modules));
  else process.stdout.write(text(result, clock));
}

async function netlistOf(
  top: ReturnType<typeof nodeModule>,
  liberty: string,
  target: number,
  useCache: boolean,
): Promise<string> {
  const files = verilog(top);
  const script = synthesisScript(
    files.map(({ name }) => name),
    top.name,
    target,
  );
  const key = synthesisKey([version, liberty, ...script, ...files.map(({ text }) => text)]);
  const kept = useCache ? cachedNetlist(key) : undefined;
  if (kept !== undefined) return kept;
  // About this many passes report themselves; the bar only has to move honestly enough.
  const bar = progress('synthesis', 60 + 45 * files.length);
  let done = 0;
  try {
    const { json } = await mappedNetlist(top, {
      liberty,
      target,
      onCommand: (command) => bar.update(++done, command.toLowerCase()),
    });
    if (useCache) keepNetlist(key, json);
    return json;
  } finally {
    bar.stop();
  }
}

function text(
  result: {
    design: string;
    library: string;
    area_mm2: number;
    cells: number;
    flops: number;
    leakage_mW: number;
    timing: { frequency_MHz: number; met: boolean; paths: ReturnType<typeof analyseTiming>['paths'] };
    switching: { stimulus: string; data_pJ_per_cycle: number; clock_pJ_per_cycle: number } | undefined;
    modules: readonly Record<string, string | number>[];
  },
  clock: number,
): string {
  const { timing, switching, modules } = result;
  const [worst] = timing.paths;
  const units = [...new Set(worst.steps.map(({ path, module }) => (path === '' ? module : path)))];
  const lines = [
    `${result.design}: ${result.area_mm2.toFixed(4)} mm2 of cells (${result.cells} cells, ${result.flops} flip-flops), leakage ${result.leakage_mW.toFixed(3)} mW; library ${result.library}`,
    `timing: ${timing.frequency_MHz.toFixed(0)} MHz, ${timing.met ? 'meets' : 'MISSES'} ${clock} MHz; worst path to ${worst.endpoint}, through ${units.join(' > ')}`,
    ...(switching === undefined
      ? []
      : [
          `switching (${switching.stimulus}): ${switching.data_pJ_per_cycle.toFixed(2)} pJ per cycle, and ${switching.clock_pJ_per_cycle.toFixed(2)} pJ of clock without gating`,
        ]),
    'Cells only: no wires but an estimate, no clock tree, no memories.',
    '',
    textTable(
      Object.keys(modules[0]).map((key) => key.replace('_per_cycle', '/cycle').replace('_', ' ')),
      modules.map((module) => Object.values(module)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const round = (value: number): number => Number(value.toPrecision(6));

function outOfRange(option: string, value: number, expected: string): MugiError {
  return new MugiError({
    code: 'invalid-value',
    message: `${option} is out of range`,
    path: option,
    expected,
    received: String(value),
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MugiError({
      code: 'missing-file',
      message: `cannot read the library (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
      path,
    });
  }
}
