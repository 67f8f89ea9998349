import type { WeightUse } from '../arithmetic.ts';
import type { Checkpoint, TensorInfo } from '../checkpoint.ts';
import type { ModelConfig } from '../config/config.ts';
import { packedWeights } from '../format/packed-weights.ts';
import { isOtherPart } from '../unread.ts';
import { heldBytes } from './weight-matrix.ts';

/** How a model's matrices lie in memory: as stored, or in INT4 alone, so that the stored ones stay in their file. */
export interface Holding {
  /** By the name of a matrix of the layers. */
  layers: (name: string) => WeightUse;
  /** The output matrix, where it is no embedding too. */
  head: WeightUse;
  /** No weight is read and no matrix held, so that the model has its names alone and cannot run. */
  names?: true;
}

export const AS_STORED: Holding = { layers: () => ({ type: 'stored' }), head: { type: 'stored' } };

export const NAMES_ALONE: Holding = { ...AS_STORED, names: true };

/** Bytes of a weight in INT4: its code, and its share of a scale of four bytes. */
export const int4Bytes = (group: number): number => 1 / 2 + 4 / group;

/** Names of matrices that give the outputs and are no table of words. */
const HEAD = /(^|\.)(lm_head|embed_out|output|score|proj_out)\.weight$/;

/** Bytes of a checkpoint's weights as they are held, without parts that are not run. */
export function heldWeights(
  { tensors, unread }: Pick<Checkpoint, 'tensors' | 'unread'>,
  config: ModelConfig,
  holding = AS_STORED,
): number {
  const bytesOf = (info: TensorInfo): number => {
    const use = useOf(info, config, holding);
    if (use.type === 'stored') return heldBytes(info);
    return info.shape.reduce((a, b) => a * b, 1) * int4Bytes(use.group);
  };
  const read = [...tensors.values()].filter(({ name }) => !isOtherPart(name));
  const rest = holding.layers('');
  const packed = packedWeights(unread).reduce(
    (sum, { weights, bytes }) => sum + (rest.type === 'int4' ? weights * int4Bytes(rest.group) : bytes),
    0,
  );
  return read.reduce((sum, info) => sum + bytesOf(info), 0) + packed;
}

/** How a tensor is held: by its name where it is a matrix of the layers. */
function useOf({ name, shape }: TensorInfo, config: ModelConfig, { layers, head }: Holding): WeightUse {
  if (shape.length < 2) return { type: 'stored' };
  if ('vocab' in config && shape.includes(config.vocab))
    return HEAD.test(name) && !('tied' in config && config.tied) ? head : { type: 'stored' };
  return layers(name.replace(/\.weight$/, ''));
}
