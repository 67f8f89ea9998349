import type { Command } from 'commander';
import { finish } from '../../hardware/synthesis/finish.ts';
import { nodeModule } from '../../machine/mugi/node-module.ts';
import { moduleRows } from '../../machine/mugi/synthesis/module-rows.ts';
import { nodeModuleRows, type NodeOnGates, synthesisReport } from '../../machine/mugi/synthesis/report.ts';
import { isMachineName, MACHINE_NAMES, machineNamed } from '../../machine/whole/machines.ts';
import { randomStimulus } from '../../machine/whole/random-stimulus.ts';
import { machineReport } from '../../machine/whole/report.ts';
import { toCsv } from '../../present/csv.ts';
import { version } from '../../version.ts';
import { define as command } from '../options/command.ts';
import { refuseIdle } from '../options/idle.ts';
import { output, print } from '../options/output.ts';
import { idleFlags, SYNTH_FLAGS, type SynthFlags } from '../options/synth-options.ts';
import { machineText, synthesisText } from '../show/synth.ts';
import { synthLibrary } from '../source/library.ts';
import { glitchesBeside } from '../source/glitches.ts';
import { mappedModule } from '../source/netlist.ts';
import { rowsOf } from '../../simulate/node.ts';

export const define = (program: Command): void =>
  command<SynthFlags>(program, {
    name: 'synth',
    description: 'synthesise the Mugi node, or a whole rival, and report area, timing, leakage and energy',
    flags: SYNTH_FLAGS,
    examples: [
      'mugi synth --design mugi-8',
      'mugi synth --design mugi-16 --clock 500 --json',
      'mugi synth --design sa-8x32-os --batch 1',
      'mugi synth --design mugi-8 --liberty NangateOpenCellLibrary_typical.lib --csv',
      "mugi synth --design mugi-8 --liberty logic.lib.gz flops.lib.gz --dont-use '*_X0' 'CLK*'",
    ],
    run: ({ flags, given }) => synth(flags, given),
  });

async function synth(flags: SynthFlags, given: ReadonlySet<string>): Promise<void> {
  refuseIdle(given, idleFlags(flags));
  const { design, liberty, dontUse, clock, wire, buffers, switching, seed, batch, cache } = flags;
  const machine = isMachineName(design) ? machineNamed(design) : undefined;
  const rows = machine === undefined ? rowsOf(design, MACHINE_NAMES) : 0;
  const cells = synthLibrary(liberty, dontUse);
  const mapped = await mappedModule(machine?.module ?? nodeModule(rows), cells, { clock, cache });
  const finished = finish(mapped, cells.library, { clock, wirePerFanout: wire, buffers });
  if (machine !== undefined) {
    const report = () =>
      machineReport({ machine, finished, switching, stimulus: randomStimulus(seed), batch });
    output(flags, {
      json: () => ({ design, version, ...report() }),
      csv: () => moduleRows(finished.netlist, finished.library, undefined),
      text: () => machineText(design, report()),
    });
    return;
  }
  const node: NodeOnGates = { rows, finished, switching, seed };
  // The table by module needs no energy of a multiply-accumulate.
  if (flags.csv === true) return print(toCsv(nodeModuleRows(node)));
  const report = await synthesisReport(node, glitchesBeside);
  output(flags, {
    json: () => ({ design, version, ...report }),
    text: () => synthesisText(design, report),
  });
}
