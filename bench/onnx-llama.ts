/**
 * A Llama as an ONNX model with the same weights, in FP32, built from the operators that onnxruntime has for it:
 * SimplifiedLayerNormalization (RMSNorm), MatMul, and GroupQueryAttention with rotary embedding.
 */
import type { DecoderConfig } from '../src/model/config/config.ts';
import type { OpenedModel } from '../src/model/load.ts';
import type { LoadedModel } from '../src/model/model.ts';
import { ropeTurn } from '../src/model/layer/rope.ts';
import { tensorSource, WeightMatrix } from '../src/model/weight/weight-matrix.ts';
import { declaration, FLOAT, INT32, INT64, type Node, onnxModel, tensor } from './onnx.ts';
import { type Library, type OnnxTensor, oneThread, type Session } from './onnxruntime.ts';

const MICROSOFT = 'com.microsoft';

/** ids [batch × tokens] → logits [batch × tokens × vocab]; past and present keys and values of each layer. */
function llamaModel(config: DecoderConfig, { checkpoint }: OpenedModel, model: LoadedModel): Uint8Array {
  const { hidden, heads, kvHeads, headDim, vocab, epsilon, layers, context, each } = config;
  const nodes: Node[] = [];
  const initializers: Uint8Array[] = [];
  const inputs = [
    declaration('ids', INT64, ['batch', 'tokens']),
    declaration('seqlens_k', INT32, ['batch']),
    declaration('total', INT32, [1]),
  ];
  const outputs = [declaration('logits', FLOAT, ['batch', 'tokens', vocab])];
  const add = (op: string, from: string[], to: string | string[], rest: Partial<Node> = {}): void => {
    nodes.push({ op, inputs: from, outputs: typeof to === 'string' ? [to] : to, ...rest });
  };
  const floats = (name: string, dims: number[], values: Float32Array) =>
    void initializers.push(tensor(name, FLOAT, dims, values));

  const matrix = (name: string) =>
    WeightMatrix.of(tensorSource(checkpoint.source(name, [vocab, hidden]), vocab, hidden), vocab, hidden);
  const table = matrix('model.embed_tokens.weight');
  floats('embedding', [vocab, hidden], table.rows(0, vocab));
  const head = config.tied ? table : matrix('lm_head.weight');
  const { frequencies } = ropeTurn(each[0].rope!, context);
  const angles = (f: (x: number) => number) =>
    Float32Array.from({ length: (context * headDim) / 2 }, (_, at) =>
      f(Math.floor(at / (headDim / 2)) * frequencies[at % (headDim / 2)]),
    );
  floats('cos', [context, headDim / 2], angles(Math.cos));
  floats('sin', [context, headDim / 2], angles(Math.sin));

  /** y = x·Wᵀ; MatMul wants W turned. */
  const linear = (name: string, x: string, y: string, weight = model.linears.get(name)!.weight) => {
    const { outputs: o, inputs: i } = weight;
    floats(name, [i, o], turned(weight));
    add('MatMul', [x, name], y);
  };
  const norm = (name: string, x: string, y: string) => {
    floats(name, [hidden], checkpoint.read(`${name}.weight`, [hidden]));
    add('SimplifiedLayerNormalization', [x, name], y, { integers: { axis: 2 }, floats: { epsilon } });
  };

  add('Gather', ['embedding', 'ids'], 'x0');
  let x = 'x0';
  for (let n = 0; n < layers; n++) {
    const at = `model.layers.${n}`;
    const own = (name: string) => `${name}${n}`;
    const cache = (name: string) =>
      declaration(own(name), FLOAT, ['batch', kvHeads, `${name}_length`, headDim]);
    inputs.push(cache('past_k'), cache('past_v'));
    outputs.push(cache('present_k'), cache('present_v'));
    norm(`${at}.input_layernorm`, x, own('h'));
    for (const part of ['q', 'k', 'v']) linear(`${at}.self_attn.${part}_proj`, own('h'), own(part));
    add(
      'GroupQueryAttention',
      [own('q'), own('k'), own('v'), own('past_k'), own('past_v'), 'seqlens_k', 'total', 'cos', 'sin'],
      [own('attended'), own('present_k'), own('present_v')],
      {
        domain: MICROSOFT,
        integers: {
          num_heads: heads,
          kv_num_heads: kvHeads,
          do_rotary: 1,
          rotary_interleaved: Number(each[0].rope!.interleaved),
        },
      },
    );
    linear(`${at}.self_attn.o_proj`, own('attended'), own('o'));
    add('Add', [x, own('o')], own('middle'));
    norm(`${at}.post_attention_layernorm`, own('middle'), own('g'));
    linear(`${at}.mlp.gate_proj`, own('g'), own('gate'));
    linear(`${at}.mlp.up_proj`, own('g'), own('up'));
    add('Sigmoid', [own('gate')], own('sigmoid'));
    add('Mul', [own('gate'), own('sigmoid')], own('silu'));
    add('Mul', [own('silu'), own('up')], own('product'));
    linear(`${at}.mlp.down_proj`, own('product'), own('down'));
    add('Add', [own('middle'), own('down')], own('out'));
    x = own('out');
  }
  norm('model.norm', x, 'last');
  linear('head', 'last', 'logits', head);
  return onnxModel({ nodes, initializers, inputs, outputs });
}

/** W [outputs × inputs] as [inputs × outputs]. */
function turned(weight: WeightMatrix): Float32Array {
  const { outputs, inputs } = weight;
  const rows = weight.rows(0, outputs);
  const out = new Float32Array(rows.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) out[i * outputs + o] = rows[o * inputs + i];
  }
  return out;
}

/** The model in onnxruntime, on one thread. */
export class OnnxLlama {
  readonly #library: Library;
  readonly #session: Session;
  readonly #config: DecoderConfig;

  private constructor(library: Library, session: Session, config: DecoderConfig) {
    this.#library = library;
    this.#session = session;
    this.#config = config;
  }

  static async create(
    library: Library,
    config: DecoderConfig,
    opened: OpenedModel,
    model: LoadedModel,
  ): Promise<OnnxLlama> {
    return new OnnxLlama(library, await oneThread(library, llamaModel(config, opened, model)), config);
  }

  /** Runs `batch` sequences of equal length; ids one after another. `past` is what an earlier call returned. */
  async run(
    ids: Int32Array,
    batch: number,
    past?: Record<string, OnnxTensor>,
  ): Promise<Record<string, OnnxTensor>> {
    const { layers, kvHeads, headDim } = this.#config;
    const { Tensor } = this.#library;
    const tokens = ids.length / batch;
    const held = past?.present_k0!.dims[2] ?? 0;
    const feeds: Record<string, OnnxTensor> = {
      ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [batch, tokens]),
      seqlens_k: new Tensor('int32', new Int32Array(batch).fill(held + tokens - 1), [batch]),
      total: new Tensor('int32', Int32Array.of(held + tokens), [1]),
    };
    for (let n = 0; n < layers; n++) {
      for (const part of ['k', 'v']) {
        feeds[`past_${part}${n}`] =
          past?.[`present_${part}${n}`] ??
          new Tensor('float32', new Float32Array(0), [batch, kvHeads, 0, headDim]);
      }
    }
    return this.#session.run(feeds);
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}
