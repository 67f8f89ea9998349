import type { Command } from 'commander';
import { lutMemory } from '../node/lut-memory.ts';
import { NODE_FUNCTIONS, nodeFunction } from '../node/node-function.ts';
import { nodeModule } from '../node/node-module.ts';
import { nodeTestbench } from '../node/testbench.ts';
import { fileList, verilog } from '../rtl/verilog/verilog.ts';
import { refuseFolder, writeFolderAtomic } from '../report/write-folder.ts';
import { interruptible } from './interruptible.ts';
import { listedFiles, withNote } from './rtl-folder.ts';
import { rtlVectors } from './rtl-vectors.ts';
import { rowsOf } from './simulate-job.ts';
import { defaultWindow } from './simulate-windows.ts';

interface Options {
  design: string;
  out: string;
  json?: boolean;
}

export function define(program: Command): void {
  program
    .command('rtl')
    .description(
      'write the Mugi node as Verilog-2005, one file per module, a self-checking testbench, LUT memory files, and the list of files',
    )
    .option('--design <name>', 'mugi-H: H rows, a power of two from 8 to 256, and 8 columns', 'mugi-8')
    .requiredOption('--out <folder>', 'folder to write to; one of an earlier run is replaced')
    .option('--json', 'print the top module and the files as JSON')
    .addHelpText(
      'after',
      `
Examples:
  mugi rtl --design mugi-8 --out rtl
  cd rtl && verilator --lint-only -Wall -f files.f --top-module mugi_8
  cd rtl && iverilog -o ../testbench -f files.f testbench.v && vvp ../testbench`,
    )
    .action(async (options: Options) => {
      const rows = rowsOf(options.design);
      refuseFolder(options.out, listedFiles);
      const top = nodeModule(rows);
      const files = verilog(top);
      const bench = nodeTestbench(rows, rtlVectors(rows));
      // The list is of the design alone, so that it serves synthesis and linters too.
      const luts = NODE_FUNCTIONS.map((name) => ({
        name: `lut_${name}.mem`,
        text: lutMemory(name, nodeFunction(name, defaultWindow(name))),
      }));
      const all = [...files, ...bench, ...luts];
      all.push({ name: 'files.f', text: withNote(fileList(files), all) });
      await interruptible((signal) => writeFolderAtomic(options.out, all, { written: listedFiles, signal }));
      const names = all.map(({ name }) => name);
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ design: options.design, top: top.name, folder: options.out, files: names }, null, 2)}\n`
          : `${names.length} files in ${options.out}; the top module is ${top.name}\n`,
      );
    });
}
