const HYBRID = 'a hybrid of attention and state-space layers';
const SHARED = 'sharing of keys and values across layers';
const ALTUP = 'alternating updates of the residual stream (AltUp) with an embedding for every layer';
const RELATIVE = 'an encoder–decoder with relative position biases';

/** model_type values that are known and not modelled faithfully, with what stands in the way. */
export const REFUSED: Readonly<Record<string, string>> = {
  deepseek_v4: 'attention over compressed keys (CSA, HCA) with hyper-connections',
  rwkv: 'a recurrent model',
  recurrent_gemma: 'a hybrid of recurrent and attention layers',
  zamba: HYBRID,
  zamba2: HYBRID,
  phi4flash: HYBRID,
  lfm2: 'a hybrid of convolution and attention layers',
  gemma3n: ALTUP,
  gemma3n_text: ALTUP,
  hunyuan: SHARED,
  mllama: 'cross-attention to images between the layers',
  mllama_text_model: 'cross-attention to images between the layers',
  t5: RELATIVE,
  mt5: RELATIVE,
  umt5: RELATIVE,
  bart: 'an encoder–decoder of text',
  'deberta-v2': 'disentangled attention',
  albert: 'layers that share their weights',
};
