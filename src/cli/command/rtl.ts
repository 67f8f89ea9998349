import type { Command } from 'commander';
import { lutMemory } from '../../machine/mugi/program/lut-memory.ts';
import { NODE_FUNCTIONS, nodeFunction } from '../../machine/mugi/program/node-function.ts';
import { nodeModule } from '../../machine/mugi/node-module.ts';
import { nodeTestbench } from '../../machine/mugi/proof/testbench.ts';
import { fileList, verilog } from '../../hardware/verilog/verilog.ts';
import { refuseFolder, writeFolderAtomic } from '../../files/write-folder.ts';
import { interruptible } from '../../files/interrupt.ts';
import { listedFiles, withNote } from '../job/rtl-folder.ts';
import { rtlVectors } from '../job/rtl-vectors.ts';
import { rowsOf } from '../source/simulate-job.ts';
import { defaultWindow } from '../source/simulate-windows.ts';

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
