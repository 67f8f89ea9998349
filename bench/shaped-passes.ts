/**
 * What `mugi accuracy` over 1,024 tokens of a model in the shape of Llama 2 7B takes: one generated layer with the ends of the
 * model, each way of computing that a measurement has, turn by turn in one run, and 32 layers extrapolated from it. Attention
 * grows with the square of a block and is a few per cent of a pass; it is as of so many rows.
 * usage: node bench/shaped-passes.ts [rows] [threads] [rounds]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aloneAt, arithmeticFor, FULL_PRECISION, precisionOf } from '../src/accuracy/score/precision.ts';
import { DEFAULT_SETTINGS, methodUnit } from '../src/accuracy/study/methods.ts';
import type { Arithmetic } from '../src/model/arithmetic.ts';
import { exactNonlinear } from '../src/model/layer/nonlinear.ts';
import { openModel } from '../src/model/load.ts';
import { REPAIRED_ARITHMETIC } from '../src/vlp/arithmetic.ts';
import { EXACT_SUMS } from '../src/vlp/gemm.ts';
import { writeShapedLlama } from './shaped-llama.ts';

const [rows, threads, rounds] = [128, 2, 2].map((usual, i) => Number(process.argv[2 + i] ?? usual));
const [LAYERS, TOKENS] = [32, 1024];

const folder = mkdtempSync(join(tmpdir(), 'mugi-shaped-'));
try {
  writeShapedLlama(folder, 1);
  const opened = await openModel(folder, threads);
  /** Seconds by the clock, and of all threads: on a busy machine the first says nothing. */
  const timed = (work: () => void): { clock: number; cpu: number } => {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(before);
    return { clock: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
  };
  const model = opened.load();
  const ids = Int32Array.from({ length: rows }, (_, i) => 3 + ((i * 7919) % 256));
  const design = precisionOf(REPAIRED_ARITHMETIC);
  const { unit: vlp } = methodUnit('vlp', opened.config, DEFAULT_SETTINGS);
  const ways: Record<string, Arithmetic> = {
    stored: arithmeticFor(FULL_PRECISION, exactNonlinear),
    'the design, exact functions': arithmeticFor(design, exactNonlinear),
    'the design': arithmeticFor(design, vlp),
    'functions alone': arithmeticFor(FULL_PRECISION, vlp),
    'weights alone': arithmeticFor(aloneAt('weights', design)!, exactNonlinear),
    'keys and values alone': arithmeticFor(aloneAt('kv', design)!, exactNonlinear),
    'activations alone': arithmeticFor(aloneAt('activations', design)!, exactNonlinear),
    'exact sums': arithmeticFor({ ...design, products: EXACT_SUMS }, vlp),
  };
  const best = new Map<string, { clock: number; cpu: number }>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, arithmetic] of Object.entries(ways)) {
      let hidden: Float32Array = new Float32Array();
      const layer = timed(() => {
        hidden = model.forward({ kind: 'tokens', ids, sequences: [{ rows }] }, arithmetic);
      });
      const head = timed(() => void model.logits(hidden, 0, rows, arithmetic));
      const whole = (key: 'clock' | 'cpu') => (TOKENS / rows) * (LAYERS * layer[key] + head[key]);
      const had = best.get(name);
      // The first round quantises and compiles.
      if (round === 0) continue;
      best.set(name, {
        clock: Math.min(had?.clock ?? Infinity, whole('clock')),
        cpu: Math.min(had?.cpu ?? Infinity, whole('cpu')),
      });
    }
  }
  const minutes = (seconds: number): string => (seconds / 60).toFixed(1);
  const sum = (names: readonly string[], key: 'clock' | 'cpu'): number =>
    names.reduce((total, name) => total + best.get(name)![key], 0);
  console.log(
    `a pass over ${TOKENS} tokens of ${LAYERS} layers, minutes by the clock on ${threads} threads, and of CPU`,
  );
  for (const [name, { clock, cpu }] of best)
    console.log(`${name.padEnd(30)} ${minutes(clock).padStart(7)} ${minutes(cpu).padStart(7)}`);
  // Calibration settles on one block at the earliest, whose pass is a stored one.
  const least = ['stored', 'stored', 'the design, exact functions', 'the design'];
  const parts = Object.keys(ways).slice(3);
  for (const [what, names] of [
    ['mugi accuracy, as by default', least],
    ['the same, --parts all', [...least, ...parts]],
  ] as const)
    console.log(
      `${what.padEnd(30)} ${minutes(sum(names, 'clock')).padStart(7)} ${minutes(sum(names, 'cpu')).padStart(7)}`,
    );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
