import type { Command } from 'commander';
import { MugiError } from '../../errors.ts';
import { nodeModule } from '../../machine/mugi/node-module.ts';
import { toCsv } from '../../present/csv.ts';
import { progress } from '../../present/progress.ts';
import { flattenNetlist, type Netlist, type YosysJson } from '../../hardware/synthesis/netlist.ts';
import { bufferNetlist } from '../../hardware/synthesis/buffering.ts';
import { gateClocks } from '../../hardware/synthesis/clock-gating.ts';
import { mappedNetlist, moduleCosts, synthesisScript } from '../../hardware/synthesis/synthesise.ts';
import { unusableByReason, unusableCells } from '../../hardware/synthesis/usable-cells.ts';
import { analyseTiming } from '../../hardware/synthesis/timing.ts';
import { yosysVersion } from '../../hardware/synthesis/yosys.ts';
import { verilog } from '../../hardware/verilog/verilog.ts';
import { number } from '../options/command.ts';
import { rowsOf } from '../source/simulate-job.ts';
import {
  type ModuleRow,
  moduleRows,
  publishedRows,
  round,
  synthesisText,
  unitRows,
} from '../job/synth-report.ts';
import { type MacEnergy, macEnergy } from '../job/mac-energy.ts';
import { type SynthLibrary, synthLibrary } from '../job/synth-library.ts';
import { switchingRuns } from '../job/synth-switching.ts';
import { cachedNetlist, keepNetlist, synthesisKey } from '../job/synthesis-cache.ts';
import { version } from '../../version.ts';

interface Options {
  design: string;
  liberty?: string[];
  dontUse?: string[];
  clock: number;
  wire: number;
  buffers: boolean;
  switching: boolean;
  seed: number;
  cache: boolean;
  json?: boolean;
  csv?: boolean;
}

export function define(program: Command): void {
  program
    .command('synth')
    .description('synthesise the Mugi node and report area, timing, leakage and switching energy by module')
    .option('--design <name>', 'mugi-H: H rows, a power of two from 8 to 256, and 8 columns', 'mugi-8')
    .option(
      '--liberty <file...>',
      "cell library (NLDM; .lib or .lib.gz), in one file or several; default: mugi's own generic 45 nm-class library",
    )
    .option('--dont-use <cell...>', 'cells to leave out, by name; * and ? stand for other characters')
    .option('--clock <MHz>', 'clock frequency that the design should reach', number('--clock'), 400)
    .option('--wire <fF>', 'wire capacitance per fan-out (there is no placement)', number('--wire'), 1)
    .option('--no-buffers', 'the netlist as mapped, without buffer trees and without better drives')
    .option(
      '--no-switching',
      'leave out the gate simulation of a GEMM and a softmax, and the energy from its toggles',
    )
    .option(
      '--seed <number>',
      'seed of the GEMM that the energy of a MAC is measured on',
      number('--seed'),
      1,
    )
    .option('--no-cache', 'synthesise even if the same design was synthesised before')
    .option('--json', 'everything as JSON')
    .option('--csv', 'the table by module as CSV')
    .addHelpText(
      'after',
      `
Examples:
  mugi synth --design mugi-8
  mugi synth --design mugi-16 --clock 500 --json
  mugi synth --design mugi-8 --liberty NangateOpenCellLibrary_typical.lib --csv
  mugi synth --design mugi-8 --liberty logic.lib.gz flops.lib.gz --dont-use '*_X0' 'CLK*'`,
    )
    .action(synth);
}

/** Slack that buffering aims at, as a share of the period. */
const MARGIN = 0.1;

