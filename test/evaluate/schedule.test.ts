import { describe, expect, it } from 'vitest';
import { tileCapacity } from '../../src/design/mapping/nonlinear.ts';
import { assertConservation } from '../../src/evaluate/conservation.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import type { Change, Evaluation, OperatorEvaluation } from '../../src/evaluate/evaluation.ts';
import { LOAD } from '../../src/evaluate/execute/execution.ts';
import { fusedShare } from '../../src/evaluate/execute/schedule.ts';
import { preset } from '../../src/published/preset.ts';
import { evaluatePoint, type Point } from '../../src/question/point.ts';
import type { NonlinearOperator } from '../../src/workload/operator.ts';

const base: Point = { design: 'sa-8x32-os', model: 'llama-2-7b', batch: 2, context: 1500, prefill: 200 };
const at = (point: Partial<Point> = {}): Evaluation => evaluatePoint({ ...base, ...point });
const one = ({ operators }: Evaluation, name: string, phase = 'decode'): OperatorEvaluation =>
  operators.find(({ operator }) => operator.name === name && operator.phase === phase)!;
const bits = ({ work: { dram } }: OperatorEvaluation): number => dram.input + dram.weight + dram.output;
const loads = ({ operators }: Evaluation): number =>
  operators.reduce((sum, { work }) => sum + work.load[LOAD.dram], 0);

describe('fused attention', () => {
  it('moves the scores that fit past DRAM, and nothing else', () => {
    const [apart, fused] = [at(), at({ schedule: ['fused'] })];
    for (const phase of ['prefill', 'decode']) {
      const kept = ['q·kT', 'softmax', 'a·v'].map((name) => one(fused, name, phase).work.kept!);
      expect(kept.every(({ input, output }) => input + output > 0)).toBe(true);
      for (const name of ['q·kT', 'softmax', 'a·v']) {
        const { kept: own } = one(fused, name, phase).work;
        expect(bits(one(apart, name, phase)) - bits(one(fused, name, phase))).toBeCloseTo(
          own!.input + own!.output,
          -3,
        );
      }
      // Decode has no causal pieces: what one leaves on the chip, the next takes.
      if (phase === 'decode') {
        expect(kept[1].input / kept[0].output).toBeCloseTo(1, 12);
        expect(kept[2].input / kept[1].output).toBeCloseTo(1, 12);
      }
    }
    const rest = ({ operators }: Evaluation): number[] =>
      operators
        .filter(({ operator }) => !['q·kT', 'softmax', 'a·v'].includes(operator.name))
        .map(({ time, energy, work }) => time + energy + work.dram.input);
    expect(rest(fused)).toEqual(rest(apart));
    expect(fused.total.dram).toBeLessThan(apart.total.dram);
    expect(fused.total.energy).toBeLessThan(apart.total.energy);
    expect(fused.total.time).toBeLessThanOrEqual(apart.total.time);
    expect(fused.total.macs).toBe(apart.total.macs);
  });

  it('fits where a tile of rows with all its keys fits half of the output SRAM', () => {
    const { design } = at().priced;
    const tensor = (columns: NonlinearOperator['columns']): NonlinearOperator =>
      ({ ...one(at(), 'softmax').operator, columns }) as NonlinearOperator;
    const { rows } = tensor(1);
    // 64 KiB in halves, 16 bits, 32 lanes.
    expect(tileCapacity(design, rows)).toBe(512);
    expect(fusedShare(design, tensor(512))).toBe(1);
    expect(fusedShare(design, tensor(513))).toBe(0);
    expect(fusedShare(design, tensor({ from: 512, to: 513 }))).toBeCloseTo(512 / 1025, 12);
    expect(fusedShare(design, tensor({ from: 513, to: 600 }))).toBe(0);
    // Mugi’s 256 rows take eight times as much.
    const mugi = at({ design: 'mugi-256' }).priced.design;
    expect(fusedShare(mugi, { ...tensor(64), rows: 512 })).toBe(1);
    expect(fusedShare(mugi, { ...tensor(65), rows: 512 })).toBe(0);
  });

  it('grows with the SRAM, and stays out on a mesh', () => {
    const share = (kib: number): number =>
      one(at({ design: { base: 'sa-8x32-os', sram: { output: { kib } } }, schedule: ['fused'] }), 'softmax')
        .work.kept?.input ?? 0;
    expect(share(256)).toBeGreaterThan(share(64));
    const mesh = { design: 'sa-8x32-os@2x2' };
    expect(at({ ...mesh, schedule: ['fused'] }).total).toEqual(at(mesh).total);
  });

  it('takes the softmax of attention, not that of a router', () => {
    const { operators } = at({ model: 'gpt-oss-20b', schedule: ['fused'], context: 300 });
    const fused = operators
      .filter(({ work }) => work.kept !== undefined)
      .map(({ operator }) => operator.name);
    expect(fused.length).toBeGreaterThan(0);
    expect(fused.some((name) => /router|gate/.test(name))).toBe(false);
  });
});

describe('weights fetched ahead', () => {
  const point = { design: 'mugi-256@8x8', model: 'llama-2-70b', batch: 8, context: 4096, prefill: 64 };

  it('take their time from the operator before, and no bit less', () => {
    const [apart, ahead] = [at(point), at({ ...point, schedule: ['prefetch'] })];
    expect(ahead.total.dram).toBe(apart.total.dram);
    expect(ahead.total.energy).toBe(apart.total.energy);
    expect(loads(ahead) / loads(apart)).toBeCloseTo(1, 12);
    expect(ahead.total.time).toBeLessThan(apart.total.time);
    const moved = ahead.operators.filter(({ work }) => (work.prefetch?.ahead ?? 0) > 0);
    expect(moved.length).toBeGreaterThan(0);
    for (const { operator, work } of moved) {
      // Half of the weight SRAM of every node, at most, each time.
      const { wordBits, depthPerBank } = ahead.priced.design.sram.weight;
      const room = (64 * 4 * wordBits * depthPerBank) / 2 / 5120;
      expect(work.prefetch!.ahead).toBeLessThanOrEqual(
        room * operator.repeat * operator.layers * (1 + 1e-12),
      );
    }
  });
});

it('both together keep the laws, and a schedule that loses traffic is refused', () => {
  const chosen = preset('corrected');
  const both = at({ schedule: ['fused', 'prefetch'] });
  const { priced, workload, environment } = both;
  const doctored = (fault: Change['execution']) => () =>
    evaluate(
      priced,
      workload,
      { ...chosen, changes: { ...chosen.changes, execution: [fault] } },
      environment,
    );
  expect(doctored(() => undefined)).not.toThrow();
  expect(doctored((work) => (work.dram.output *= 0.9))).toThrow('results leave once');
  const lost = (change: (work: OperatorEvaluation['work']) => OperatorEvaluation['work']): Evaluation => ({
    ...both,
    operators: both.operators.map((own) =>
      own.operator.name === 'softmax' ? { ...own, work: change(own.work) } : own,
    ),
  });
  expect(() =>
    assertConservation(lost((work) => ({ ...work, kept: { ...work.kept!, input: 1e30 } }))),
  ).toThrow('was made there');
  expect(() => assertConservation(lost((work) => ({ ...work, prefetch: { lent: 1e9, ahead: 0 } })))).toThrow(
    'takes time elsewhere',
  );
  expect(() => assertConservation(lost((work) => ({ ...work, kept: { input: 0, output: 0 } })))).toThrow(
    /inputs enter|results leave/,
  );
});
