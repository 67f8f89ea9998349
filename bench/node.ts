/**
 * Cycles per second of the behavioural node, beside the IR simulator and, where it is installed, Verilator on the
 * same vectors (compilation included and excluded). Run: npm run bench:node [-- --rows 8,128]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rtlLockstep } from '../src/machine/mugi/proof/co-simulation.ts';
import { IDLE_FUNCTION } from '../src/machine/mugi/configuration.ts';
import { type GemmJob, runGemm } from '../src/machine/mugi/program/gemm.ts';
import { nodeFunction } from '../src/machine/mugi/program/node-function.ts';
import { nodeModule } from '../src/machine/mugi/node-module.ts';
import { runNonlinear } from '../src/machine/mugi/program/nonlinear.ts';
import { nodeTestbench, vectorRecorder } from '../src/machine/mugi/proof/testbench.ts';
import { toBits } from '../src/number/bf16.ts';
import { readable } from '../src/present/readable.ts';
import { textTable } from '../src/present/table.ts';
import { verilog } from '../src/hardware/verilog/verilog.ts';

let state = 1;
const next = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const seconds = (work: () => void): number => {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
};
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

function gemm(rows: number, k: number): GemmJob {
  const activations = Uint16Array.from({ length: 8 * k }, () => toBits(next() * 4 - 2));
  const weights = Int8Array.from({ length: rows * k }, () => Math.floor(next() * 15) - 7);
  return { rows, m: 8, k, n: rows, activations, weights };
}

const table: (string | number)[][] = [];
const heights = (process.argv[process.argv.indexOf('--rows') + 1] ?? '').match(/^\d+(,\d+)*$/)
  ? process.argv[process.argv.indexOf('--rows') + 1].split(',').map(Number)
  : [8, 128];
for (const rows of heights) {
  const job = gemm(rows, 4096);
  runGemm(job);
  let cycles = 0;
  const times = [1, 2, 3, 4, 5].map(() => seconds(() => (cycles = runGemm(job).cycles)));
  const model = cycles / median(times);
  table.push([`${rows}×8 GEMM`, 'cycle model', cycles, median(times), model, 1]);

  const width = rows > 16 ? 1024 : 4096;
  const input = Uint16Array.from({ length: rows * width }, () => toBits(next() * 16 - 8));
  const softmax = {
    rows,
    softmax: true,
    function: nodeFunction('exp', { lo: -4, hi: 3 }),
    input,
    height: rows,
    width,
  };
  runNonlinear(softmax);
  let softmaxCycles = 0;
  const softmaxTimes = [1, 2, 3].map(() => seconds(() => (softmaxCycles = runNonlinear(softmax).cycles)));
  table.push([
    `${rows}×8 softmax`,
    'cycle model',
    softmaxCycles,
    median(softmaxTimes),
    softmaxCycles / median(softmaxTimes),
    '',
  ]);

  const short = gemm(rows, rows > 16 ? 100 : 1000);
  const beside = rtlLockstep({ ...IDLE_FUNCTION, rows, accumulation: 'bf16' });
  const rtlTime = seconds(() => (cycles = runGemm(short, beside.observe).cycles));
  if (beside.difference() !== undefined) throw new Error('cycle model and RTL differ');
  table.push([
    `${rows}×8 GEMM`,
    'cycle model and IR simulator, compared',
    cycles,
    rtlTime,
    cycles / rtlTime,
    cycles / rtlTime / model,
  ]);

  if (rows > 16) continue;
  if (spawnSync('verilator', ['--version']).error !== undefined) {
    console.log('Verilator is not installed: skipped');
    continue;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mugi-bench-'));
  const recorder = vectorRecorder({ ...IDLE_FUNCTION, rows, accumulation: 'bf16' });
  runGemm(job, recorder.observe);
  const design = verilog(nodeModule(rows));
  const bench = nodeTestbench(rows, recorder.vectors);
  for (const { name, text } of [...design, ...bench]) writeFileSync(join(folder, name), text);
  const names = ['testbench.v', ...design.map(({ name }) => name)];
  const args = ['--binary', '-O3', '-j', '1', '-Wno-fatal', '--top-module', 'testbench', ...names];
  const compile = seconds(() => spawnSync('verilator', args, { cwd: folder }));
  let output = '';
  const run = seconds(() => {
    output = spawnSync(join(folder, 'obj_dir', 'Vtestbench'), [], { cwd: folder, encoding: 'utf8' }).stdout;
  });
  rmSync(folder, { recursive: true });
  if (!output.includes('PASS')) throw new Error(`Verilator: ${output}`);
  const simulated = recorder.vectors.length;
  table.push([
    `${rows}×8 GEMM`,
    'Verilator, run only',
    simulated,
    run,
    simulated / run,
    simulated / run / model,
  ]);
  const whole = compile + run;
  table.push([
    `${rows}×8 GEMM`,
    'Verilator, with compilation',
    simulated,
    whole,
    simulated / whole,
    simulated / whole / model,
  ]);
}
const header = ['node and work', 'simulator', 'cycles', 'seconds', 'cycles/s', 'ratio to the model'];
console.log(
  textTable(
    header,
    table.map((row) => row.map((cell) => (typeof cell === 'number' ? readable(cell) : cell))),
  ),
);
