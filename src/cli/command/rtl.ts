import type { Command } from 'commander';
import { listedFiles, withNote } from '../../files/file-list.ts';
import { interruptible } from '../../files/interrupt.ts';
import { refuseFolder } from '../../files/write-folder.ts';
import { fileList, verilog } from '../../hardware/verilog/verilog.ts';
import { nodeModule } from '../../machine/mugi/node-module.ts';
import { lutMemory } from '../../machine/mugi/program/lut-memory.ts';
import { DEFAULT_WINDOWS, NODE_FUNCTIONS, nodeFunction } from '../../machine/mugi/program/node-function.ts';
import { nodeVectors } from '../../machine/mugi/proof/node-vectors.ts';
import { nodeTestbench } from '../../machine/mugi/proof/testbench.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, outFolder } from '../options/flag.ts';
import { NODE_FLAG } from '../options/node-flag.ts';
import { jsonFlag, output } from '../options/output.ts';
import { writeFolder } from '../options/written.ts';
import { rowsOf } from '../../simulate/node.ts';

const FLAGS = [
  NODE_FLAG,
  flag('--out', outFolder('<folder>'), 'folder to write to; one of an earlier run is replaced', {
    required: true,
  }),
  jsonFlag('print the top module and the files as JSON'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'rtl',
    description:
      'write the Mugi node as Verilog-2005, one file per module, a self-checking testbench, LUT memory files, and the list of files',
    flags: FLAGS,
    examples: [
      'mugi rtl --design mugi-8 --out rtl',
      'cd rtl && verilator --lint-only -Wall -f files.f --top-module mugi_8',
      'cd rtl && iverilog -o ../testbench -f files.f testbench.v && vvp ../testbench',
    ],
    run: ({ flags }) => rtl(flags),
  });

async function rtl(flags: Flags): Promise<void> {
  const { design, out } = flags;
  const rows = rowsOf(design);
  refuseFolder(out, listedFiles);
  const top = nodeModule(rows);
  const modules = verilog(top);
  const all = [...modules, ...nodeTestbench(rows, nodeVectors(rows)), ...lutMemories()];
  // The list is of the design alone, so that it serves synthesis and linters too.
  all.push({ name: 'files.f', text: withNote(fileList(modules), all) });
  await interruptible((signal) => writeFolder(out, all, { written: listedFiles, signal }));
  const files = all.map(({ name }) => name);
  output(flags, {
    json: () => ({ design, top: top.name, folder: out, files }),
    text: () => `${files.length} files in ${out}; the top module is ${top.name}\n`,
  });
}

const lutMemories = () =>
  NODE_FUNCTIONS.map((name) => ({
    name: `lut_${name}.mem`,
    text: lutMemory(name, nodeFunction(name, DEFAULT_WINDOWS[name])),
  }));
