/** GGUF's matrices of a block, and the modules of Hugging Face's layer that they are (llama.cpp, `tensor_mapping.py`). */
export const BLOCK_MATRICES: Readonly<Record<string, string>> = {
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
};

const IN_LAYER: Readonly<Record<string, string>> = {
  ...BLOCK_MATRICES,
  attn_norm: 'input_layernorm',
  ffn_norm: 'post_attention_layernorm',
};

/** llama.cpp's tensor of divisors of the rotary frequencies: how its converter writes Llama 3's rescaling. */
export const ROPE_FACTORS = 'rope_freqs.weight';

const OUTSIDE: Readonly<Record<string, string>> = {
  'token_embd.weight': 'model.embed_tokens.weight',
  'output_norm.weight': 'model.norm.weight',
  'output.weight': 'lm_head.weight',
  [ROPE_FACTORS]: ROPE_FACTORS,
};

/** The Hugging Face name of a GGUF tensor; its own for one that no model here reads, which is refused by it. */
export function hubName(name: string): string {
  if (Object.hasOwn(OUTSIDE, name)) return OUTSIDE[name];
  const block = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name);
  if (block === null || !Object.hasOwn(IN_LAYER, block[2])) return name;
  return `model.layers.${block[1]}.${IN_LAYER[block[2]]}.${block[3]}`;
}
