import type { ModelShape } from './model.ts';
import type { Workload } from './operator.ts';

/** Bits of a weight of the output matrix as a workload has it; undefined where it has none. */
export function headBitsOf({ operators }: Pick<Workload, 'operators'>): number | undefined {
  const head = operators.find(({ group }) => group === 'output');
  return head?.kind === 'gemm' ? head.weightBits : undefined;
}

/** The format that a model's files give the output matrix, where they do. */
export const headFormat = ({ stacks }: Pick<ModelShape, 'stacks'>): { bits: number } | undefined =>
  stacks.flatMap((stack) => (stack.kind === 'decoder' ? [stack.formats?.logits] : [])).find(Boolean);
