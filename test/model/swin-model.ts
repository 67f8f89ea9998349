/**
 * A small SwinV2 with every feature of its configuration: windows that do not divide the side, shifts, an odd side that is
 * merged, a stage smaller than its windows, biases trained on other windows.
 */
export const SWIN = {
  model_type: 'swinv2',
  image_size: 20,
  patch_size: 2,
  num_channels: 3,
  embed_dim: 8,
  depths: [2, 2, 1],
  num_heads: [2, 4, 4],
  window_size: 4,
  pretrained_window_sizes: [0, 6, 0],
  mlp_ratio: 2.5,
  qkv_bias: true,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-5,
  id2label: { 0: 'cat', 1: 'dog', 2: 'owl' },
};

export function swinShapes(): Record<string, number[]> {
  const { embed_dim: embed, num_channels: channels, patch_size: patch, depths, num_heads } = SWIN;
  const all: Record<string, number[]> = {
    'swinv2.embeddings.patch_embeddings.projection.weight': [embed, channels, patch, patch],
    'swinv2.embeddings.patch_embeddings.projection.bias': [embed],
  };
  const norm = (name: string, width: number) =>
    Object.assign(all, { [`${name}.weight`]: [width], [`${name}.bias`]: [width] });
  const linear = (name: string, outputs: number, inputs: number, bias: boolean) => {
    all[`${name}.weight`] = [outputs, inputs];
    if (bias) all[`${name}.bias`] = [outputs];
  };
  norm('swinv2.embeddings.norm', embed);
  for (const [n, depth] of depths.entries()) {
    const width = embed * 2 ** n;
    const at = `swinv2.encoder.layers.${n}`;
    for (let b = 0; b < depth; b++) {
      const block = `${at}.blocks.${b}`;
      const self = `${block}.attention.self`;
      all[`${self}.logit_scale`] = [num_heads[n], 1, 1];
      linear(`${self}.continuous_position_bias_mlp.0`, 512, 2, true);
      linear(`${self}.continuous_position_bias_mlp.2`, num_heads[n], 512, false);
      linear(`${self}.query`, width, width, true);
      linear(`${self}.key`, width, width, false);
      linear(`${self}.value`, width, width, true);
      linear(`${block}.attention.output.dense`, width, width, true);
      linear(`${block}.intermediate.dense`, Math.trunc(width * SWIN.mlp_ratio), width, true);
      linear(`${block}.output.dense`, width, Math.trunc(width * SWIN.mlp_ratio), true);
      // transformers' names; "layernorm" makes their weights lie about one.
      norm(`${block}.layernorm_before`, width);
      norm(`${block}.layernorm_after`, width);
    }
    if (n === depths.length - 1) continue;
    linear(`${at}.downsample.reduction`, 2 * width, 4 * width, false);
    norm(`${at}.downsample.norm`, 2 * width);
  }
  const last = embed * 2 ** (depths.length - 1);
  norm('swinv2.layernorm', last);
  linear('classifier', 3, last, true);
  return all;
}