async function synth(options: Options): Promise<void> {
  const { clock, wire, seed } = options;
  if (!(clock > 0) || clock > 1e5) throw outOfRange('--clock', clock, 'a frequency in MHz above 0');
  if (!(wire >= 0) || wire > 1e4) throw outOfRange('--wire', wire, 'a capacitance in fF, 0 or more');
  const rows = rowsOf(options.design);
  const { texts, library } = synthLibrary(options.liberty, options.dontUse);
  const top = nodeModule(rows);
  // ABC sees no wires and is optimistic: map for 84 % of the period.
  const target = (0.84 * 1000) / clock;
  const mapped = await netlistOf(top, { texts, library }, target, options.cache);
  const gated = gateClocks(mapped, library);
  const period = ((1 - MARGIN) * 1000) / clock;
  const buffered = options.buffers
    ? bufferNetlist(gated.netlist, library, { wirePerFanout: wire, period })
    : undefined;
  const netlist = buffered?.netlist ?? gated.netlist;
  const timing = analyseTiming(netlist, library, { wirePerFanout: wire });
  const runs = options.switching ? switchingRuns(rows, netlist, library, wire) : undefined;
  const modules = moduleRows(netlist, library, runs);
  const sum = (key: Exclude<keyof ModuleRow, 'module'>) =>
    round(modules.reduce((total, module) => total + (module[key] ?? 0), 0));
  const area_mm2 = sum('area_um2') / 1e6;
  const result = {
    design: options.design,
    version,
    library: library.name,
    cells_left_out: unusableByReason(library),
    clock_MHz: clock,
    area_mm2,
    cells: sum('cells'),
    flops: sum('flops'),
    leakage_mW: sum('leakage_uW') / 1000,
    mapped: {
      area_mm2: round(moduleCosts(gated.netlist, library).reduce((total, { area }) => total + area, 0) / 1e6),
      frequency_MHz: round(1000 / (buffered?.before ?? timing.period)),
    },
    buffering: buffered === undefined ? undefined : { buffers: buffered.buffers, resized: buffered.resized },
    timing: {
      frequency_MHz: round(timing.frequency),
      period_ns: round(timing.period),
      met: timing.frequency >= clock,
      wire_fF_per_fanout: wire,
      units: unitRows(timing),
      paths: timing.paths,
    },
    switching:
      runs === undefined
        ? undefined
        : {
            gates_equal_cycle_model: true,
            runs: runs.map(({ work, stimulus, cycles }) => ({
              work,
              stimulus,
              cycles,
              data_pJ_per_cycle: sum(`${work}_pJ_per_cycle`),
              clock_pJ_per_cycle: sum(`${work}_clock_pJ_per_cycle`),
            })),
            clock_gating: `${gated.gates} integrated clock gates before ${gated.gated} of ${sum('flops')} flip-flops`,
          },
    energy_per_mac_pJ: options.switching
      ? rounded(macEnergy(rows, netlist, library, { wirePerFanout: wire, seed }))
      : undefined,
    published: publishedRows(rows, area_mm2, moduleCosts(netlist, library)),
    modules,
  };
  if (options.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (options.csv === true) process.stdout.write(toCsv(modules));
  else process.stdout.write(synthesisText(result, clock));
}

async function netlistOf(
  top: ReturnType<typeof nodeModule>,
  { texts, library }: SynthLibrary,
  target: number,
  useCache: boolean,
): Promise<Netlist> {
  const files = verilog(top);
  const dontUse = unusableCells(library);
  const script = synthesisScript(
    files.map(({ name }) => name),
    top.name,
    target,
    { libraries: texts.length, dontUse, gating: true },
  );
  const key = synthesisKey([
    version,
    (await yosysVersion()) ?? 'no yosys',
    ...texts,
    ...script,
    ...files.map(({ text }) => text),
  ]);
  const kept = useCache ? cachedNetlist(key, top.name) : undefined;
  if (kept !== undefined) return kept;
  // About this many passes report themselves; the bar only has to move honestly enough.
  const bar = progress('synthesis', 60 + 45 * files.length);
  let done = 0;
  try {
    const { json } = await mappedNetlist(top, {
      liberty: texts,
      dontUse,
      target,
      gating: true,
      onCommand: (command) => bar.update(++done, command.toLowerCase()),
    });
    if (useCache) keepNetlist(key, json);
    return flattenNetlist(JSON.parse(json) as YosysJson, top.name);
  } finally {
    bar.stop();
  }
}

/** Numbers to six digits, texts as they are. */
const rounded = (energy: MacEnergy): MacEnergy =>
  Object.fromEntries(
    Object.entries(energy).map(([key, value]) => [key, typeof value === 'number' ? round(value) : value]),
  ) as unknown as MacEnergy;

function outOfRange(option: string, value: number, expected: string): MugiError {
  return new MugiError({
    code: 'invalid-value',
    message: `${option} is out of range`,
    path: option,
    expected,
    received: String(value),
  });
}
