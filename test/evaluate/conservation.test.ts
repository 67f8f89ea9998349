import { describe, expect, it } from 'vitest';
import { assertConservation } from '../../src/evaluate/conservation.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import type { Change, Evaluation } from '../../src/evaluate/evaluation.ts';
import { type Execution, READS, WRITES } from '../../src/evaluate/execute/execution.ts';
import { leastWork } from '../../src/evaluate/least-work.ts';
import { preset } from '../../src/published/preset.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';

/*
 * Faults planted in one execution of every operator, as a wrong mapping or a wrong count would make them: the evaluation
 * itself must refuse each, on every family of designs.
 */

const DESIGNS = ['mugi-256', 'mugi-l-64', 'carat-64', 'sa-16', 'sa-16-os', 'sd-16', 'tensor', 'mugi-256@4x4'];

type Fault = Change['execution'];
const isGemm: (kind: string) => boolean = (kind) => kind === 'gemm';

const FAULTS: readonly [name: string, law: RegExp, fault: Fault][] = [
  ['weights never enter', /weights enter/, (work) => (work.dram.weight = 0)],
  ['half of the weights enter', /weights enter/, (work) => (work.dram.weight /= 2)],
  ['inputs never enter', /inputs enter/, (work) => (work.dram.input = 0)],
  ['results are divided by a constant', /results leave/, (work) => (work.dram.output /= 4096)],
  ['results leave twice', /results leave once/, (work) => (work.dram.output *= 2)],
  ['results do not pass the SRAM', /through the output SRAM/, (work) => (work.drains = 0)],
  ['weights are not written', /through the weight SRAM/, (work) => (work.words[WRITES.weight] = 0)],
  ['weights are not read', /through the weight SRAM/, (work) => (work.words[READS.weight] = 0)],
  ['one MAC in a thousand is lost', /MACs/, (work) => (work.macs *= 0.999)],
  ['the array issues too little', /issues its MACs/, (work) => (work.issuedMacs *= 0.9)],
  [
    'the array is too fast',
    /no faster than its peak/,
    (work, operator) => {
      if (isGemm(operator.kind)) work.load.fill(work.load[0] / 1e4);
    },
  ],
];

/** Faults of a mapping on a mesh. */
const MESH_FAULTS: readonly [name: string, law: RegExp, fault: Fault][] = [
  ['bits do not cross the links', /crosses a link/, (work) => (work.routing /= 4)],
  ['operands do not reach a node', /reaches a node/, (work) => delivered(work, 0.01)],
  ['no link is busy', /passes a link/, (work) => (work.link = 0)],
  [
    'a node has more than the busiest',
    /more than the busiest/,
    (work) => {
      if (work.mesh !== undefined) work.mesh = { ...work.mesh, balance: 1.01 };
    },
  ],
];

function delivered(work: Execution, share: number): void {
  if (work.mesh !== undefined) work.mesh = { ...work.mesh, delivered: work.mesh.delivered * share };
}

/** Without causality a product computes its whole rectangle, and every law is an equality or a plain bound. */
const base = preset('corrected', { 'causal-prefill': false });
const at = (design: string): Evaluation =>
  evaluatePoint({ design, model: 'llama-2-7b', batch: 2, context: 300, prefill: 40, preset: base });
const doctored = (design: string, fault: Fault): (() => Evaluation) => {
  const { priced, workload } = at(design);
  const changes = { ...base.changes, execution: [...base.changes.execution, fault] };
  return () => evaluate(priced, workload, { ...base, changes });
};

describe.each(DESIGNS)('%s', (design) => {
  it('is accepted as it is', () => {
    expect(doctored(design, () => undefined)).not.toThrow();
  });

  it.each(FAULTS)('%s: refused', (_, law, fault) => {
    expect(doctored(design, fault)).toThrow(law);
  });
});

describe.each(['mugi-256@4x4', 'sa-16@2x3', 'tensor@2x1'])('%s', (design) => {
  it.each(MESH_FAULTS)('%s: refused', (_, law, fault) => {
    expect(doctored(design, fault)).toThrow(law);
  });
});

describe('sums of an evaluation', () => {
  it.each(['time', 'energy', 'dram', 'macs'] as const)('a group whose %s is changed is refused', (field) => {
    const evaluation = at('mugi-256');
    const { ffn } = evaluation.groups;
    const groups = { ...evaluation.groups, ffn: { ...ffn, [field]: ffn[field] * 1.001 } };
    expect(() => assertConservation(evaluation)).not.toThrow();
    expect(() => assertConservation({ ...evaluation, groups })).toThrow(`the groups’ ${field} sums`);
  });

  it.each([Number.NaN, Infinity, -1])('a total of %d is refused', (time) => {
    const evaluation = at('mugi-256');
    const total = { ...evaluation.total, time: time as typeof evaluation.total.time };
    expect(() => assertConservation({ ...evaluation, total })).toThrow('conservation law');
  });

  it('cycles that are not those of the slowest resource are refused', () => {
    const evaluation = at('mugi-256');
    const operators = evaluation.operators.map((one) => ({ ...one, cycles: one.cycles * 2 }));
    expect(() => assertConservation({ ...evaluation, operators })).toThrow('slowest resource');
  });
});

describe('the least work of an operator', () => {
  const product = {
    kind: 'gemm',
    name: 'one',
    group: 'attention',
    phase: 'decode',
    repeat: 1,
    layers: 1,
    batch: 3,
    m: 5,
    k: { from: 7, to: 19 },
    n: 11,
    operand: 'values',
    activationBits: 16,
    weightBits: 4,
    outputBits: 16,
  } as const satisfies GemmOperator;

  it('is what loops over positions and elements count', () => {
    for (const [k, n] of [
      [product.k, 11],
      [11, product.k],
    ] as const) {
      let [macs, input, weight, output] = [0, 0, 0, 0];
      for (let position = 7; position <= 19; position++) {
        const [depth, width] = typeof k === 'number' ? [k, position] : [position, n as number];
        for (let b = 0; b < 3; b++) {
          for (let i = 0; i < 5; i++) input += depth * 16;
          for (let j = 0; j < width; j++) weight += depth * 4;
          for (let i = 0; i < 5; i++)
            for (let j = 0; j < width; j++) [macs, output] = [macs + depth, output + 16];
        }
      }
      expect(leastWork({ ...product, k, n })).toEqual({ macs, needed: 1, input, weight, output });
    }
  });

  it('of a causal product is the share that some query sees', () => {
    for (const window of [undefined, 4]) {
      const causal = { axis: 'n', rowsPerPosition: 2, ...(window === undefined ? {} : { window }) } as const;
      let seen = 0;
      for (let query = 0; query < 9; query++)
        for (let key = 0; key <= query; key++) if (query - key < (window ?? Infinity)) seen++;
      const { needed } = leastWork({ ...product, m: 18, k: 8, n: 9, causal });
      expect(needed).toBeCloseTo(seen / 81, 12);
    }
  });
});

it('a causal product that computes less than its results need is refused', () => {
  const chosen = preset('corrected');
  const { priced, workload } = evaluatePoint({
    design: 'sa-16',
    model: 'llama-2-7b',
    context: 300,
    prefill: 256,
  });
  const fault: Fault = (work, operator) => {
    if (operator.kind === 'gemm' && operator.causal !== undefined) work.macs *= 0.5;
  };
  const changes = { ...chosen.changes, execution: [fault] };
  expect(() => evaluate(priced, workload, { ...chosen, changes })).toThrow('MACs that its results need');
});
