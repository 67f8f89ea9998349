const MLA = 'multi-head latent attention (MLA)';
const SSM = 'a state-space model';
const HYBRID = 'a hybrid of attention and state-space layers';
const LINEAR = 'linear attention';
const SHARED = 'sharing of keys and values across layers';
const RELATIVE = 'an encoder–decoder with relative position biases';

/** model_type values that are known and not modelled faithfully, with what stands in the way. */
export const REFUSED: Readonly<Record<string, string>> = {
  deepseek_v2: MLA,
  deepseek_v3: MLA,
  deepseek_v32: MLA,
  kimi_k2: MLA,
  minicpm3: MLA,
  mamba: SSM,
  mamba2: SSM,
  falcon_mamba: SSM,
  rwkv: 'a recurrent model',
  recurrent_gemma: 'a hybrid of recurrent and attention layers',
  jamba: HYBRID,
  bamba: HYBRID,
  zamba: HYBRID,
  zamba2: HYBRID,
  nemotron_h: HYBRID,
  falcon_h1: HYBRID,
  granitemoehybrid: HYBRID,
  phi4flash: HYBRID,
  lfm2: 'a hybrid of convolution and attention layers',
  qwen3_next: LINEAR,
  kimi_linear: LINEAR,
  minimax: LINEAR,
  minimax_text_01: LINEAR,
  gemma3n: SHARED,
  gemma3n_text: SHARED,
  hunyuan: SHARED,
  llama4: 'chunked attention',
  llama4_text: 'chunked attention',
  mllama: 'cross-attention to images between the layers',
  mllama_text_model: 'cross-attention to images between the layers',
  t5: RELATIVE,
  mt5: RELATIVE,
  umt5: RELATIVE,
  bart: 'an encoder–decoder of text',
  'deberta-v2': 'disentangled attention',
};
