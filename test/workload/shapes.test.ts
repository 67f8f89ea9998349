import { expect, it } from 'vitest';
import { decodeStep } from '../../src/compare/model-facts.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import { kvElements } from '../../src/workload/parameters.ts';
import { PUBLIC } from './public/index.ts';

/**
 * Cache and products of a decode step from the shapes that a file states, by formulas of this file alone: hardly a
 * card publishes either. The step is that of one sequence at a context of one token.
 */

type Shapes = Record<string, unknown>;

/** Networks of two matrices; all others have three. */
const TWO_MATRICES =
  'gpt2 gptj codegen gpt_bigcode gpt_neox opt bloom mpt falcon starcoder2 phi nemotron arcee gpt_neo'.split(
    ' ',
  );

/** What these formulas are not for: layers of several kinds, or sizes that the file leaves to its family. */
const OTHERS: Record<string, string> = {
  'recurrent layers':
    'qwen3_next qwen3_5_text qwen3_5_moe_text kimi_linear minimax minimax_m1 minimax_text_01 granitemoehybrid nemotron_h mamba falcon_mamba mamba2 jamba bamba falcon_h1',
  'layers of several shapes': 'nemotron-nas deci gemma4_text mimo_v2_flash hunyuan_v1_moe',
  'an indexer': 'deepseek_v32 glm_moe_dsa minimax_m3',
  'no cache':
    'bert roberta xlm-roberta camembert distilbert electra modernbert vit vivit swin swinv2 llama_bidirec',
  'two stacks': 'whisper',
  'sizes of its family': 'gpt_neo',
};

const first = (shapes: Shapes, ...keys: string[]): number | undefined =>
  keys.map((key) => shapes[key]).find((value): value is number => typeof value === 'number');

const inside = (config: Shapes): Shapes => (config.text_config ?? config.language_config ?? config) as Shapes;

/** Elements of the cache a token and products of a step; undefined where a size is not stated. */
function worked(shapes: Shapes): { kv: number; macs: number } | undefined {
  const type = String(shapes.model_type);
  const attn = (shapes.attn_config ?? {}) as Shapes;
  const net = (shapes.ffn_config ?? {}) as Shapes;
  const hidden = first(shapes, 'hidden_size', 'n_embd', 'd_model', 'n_embed');
  const layers = first(shapes, 'num_hidden_layers', 'n_layer', 'num_layers', 'n_layers');
  const heads = first(shapes, 'num_attention_heads', 'n_head', 'n_heads');
  const words = first(shapes, 'vocab_size', 'padded_vocab_size');
  if (hidden === undefined || layers === undefined || heads === undefined || words === undefined)
    return undefined;
  const one = shapes.multi_query === true || type === 'gpt_bigcode' ? 1 : undefined;
  const grouped =
    first(shapes, 'num_key_value_heads', 'num_kv_heads', 'multi_query_group_num') ??
    first(attn, 'kv_n_heads');
  const kvHeads = one ?? grouped ?? heads;
  const size = first(shapes, 'head_dim', 'kv_channels') ?? hidden / heads;

  const rank = first(shapes, 'kv_lora_rank');
  let attention = hidden * size * (2 * heads + 2 * kvHeads) + 2 * heads * size;
  let kv = 2 * kvHeads * size;
  if (rank !== undefined) {
    const [plain, turned] = [shapes.qk_nope_head_dim as number, shapes.qk_rope_head_dim as number];
    const value = first(shapes, 'v_head_dim') ?? hidden / heads;
    const query = first(shapes, 'q_lora_rank');
    const toQuery =
      query === undefined ? hidden * heads * (plain + turned) : query * (hidden + heads * (plain + turned));
    const toLatent = hidden * (rank + turned);
    // The matrices that make keys and values of the latent meet the query and what leaves the cache instead.
    const absorbed = heads * rank * (plain + value);
    const scores = heads * (rank + turned) + heads * rank;
    attention = toQuery + toLatent + absorbed + scores + heads * value * hidden;
    kv = rank + turned;
  }

  const matrices = TWO_MATRICES.includes(type) ? 2 : 3;
  const stated =
    first(shapes, 'intermediate_size', 'n_inner', 'ffn_dim', 'ffn_hidden_size') ??
    first(net, 'ffn_hidden_size');
  const width = (stated ?? 4 * hidden) / (type === 'qwen' ? 2 : 1);
  const total =
    first(shapes, 'num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts') ??
    first(net, 'moe_num_experts');
  const active = first(shapes, 'num_experts_per_tok', 'moe_k', 'moe_top_k') ?? first(net, 'moe_top_k');
  const dense = matrices * hidden * width;
  let networks = layers * dense;
  if (total !== undefined && active !== undefined) {
    const each = first(shapes, 'moe_intermediate_size') ?? width;
    const count = first(shapes, 'n_shared_experts', 'num_shared_experts', 'moe_num_shared_experts') ?? 0;
    const shared =
      first(shapes, 'shared_expert_intermediate_size', 'shared_intermediate_size', 'share_expert_dim') ??
      (type === 'llama4_text' ? each : count * each);
    // Qwen 2 MoE weighs its shared expert by a value of its own.
    const weigh = 'shared_expert_intermediate_size' in shapes ? hidden : 0;
    const sparse = hidden * total + matrices * hidden * (active * each + shared) + weigh;
    const before = first(shapes, 'first_k_dense_replace', 'moe_layer_start_index') ?? 0;
    networks = before * dense + (layers - before) * sparse;
  }
  const narrow = first(shapes, 'word_embed_proj_dim') ?? hidden;
  const head = narrow * words + (narrow === hidden ? 0 : 2 * hidden * narrow);
  return { kv: layers * kv, macs: layers * attention + networks + head };
}

const excluded = new Set(Object.values(OTHERS).flatMap((types) => types.split(' ')));
const compared = Object.entries(PUBLIC).filter(([, { config }]) => {
  const shapes = inside(config);
  return !excluded.has(String(shapes.model_type));
});

it.each(compared)('%s: cache and products of a step, from its shapes', (name, { config }) => {
  const ours = modelFromConfig(config, 'config.json', name);
  const expected = worked(inside(config));
  const step = decodeStep(ours, { batch: 1, context: 1, prefill: 0 }, 1);
  expect({ kv: kvElements(ours), macs: step?.macs }).toEqual(expected);
});

it('most families of decoders are compared', () => {
  const types = new Set(compared.map(([, { config }]) => String(inside(config).model_type)));
  expect(types.size).toBeGreaterThan(60);
});
