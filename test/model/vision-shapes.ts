/** A small ViViT with every feature of its configuration: oblong tubelets, GELU by tangent, biases of q, k and v. */
export const VIVIT = {
  model_type: 'vivit',
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 24,
  hidden_act: 'gelu_fast',
  image_size: 6,
  num_frames: 4,
  tubelet_size: [2, 3, 2],
  num_channels: 2,
  qkv_bias: true,
  layer_norm_eps: 1e-6,
  id2label: { 0: 'fall', 1: 'jump', 2: 'run' },
};

export function vivitShapes(): Record<string, number[]> {
  const { hidden_size: h, intermediate_size: ffn, num_channels: c, tubelet_size } = VIVIT;
  const all: Record<string, number[]> = {
    'vivit.embeddings.cls_token': [1, 1, h],
    'vivit.embeddings.position_embeddings': [1, 13, h],
    'vivit.embeddings.patch_embeddings.projection.weight': [h, c, ...tubelet_size],
    'vivit.embeddings.patch_embeddings.projection.bias': [h],
    'vivit.layernorm.weight': [h],
    'vivit.layernorm.bias': [h],
    'classifier.weight': [3, h],
    'classifier.bias': [3],
  };
  for (let n = 0; n < VIVIT.num_hidden_layers; n++) {
    const at = `vivit.encoder.layer.${n}`;
    const linear = (name: string, outputs: number, inputs: number) => {
      all[`${at}.${name}.weight`] = [outputs, inputs];
      all[`${at}.${name}.bias`] = [outputs];
    };
    for (const name of ['query', 'key', 'value']) linear(`attention.attention.${name}`, h, h);
    linear('attention.output.dense', h, h);
    linear('intermediate.dense', ffn, h);
    linear('output.dense', h, ffn);
    for (const name of ['layernorm_before', 'layernorm_after']) {
      all[`${at}.${name}.weight`] = [h];
      all[`${at}.${name}.bias`] = [h];
    }
  }
  return all;
}
