import { MugiError } from '../../errors.ts';
import { AS_STORED, heldWeights, type Holding, int4Bytes } from '../../model/weight/holding.ts';
import { heldBytes } from '../../model/weight/weight-matrix.ts';
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

/** Copies of the rows of a batch that a layer holds: its input, projections, scores of a tile, and results. */
const HELD_ROWS = 8;
/** Node.js, the kernels and what they have compiled. */
const PROCESS_BYTES = 150 * 2 ** 20;

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
 * tenths of that.
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
  for (const info of checkpoint.tensors.values()) {
    if (isOtherPart(info.name)) continue;
    largest = Math.max(largest, heldBytes(info));
    const elements = info.shape.reduce((a, b) => a * b, 1);
    if (info.shape.length < 2) continue;
    if (info.shape.includes(vocab)) {
      outputs = Math.max(outputs, elements);
      continue;
    }
    matrices += elements;
    worked += elements * (/\.experts\./.test(info.name) ? share : 1);
  }
  const copied =
    (precision.weights === 'stored' ? 0 : matrices) + (precision.head === 'stored' ? 0 : outputs);
  // Beside weights in INT4 alone stands one stored matrix at a time, for a pass that takes those.
  const copies = holding === undefined ? copied * int4Bytes(precision.group) : largest;
  const batch = Math.min(BATCH_ROWS, rows);
  const activations = 4 * batch * config.hidden * (HELD_ROWS + runs);
  const logits = 4 * Math.min(LOGIT_ROWS, rows) * vocab * (runs + 1);
  return {
    operations: 2 * runs * rows * (worked + outputs),
    bytes:
      heldWeights(checkpoint, config, holding ?? AS_STORED) + copies + activations + logits + PROCESS_BYTES,
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
