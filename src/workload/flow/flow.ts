import type { Phase } from '../operator.ts';

/** What a layer is given: the residual stream; in cross-attention also the result of the encoder. */
export const INPUT = 'input';
export const ENCODER = 'encoder';

/** One use of an operator in the dataflow of a block. */
export interface Step {
  /** Its name in the block: that of the operator, numbered where the operator has several uses. */
  id: string;
  operator: string;
  /** Steps whose results it takes, or INPUT or ENCODER. */
  reads: readonly string[];
  /** Share of the operator's work that this use is: the sums of a layer are one operator. */
  share: number;
  /** Element-wise: a workload may leave it out, and what reads it then reads what it reads. */
  through: boolean;
}

/** Steps of a block, each behind those that it reads, and those whose results leave it. */
export interface Flow {
  steps: readonly Step[];
  results: readonly string[];
}

/** Which way a pass goes decides what latent attention multiplies, and whether keys of an encoder are made. */
export interface Pass {
  phase: Phase;
  /** Keys and values are kept for later tokens. */
  cached: boolean;
}

/** Puts steps down in order; `step` and `through` return the name that others read. */
export class Steps {
  readonly list: Step[] = [];

  step(operator: string, reads: readonly (string | undefined)[], share = 1, through = false): string {
    const uses = this.list.filter((one) => one.operator === operator).length;
    const id = uses === 0 ? operator : `${operator} (${uses + 1})`;
    const known = reads.filter((one) => one !== undefined);
    this.list.push({ id, operator, reads: [...new Set(known)], share, through });
    return id;
  }

  through(operator: string, reads: readonly (string | undefined)[], share = 1): string {
    return this.step(operator, reads, share, true);
  }
}

/**
 * A flow without the steps whose operators a workload does not have. What reads an element-wise step that is left out
 * reads its inputs; what reads another one (experts that no token comes to) reads nothing there.
 */
export function present({ steps, results }: Flow, has: (operator: string) => boolean): Flow {
  const behind = new Map<string, readonly string[]>([
    [INPUT, [INPUT]],
    [ENCODER, [ENCODER]],
  ]);
  const from = (reads: readonly string[]): string[] => [
    ...new Set(reads.flatMap((id) => behind.get(id) ?? [])),
  ];
  const kept: Step[] = [];
  for (const step of steps) {
    const reads = from(step.reads);
    if (has(step.operator)) {
      kept.push({ ...step, reads });
      behind.set(step.id, [step.id]);
    } else behind.set(step.id, step.through ? reads : []);
  }
  return { steps: kept, results: from(results) };
}
