/**
 * Names of a language model's matrices in checkpoints, by the operator that multiplies with them: what the module
 * lists of quantisation configs refer to. One operator has a name in each family's code; a list uses those of its own.
 */

/** Matrices that quantisation schemes treat apart. */
export type Kind = 'linear' | 'expert' | 'router' | 'head';

const ATTENTION = ['self_attn', 'attn', 'attention', 'self_attention', 'mixer', 'linear_attn'];
const MLP = ['mlp', 'ffn', 'feed_forward', 'mixer'];
const EXPERTS = ['mlp', 'ffn', 'feed_forward', 'mixer', 'block_sparse_moe', 'moe'];
/** MLX calls a layer's experts `switch_mlp`. */
const ROUTED = EXPERTS.flatMap((block) => [`${block}.experts`, `${block}.switch_mlp`]);
const SHARED = EXPERTS.flatMap((block) => [`${block}.shared_experts`, `${block}.shared_expert`]);

const under = (blocks: readonly string[], names: readonly string[]): string[] =>
  blocks.flatMap((block) => names.map((name) => `${block}.${name}`));

/** Up, gate and down by the names of Llama, of Mixtral, and fused. */
const NETWORK: Readonly<Record<string, readonly string[]>> = {
  up: ['up_proj', 'gate_up_proj', 'w3'],
  gate: ['gate_proj', 'gate_up_proj', 'w1'],
  down: ['down_proj', 'w2'],
};

const HEAD = ['lm_head', 'head', 'output', 'embed_out'];

const NAMES: Readonly<Record<string, readonly string[]>> = {
  q: under(ATTENTION, ['q_proj', 'qkv_proj', 'Wqkv', 'query_key_value', 'c_attn', 'wq']),
  k: under(ATTENTION, ['k_proj', 'qkv_proj', 'Wqkv', 'query_key_value', 'c_attn', 'wk']),
  v: under(ATTENTION, ['v_proj', 'qkv_proj', 'Wqkv', 'query_key_value', 'c_attn', 'wv']),
  a: under(ATTENTION, ['o_proj', 'out_proj', 'dense', 'c_proj', 'wo']),
  'output-gate': under(ATTENTION, ['g_proj', 'q_proj']),
  'q-down': under(ATTENTION, ['q_a_proj', 'fused_qkv_a_proj']),
  'q-up': under(ATTENTION, ['q_b_proj']),
  'kv-down': under(ATTENTION, ['kv_a_proj_with_mqa', 'fused_qkv_a_proj']),
  'kv-up': under(ATTENTION, ['kv_b_proj']),
  'index-q': under(ATTENTION, ['indexer.wq_b', 'index_q_proj']),
  'index-k': under(ATTENTION, ['indexer.wk', 'index_k_proj']),
  'index-weight': under(ATTENTION, ['indexer.weights_proj', 'indexers_proj']),
  'in-qkv': under(ATTENTION, ['in_proj_qkv', 'in_proj_qkvz', 'qkv_proj']),
  'in-z': under(ATTENTION, ['in_proj_z', 'in_proj_qkvz', 'g_proj', 'output_gate']),
  'in-b': under(ATTENTION, ['in_proj_b', 'in_proj_ba', 'b_proj']),
  'in-a': under(ATTENTION, ['in_proj_a', 'in_proj_ba']),
  'gate-down': under(ATTENTION, ['g_a_proj']),
  'gate-up': under(ATTENTION, ['g_b_proj']),
  'decay-down': under(ATTENTION, ['f_a_proj']),
  'decay-up': under(ATTENTION, ['f_b_proj']),
  in: under([...ATTENTION, 'mamba'], ['in_proj']),
  out: under([...ATTENTION, 'mamba'], ['out_proj', 'o_proj']),
  router: [...under(EXPERTS, ['gate', 'router']), 'router'],
  'latent-down': under(EXPERTS, ['fc1_latent_proj', 'latent_down_proj']),
  'latent-up': under(EXPERTS, ['fc2_latent_proj', 'latent_up_proj']),
  'shared-weight': under(EXPERTS, ['shared_expert_gate']),
  logits: HEAD,
  // A head that is the embedding goes by the embedding's name, too.
  'tied-logits': [...HEAD, 'embed_tokens', 'wte', 'word_embeddings'],
};

/** Gemma 4 keeps its experts beside the dense network, not inside `mlp`. */
const GEMMA_4: Readonly<Record<string, readonly string[]>> = {
  expert: ['experts', 'moe.experts'],
  shared: ['mlp'],
  router: ['router.proj', 'router'],
};

/** Names of a matrix in layer `layer` (none for the head) of a model of type `type`. */
export function moduleNames(operator: string, layer: number | undefined, type: string): string[] {
  const prefix = layer === undefined ? '' : `layers.${layer}.`;
  return ownNames(operator, type).map((name) => prefix + name);
}

function ownNames(operator: string, type: string): readonly string[] {
  const gemma4 = type === 'gemma4_text';
  if (gemma4 && operator === 'router') return GEMMA_4.router;
  const [, kind, part] = /^(?:(expert|shared)-)?(up|gate|down)$/.exec(operator) ?? [];
  if (part === undefined) return Object.hasOwn(NAMES, operator) ? NAMES[operator] : [operator];
  if (kind === undefined) return under(MLP, NETWORK[part]);
  if (kind === 'shared') return under(gemma4 ? GEMMA_4.shared : SHARED, NETWORK[part]);
  const blocks = gemma4 ? GEMMA_4.expert : ROUTED;
  // Experts may be listed one by one or as a whole.
  return [
    ...blocks,
    ...under(blocks, NETWORK[part]),
    ...blocks.flatMap((block) => under([`${block}.0`], NETWORK[part])),
  ];
}

/** How a matrix counts for schemes that know kinds. */
export function kindOf(operator: string): Kind {
  if (operator === 'logits' || operator === 'tied-logits') return 'head';
  if (operator === 'router' || operator === 'shared-weight') return 'router';
  return operator.startsWith('expert-') ? 'expert' : 'linear';
}
