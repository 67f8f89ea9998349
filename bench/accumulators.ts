/**
 * Hardware of the output accumulators that docs/sums.md compares: area, shortest period, leakage, and energy of a
 * multiply-accumulate's addition and of a softmax key, a row, from mugi's own synthesis with the open-45 library.
 * `npm run bench:accumulators`.
 */
import type { AnyModule } from '../src/hardware/index.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { characterise } from '../src/machine/catalogue/characterise.ts';
import type { Drives, Random } from '../src/machine/catalogue/stimulus.ts';
import {
  cascadeAccumulatorModule,
  cascadeSteps,
  compensatedAccumulatorModule,
  wideAccumulatorModule,
} from '../src/machine/mugi/unit/candidate-accumulators.ts';
import { outputAccumulator } from '../src/machine/mugi/unit/output-accumulator.ts';
import { toBits } from '../src/number/bf16.ts';

const FRAME = 8;
const exponential = (_: number, random: Random): number => toBits(Math.exp(-6 * random()));

/** GEMM: one addition a cycle, to one sum after the other. */
const gemm: Drives = {
  product: 'bf16',
  result: 'low',
  add: 'high',
  add_result: 'low',
  carry: 'low',
  negate: 'low',
  second: 'low',
  read: (cycle, _, slot) => Number(slot === cycle % FRAME),
  write: (cycle, _, slot) => Number(slot === (cycle + FRAME - 1) % FRAME),
};

/** One step of a softmax key: what is read and written when. */
interface Step {
  cycle: number;
  read: number | undefined;
  write: number;
  second?: number;
  negate?: number;
}

/** Softmax: the additions of a key in each frame. */
function softmax(stepsOf: (key: number) => readonly Step[]): Drives {
  const at = (cycle: number): Step | undefined =>
    cycle < 0 ? undefined : stepsOf(Math.floor(cycle / FRAME)).find((step) => step.cycle === cycle % FRAME);
  return {
    product: 'low',
    result: exponential,
    add: (cycle) => Number(at(cycle) !== undefined),
    add_result: (cycle) => Number(cycle % FRAME === 0),
    carry: (cycle) => Number(cycle % FRAME !== 0),
    negate: (cycle) => at(cycle)?.negate ?? 0,
    read: (cycle, _, slot) => Number(at(cycle)?.read === slot),
    second: (cycle, _, slot) => Number(at(cycle)?.second === slot),
    write: (cycle, _, slot) => Number(at(cycle - 1)?.write === slot),
  };
}

const serial = softmax(() => [{ cycle: 0, read: 0, write: 0 }]);
const cascade = softmax((key) => cascadeSteps(key, false));
const compensated = softmax((key) => {
  const [total, after] = key % 2 === 0 ? [0, 3] : [3, 0];
  return [
    { cycle: 0, read: 1, write: 2, negate: 2 },
    { cycle: 2, read: total, write: after, second: 2 },
    { cycle: 4, read: total, write: 1, second: after, negate: 2 },
    { cycle: 6, read: 2, write: 1, second: 1, negate: 2 },
  ];
});

const CANDIDATES: readonly [string, AnyModule, Drives][] = [
  ['BF16, one sum (as published)', outputAccumulator.module, serial],
  ['BF16, cascade in the ring', cascadeAccumulatorModule, cascade],
  ['BF16, compensated', compensatedAccumulatorModule, compensated],
  ['24 bits', wideAccumulatorModule(15), serial],
  ['FP32', wideAccumulatorModule(23), serial],
];

const text = open45Liberty();
const library = readLiberty(text, 'open-45');
for (const [name, module, keys] of CANDIDATES) {
  const sums = await characterise(module, gemm, { text, library });
  const softmaxed = await characterise(module, keys, { text, library });
  const pJ = (energy: number, cycles: number): string => (energy * 1000 * cycles).toFixed(2).padStart(6);
  console.log(
    `${name.padEnd(30)} ${(sums.area_mm2 * 1e6).toFixed(0).padStart(6)} um2 ${sums.period_ns.toFixed(2)} ns ${(sums.leakage_mW * 1000).toFixed(1).padStart(6)} uW  GEMM ${pJ(sums.energy_nJ, 1)} pJ  softmax key ${pJ(softmaxed.energy_nJ, FRAME)} pJ`,
  );
}
