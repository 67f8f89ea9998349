export const [H, FF, V, D, L] = [32, 40, 30, 8, 3];
export type Shapes = Record<string, number[]>;

export const LLAMA_NAMES = {
  attentionNorm: 'input_layernorm',
  ffnNorm: 'post_attention_layernorm',
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  qNorm: 'self_attn.q_norm',
  kNorm: 'self_attn.k_norm',
  sinks: 'self_attn.sinks',
};

/** Llama's tensors, without those that match `leave`, and with `more` in every layer. */
export function shapesOf(
  more: (at: string) => Shapes = () => ({}),
  leave = /^$/,
  outside: Shapes = {},
): Shapes {
  const all: Shapes = {
    'model.embed_tokens.weight': [V, H],
    'model.norm.weight': [H],
    'lm_head.weight': [V, H],
    ...outside,
  };
  for (let n = 0; n < L; n++) {
    const at = `model.layers.${n}`;
    Object.assign(all, {
      [`${at}.input_layernorm.weight`]: [H],
      [`${at}.post_attention_layernorm.weight`]: [H],
      [`${at}.self_attn.q_proj.weight`]: [4 * D, H],
      [`${at}.self_attn.k_proj.weight`]: [2 * D, H],
      [`${at}.self_attn.v_proj.weight`]: [2 * D, H],
      [`${at}.self_attn.o_proj.weight`]: [H, 4 * D],
      [`${at}.mlp.gate_proj.weight`]: [FF, H],
      [`${at}.mlp.up_proj.weight`]: [FF, H],
      [`${at}.mlp.down_proj.weight`]: [H, FF],
      ...more(at),
    });
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => !leave.test(name)));
}

export const biases = (at: string, ...names: [string, number][]): Shapes =>
  Object.fromEntries(names.map(([name, size]) => [`${at}.${name}.bias`, [size]]));

export const EXPERT = ['gate_proj', 'up_proj', 'down_proj'];

export function qkNorms(at: string): Shapes {
  return { [`${at}.self_attn.q_norm.weight`]: [D], [`${at}.self_attn.k_norm.weight`]: [D] };
}

export function fourNorms(at: string): Shapes {
  return {
    [`${at}.pre_feedforward_layernorm.weight`]: [H],
    [`${at}.post_feedforward_layernorm.weight`]: [H],
  };
}

export function olmoNorms(at: string): Shapes {
  return {
    [`${at}.post_feedforward_layernorm.weight`]: [H],
    [`${at}.self_attn.q_norm.weight`]: [4 * D],
    [`${at}.self_attn.k_norm.weight`]: [2 * D],
  };
}

export function experts(at: string, count: number, width: number): Shapes {
  const all: Shapes = { [`${at}.mlp.gate.weight`]: [count, H] };
  for (let e = 0; e < count; e++) {
    all[`${at}.mlp.experts.${e}.gate_proj.weight`] = [width, H];
    all[`${at}.mlp.experts.${e}.up_proj.weight`] = [width, H];
    all[`${at}.mlp.experts.${e}.down_proj.weight`] = [H, width];
  }
  return all;
}

export function neoxShapes(): Shapes {
  const all: Shapes = {
    'gpt_neox.embed_in.weight': [V, H],
    'gpt_neox.final_layer_norm.weight': [H],
    'gpt_neox.final_layer_norm.bias': [H],
    'embed_out.weight': [V, H],
  };
  for (let n = 0; n < L; n++) {
    const at = `gpt_neox.layers.${n}`;
    for (const norm of ['input_layernorm', 'post_attention_layernorm']) {
      all[`${at}.${norm}.weight`] = [H];
      all[`${at}.${norm}.bias`] = [H];
    }
    for (const [name, outputs, inputs] of [
      ['attention.query_key_value', 3 * H, H],
      ['attention.dense', H, H],
      ['mlp.dense_h_to_4h', FF, H],
      ['mlp.dense_4h_to_h', H, FF],
    ] as const) {
      all[`${at}.${name}.weight`] = [outputs, inputs];
      all[`${at}.${name}.bias`] = [outputs];
    }
  }
  return all;
}
