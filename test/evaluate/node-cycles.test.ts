import { describe, expect, it } from 'vitest';
import { customDesign } from '../../src/design/custom.ts';
import { fittingTile, mapGemm } from '../../src/design/mapping/gemm.ts';
import { mapNonlinear } from '../../src/design/mapping/nonlinear.ts';
import { type Design, type Rule, runOf } from '../../src/design/design.ts';
import type { GemmCount, NonlinearCount } from '../../src/design/mapping/counts.ts';
import { runGemm } from '../../src/machine/mugi/program/gemm.ts';
import { runNonlinear } from '../../src/machine/mugi/program/nonlinear.ts';
import { TECHNOLOGIES } from '../../src/technology/index.ts';
import type { GemmOperator, NonlinearOperator } from '../../src/workload/operator.ts';
import { expFunction, patterns, random, siluFunction, weights } from '../machine/mugi/reference.ts';

/*
 * The evaluation model of Mugi beside the simulated node: the same cycles, and the same activity where both count the
 * same thing. The tests of test/machine hold the node to arithmetic, RTL and gates in test/node.
 */

const mugi = (rows: number, own: object = {}): Design =>
  customDesign({ base: `mugi-${rows}`, ...own }, { technology: TECHNOLOGIES[0] });
const whole = (next: () => number, from: number, to: number): number =>
  from + Math.floor(next() * (to - from + 1));

const common = { name: 'one', layers: 1 };

/** Energy-weighted occurrences of an event of a mapping. */
function occurrences<Count extends string>(
  rules: readonly Rule<Count>[],
  counts: Record<Count, number>,
  event: string,
): number {
  return rules
    .filter((rule) => rule.event === event)
    .reduce((sum, { energy, share = 1 }) => sum + counts[energy] * share, 0);
}

describe.each([8, 16])('mugi-%i, corrected', (rows) => {
  it('takes the simulated cycles for any GEMM, a scale for every 256 of K', () => {
    const next = random(rows);
    for (let i = 0; i < 40; i++) {
      const [m, n, k] = [
        whole(next, 1, 20),
        whole(next, 1, 3 * rows),
        i % 4 === 0 ? whole(next, 250, 600) : whole(next, 1, 40),
      ];
      const op = {
        ...common,
        kind: 'gemm',
        group: 'ffn',
        batch: 1,
        m,
        k,
        n,
        operand: 'weights',
        activationBits: 16,
        weightBits: 4,
        outputBits: 16,
      } as GemmOperator;
      // Chains of sums and groups of scales of every length, as often as the node drains for them.
      const own = { chain: [256, 64, 16][i % 3]!, group: [256, 128, 32][Math.floor(i / 3) % 3]! };
      const design = mugi(rows, own);
      const tile = fittingTile(design, op);
      const { counts } = mapGemm(design, op, tile);
      const job = {
        rows,
        m,
        k,
        n,
        groupSize: design.arithmetic.weights.group,
        chain: design.arithmetic.products.chain,
        activations: patterns(next, m * k, false),
        weights: weights(next, n * k),
      };
      const run = runGemm(job);
      expect([m, n, k, counts.arrayCycles]).toEqual([m, n, k, run.cycles]);
      const event = (name: string) => occurrences<GemmCount>(design.gemm, counts, name);
      expect(event('counter') * 8).toBe(run.activity.counterReuse);
      expect(event('weight load') * rows).toBeCloseTo(run.activity.weightLoad, 6);
      expect(event('temporal coder') * rows).toBeCloseTo(run.activity.temporalCoder, 6);
      // The node drives all eight columns of the last column tile; the model charges those in use.
      const columns = m / (8 * Math.ceil(m / 8));
      expect(event('input load')).toBeCloseTo(run.activity.inputLoad * columns, 6);
      expect(event('array') * 8 * rows).toBeCloseTo(run.activity.array * columns, 6);
    }
  });

  it('takes the simulated cycles for softmax and SiLU of any size', () => {
    const next = random(rows + 1);
    const design = mugi(rows);
    for (let i = 0; i < 30; i++) {
      const softmax = i % 2 === 0;
      const [height, width] = softmax
        ? [whole(next, 1, 2.5 * rows), whole(next, 1, 40)]
        : [whole(next, 1, 5), whole(next, 1, 4 * rows)];
      // Softmax: a row of scores a lane, keys in time. SiLU: features on the lanes, tokens in time.
      const op = {
        ...common,
        kind: 'nonlinear',
        group: 'nonlinear',
        function: softmax ? 'softmax' : 'silu',
        rows: softmax ? height : width,
        columns: softmax ? width : height,
      } as NonlinearOperator;
      const { counts } = mapNonlinear(design, op);
      const make = softmax ? expFunction : siluFunction;
      const input = patterns(next, height * width, false);
      // The row sums of the design are those of the node.
      const accumulation = design.arithmetic.softmax.sum as 'bf16-cascade';
      const fn = make(-4, 3, 'max');
      const run = runNonlinear({ rows, softmax, function: fn, input, height, width, accumulation });
      expect([op.function, height, width, counts.arrayCycles]).toEqual([
        op.function,
        height,
        width,
        run.cycles,
      ]);
      const event = (name: string) =>
        occurrences<NonlinearCount>(runOf(design, op.function).rules, counts, name);
      expect(event('pre-process') * rows).toBeCloseTo(run.activity.preProcess, 6);
      expect(event('LUT row load') * 8).toBe(run.activity.lutRowLoad);
      expect(event('counter') * 8).toBe(run.activity.counterReuse);
      const elements = height * width;
      expect(event('array select') * 8 * rows).toBeCloseTo(8 * elements, 6);
      expect(run.activity.arraySelect).toBeLessThanOrEqual(8 * elements);
      expect(event('temporal coder, nonlinear') * rows).toBeCloseTo(elements * (softmax ? 1 : 2), 6);
      const { read } = design.nonlinear.lutWords;
      const { lutPasses } = runOf(design, op.function).sequence!;
      // A LUT of eight exponents is one word of the 128-bit port, of twelve two: the model has twelve.
      expect(read * counts.steps * lutPasses).toBe(2 * run.activity.inputSramReads);
    }
  });
});
