const HYBRID = 'a hybrid of attention and state-space layers';
const SHARED = 'sharing of keys and values across layers';
const ALTUP = 'alternating updates of the residual stream (AltUp) with an embedding for every layer';
const CONVOLUTION = 'a hybrid of convolution and attention layers';
const SPARSE = 'attention to a window and to chosen tokens';
const TEXT_TO_TEXT = 'an encoder–decoder of text';
const RELATIVE = 'an encoder–decoder with relative position biases';

/** model_type values that are known and not modelled faithfully, with what stands in the way. */
export const REFUSED: Readonly<Record<string, string>> = {
  deepseek_v4: 'attention over compressed keys (CSA, HCA) with hyper-connections',
  rwkv: 'a recurrent model',
  recurrent_gemma: 'a hybrid of recurrent and attention layers',
  zamba: HYBRID,
  zamba2: HYBRID,
  phi4flash: HYBRID,
  lfm2: CONVOLUTION,
  lfm2_moe: CONVOLUTION,
  rwkv5: 'a recurrent model',
  rwkv6: 'a recurrent model',
  rwkv7: 'a recurrent model',
  apertus: 'an activation with trained slopes (xIELU)',
  openelm: 'layers with heads and widths of their own each',
  longcat_flash: 'two attentions in a layer, and experts that pass their input on',
  longformer: SPARSE,
  big_bird: SPARSE,
  gemma3n: ALTUP,
  gemma3n_text: ALTUP,
  hunyuan: SHARED,
  mllama: 'cross-attention to images between the layers',
  mllama_text_model: 'cross-attention to images between the layers',
  t5: RELATIVE,
  mt5: RELATIVE,
  umt5: RELATIVE,
  bart: TEXT_TO_TEXT,
  mbart: TEXT_TO_TEXT,
  marian: TEXT_TO_TEXT,
  pegasus: TEXT_TO_TEXT,
  m2m_100: TEXT_TO_TEXT,
  blenderbot: TEXT_TO_TEXT,
  'deberta-v2': 'disentangled attention',
  albert: 'layers that share their weights',
};
