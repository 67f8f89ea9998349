import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import { type Block, type BlockStep, blocksOf } from '../../../src/workload/flow/blocks.ts';
import type { ModelShape } from '../../../src/workload/model.ts';
import type { Phase } from '../../../src/workload/operator.ts';

/** Where an operator stands in the graph of a model; the same words stand in the address. */
export interface Chosen {
  phase: Phase;
  block: number;
  operator: string;
}

/** The graph of a workload: blocks of both phases, and where each operator of the workload stands in them. */
export interface Graph {
  phases: readonly Phase[];
  blocks: Readonly<Record<Phase, readonly Block[]>>;
  /** By place among the workload's operators. */
  where: ReadonlyMap<number, Chosen>;
}

export function graphOf(model: ModelShape, { workload }: Evaluation): Graph {
  const blocks = {
    prefill: blocksOf(model, workload, 'prefill'),
    decode: blocksOf(model, workload, 'decode'),
  };
  const where = new Map<number, Chosen>();
  const phases = (['prefill', 'decode'] as const).filter((phase) => blocks[phase].length > 0);
  for (const phase of phases) {
    for (const [block, { steps }] of blocks[phase].entries()) {
      for (const { operator, operators } of steps) {
        for (const at of operators) where.set(at, { phase, block, operator });
      }
    }
  }
  return { phases, blocks, where };
}

/** Places of the operators that are chosen. */
export const placesOf = ({ where }: Graph, chosen: Chosen | undefined): ReadonlySet<number> =>
  new Set(
    [...where].flatMap(([at, one]) =>
      one.phase === chosen?.phase && one.block === chosen.block && one.operator === chosen.operator
        ? [at]
        : [],
    ),
  );

/** Time of one use of an operator, all layers and executions. */
export const timeOf = ({ operators, share }: BlockStep, evaluation: Evaluation): number =>
  share * operators.reduce((sum, at) => sum + evaluation.operators[at].time, 0);

export const blockTime = ({ steps }: Block, evaluation: Evaluation): number =>
  steps.reduce((sum, step) => sum + timeOf(step, evaluation), 0);

/** The operator that the words of an address mean, if there is one in this graph. */
export function chosenIn(
  { blocks }: Graph,
  { pass, block, op }: Readonly<Record<string, string | undefined>>,
): Chosen | undefined {
  if ((pass !== 'prefill' && pass !== 'decode') || op === undefined) return undefined;
  const at = Number(block);
  const known = blocks[pass][at]?.steps.some(({ operator }) => operator === op);
  return known === true ? { phase: pass, block: at, operator: op } : undefined;
}

/** The words of an address for an operator. */
export const wordsOf = ({ phase, block, operator }: Chosen) => ({
  pass: phase,
  block: String(block),
  op: operator,
});
