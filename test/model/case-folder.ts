import type { Case } from './family/case.ts';
import { D, FF, H, L, type Shapes, V } from './family-shapes.ts';
import { randomTensor, type TestTensors, writeFolder } from './write-checkpoint.ts';

const BASE = {
  hidden_size: H,
  intermediate_size: FF,
  num_hidden_layers: L,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: D,
  vocab_size: V,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  hidden_act: 'silu',
  rope_theta: 500,
  tie_word_embeddings: false,
};

/** Random tensors: norms about one, sinks and biases large enough to matter. */
export function caseTensors(shapes: Shapes): TestTensors {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => {
      const norm = /norm/i.test(name) && name.endsWith('weight');
      const spread = shape.length === 1 && !norm ? 0.5 : norm ? 0.2 : 0.3;
      return [name, randomTensor(shape, 500 + i, spread, norm ? 1 : 0)];
    }),
  );
}

/** A checkpoint of a small decoder of some family; its path. */
export const caseFolder = (
  { type, config, shapes }: Pick<Case, 'type' | 'config' | 'shapes'>,
  tensors = caseTensors(shapes),
): string => writeFolder({ ...BASE, model_type: type, ...config }, tensors);
