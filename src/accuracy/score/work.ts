import { MugiError } from '../../errors.ts';
import { AS_STORED, heldWeights, type Holding, int4Bytes } from '../../model/weight/holding.ts';
import { heldBytes } from '../../model/weight/weight-matrix.ts';
import { packedWeights } from '../../model/format/packed-weights.ts';
import { CAPACITY } from '../../model/weight/kernel-memory.ts';
import { machineMemory } from '../../files/memory.ts';
import { gibibytes } from '../../model/weight/fitting.ts';
import { isOtherPart } from '../../model/unread.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { Precision } from './precision.ts';
import { BATCH_ROWS, LOGIT_ROWS } from './score-runs.ts';

/** What a measurement takes, before it begins: floating-point operations of products, and bytes that are held at once. */
export interface Work {
  operations: number;
  bytes: number;
}

/**
 * Rows of a batch that stand in memory: as wide as the model (input, norm, queries, keys, values, result) and as its feed-forward
 * network (both its halves); and what one product's operands take in the kernels, packed and as they came. Of a layer of Llama
 * 2 7B at 1,024 rows these are 182 MiB beside 167 to 221 measured, and 177 beside about 180.
 */
const HELD = { hidden: 6, widest: 2, operands: 3 } as const;

/** The share of a model's experts that run for a row. */
function activeShare(config: OpenedModel['config']): number {
  const each = config.family === 'decoder' ? config.each : [];
  const { active, total } = each.find(({ experts }) => experts !== undefined)?.experts ?? {
    active: 1,
    total: 1,
  };
  return active / total;
}

/**
 * Estimates a measurement of `runs` ways of computing over so many rows. Products of matrices are counted, once a row and
 * run, those of experts where they run; scores of attention, functions and logits of scored rows come on top and take some
 * tenths of that. Bytes are those of weights and of what runs hold; what the process has already comes on top.
 */
export function workOf(
  { config, checkpoint }: Pick<OpenedModel, 'config' | 'checkpoint'>,
  {
    runs,
    rows,
    precision,
    holding,
  }: {
    runs: number;
    rows: number;
    precision: Pick<Precision, 'weights' | 'head' | 'group'>;
    /** What is held in INT4 alone, where anything is. */
    holding?: Holding | undefined;
  },
): Work {
  const vocab = 'vocab' in config ? config.vocab : 0;
  const share = activeShare(config);
  let [largest, matrices, worked, outputs] = [0, 0, 0, 0];
  let [widest, operands] = [config.hidden, 2 * config.hidden];
  const count = (name: string, weights: number, bytes: number): void => {
    largest = Math.max(largest, bytes);
    matrices += weights;
    worked += weights * (/\.experts\./.test(name) ? share : 1);
  };
  for (const info of checkpoint.tensors.values()) {
    if (isOtherPart(info.name)) continue;
    const elements = info.shape.reduce((a, b) => a * b, 1);
    if (info.shape.length < 2) continue;
    if (info.shape.includes(vocab)) {
      outputs = Math.max(outputs, elements);
      continue;
    }
    const [outer, inner] = info.shape.slice(-2);
    widest = Math.max(widest, inner);
    operands = Math.max(operands, outer + inner);
    count(info.name, elements, heldBytes(info));
  }
  for (const { name, weights, bytes } of packedWeights(checkpoint.unread)) count(name, weights, bytes);
  const copied =
    (precision.weights === 'stored' ? 0 : matrices) + (precision.head === 'stored' ? 0 : outputs);
  // Beside weights in INT4 alone stands one stored matrix of a layer at a time, for a pass that takes those.
  const copies = holding === undefined ? copied * int4Bytes(precision.group) : largest;
  const weights = heldWeights(checkpoint, config, holding ?? AS_STORED) + copies;
  const batch = Math.min(BATCH_ROWS, rows);
  const activations = 4 * batch * (config.hidden * (HELD.hidden + runs) + HELD.widest * widest);
  // Each memory of the kernels has room for the products of its own matrices.
  const products = Math.ceil(weights / CAPACITY) * 4 * batch * HELD.operands * operands;
  const logits = 4 * Math.min(LOGIT_ROWS, rows) * vocab * (runs + 1);
  return {
    operations: 2 * runs * rows * (worked + outputs),
    bytes: weights + activations + products + logits,
  };
}

/**
 * Refuses a measurement that the memory cannot hold, before any weight is read.
 * @throws MugiError with both sizes
 */
export function refuseWork({ bytes }: Work, path: string): void {
  const most = machineMemory();
  if (bytes <= most) return;
  throw new MugiError({
    code: 'unsupported',
    message: `the measurement takes about ${gibibytes(bytes)}: weights, their INT4 copies and what a batch holds; the memory is ${gibibytes(most)}`,
    path,
    expected:
      'a machine with more memory, fewer methods, the model in fewer bits, or weights in INT4 alone (`reference` none, or a file of logits)',
    received: gibibytes(bytes),
  });
}
