import type { Checkpoint } from '../checkpoint.ts';
import type { DecoderConfig, DecoderLayerConfig } from '../config/config.ts';
import { keyScales } from '../layer/key-scales.ts';
import type { Linear } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import type { Weights } from '../weight/weights.ts';
import { loadExperts, type Experts } from './experts.ts';

/** Queries, keys and values: a matrix each, or one whose results are cut. */
export type Qkv = { q: Linear; k: Linear; v: Linear } | { all: Linear; order: 'parts' | 'heads' };

/** Gate and up: a matrix each, one for both, or up alone. */
export type Ffn = ({ gate: Linear; up: Linear } | { gateUp: Linear } | { up: Linear }) & { down: Linear };

export interface DecoderLayer {
  attentionNorm: Norm | undefined;
  ffnNorm: Norm | undefined;
  attentionOut: Norm | undefined;
  ffnOut: Norm | undefined;
  qkv: Qkv;
  qNorm: Float32Array | undefined;
  kNorm: Float32Array | undefined;
  keyScales: () => Float32Array;
  o: Linear;
  sinks: Float32Array | undefined;
  ffn: Ffn | undefined;
  experts: Experts | undefined;
}

/** The weights of one layer, from the names that its family gives them. */
export function loadLayer(
  w: Weights,
  at: string,
  config: DecoderConfig,
  own: DecoderLayerConfig,
  norm: (name: string) => Norm,
): DecoderLayer {
  const { hidden, heads, kvHeads, headDim, bias, blocks, qkNorm } = config;
  const { layer: names } = config.names;
  const [width, kvWidth] = [heads * headDim, kvHeads * headDim];
  const of = (name: string, outputs: number, inputs: number, biased: boolean) =>
    w.linear(`${at}.${name}`, outputs, inputs, biased);
  const attentionNorm = blocks === 'post' ? undefined : norm(`${at}.${names.attentionNorm}`);
  const qkv: Qkv =
    names.qkv === undefined
      ? {
          q: of(names.q, width, hidden, bias.qkv),
          k: of(names.k, kvWidth, hidden, bias.qkv),
          v: of(names.v, kvWidth, hidden, bias.qkv),
        }
      : { all: of(names.qkv.name, width + 2 * kvWidth, hidden, bias.qkv), order: names.qkv.order };
  const kNorm = qkNorm && headNorm(w, `${at}.${names.kNorm}`, config, kvHeads);
  const keys = 'all' in qkv ? qkv.all : qkv.k;
  const offset = 'all' in qkv ? (qkv.order === 'parts' ? width : headDim) : 0;
  const stride = 'all' in qkv && qkv.order === 'heads' ? 3 * headDim : headDim;
  const { rope } = own;
  return {
    attentionNorm,
    ffnNorm: blocks === 'post' || blocks === 'parallel' ? undefined : norm(`${at}.${names.ffnNorm}`),
    attentionOut: blocks === 'post' || blocks === 'around' ? norm(`${at}.${names.attentionOut}`) : undefined,
    ffnOut: blocks === 'post' || blocks === 'around' ? norm(`${at}.${names.ffnOut}`) : undefined,
    qkv,
    qNorm: qkNorm && headNorm(w, `${at}.${names.qNorm}`, config, heads),
    kNorm,
    keyScales: keyScales(config, {
      weight: keys.weight,
      from: (head) => offset + head * stride,
      bias: keys.bias,
      gain: attentionNorm?.weight,
      shift: attentionNorm?.bias,
      normed: kNorm,
      rotary: rope && { pairs: rope.interleaved ? 'neighbours' : 'half', dim: rope.dim },
    }),
    o: of(names.o, hidden, width, bias.output),
    sinks: config.sinks ? w.vector(`${at}.${names.sinks}`, heads) : undefined,
    ffn: own.experts === undefined ? loadFfn(w, at, config, own.ffn) : undefined,
    experts: own.experts && loadExperts(w, at, config, own.experts),
  };
}

/** A feed-forward network by the family's names. */
function loadFfn(w: Weights, at: string, { hidden, gated, bias, names }: DecoderConfig, width: number): Ffn {
  const { gate, up, down, gateUp } = names.layer;
  const of = (name: string, outputs: number, inputs: number) =>
    w.linear(`${at}.${name}`, outputs, inputs, bias.mlp);
  const first = !gated
    ? { up: of(up, width, hidden) }
    : gateUp !== undefined
      ? { gateUp: of(gateUp, 2 * width, hidden) }
      : { gate: of(gate, width, hidden), up: of(up, width, hidden) };
  return { ...first, down: of(down, hidden, width) };
}

/** Weights of a norm of queries or keys: one head's, or those of all heads. */
function headNorm(w: Weights, name: string, config: DecoderConfig, heads: number): Float32Array {
  const { qkNorm, headDim, norm } = config;
  if (qkNorm?.over === 'each-head') {
    const all = new Float32Array(heads * headDim);
    for (let h = 0; h < heads; h++) all.set(w.vector(`${name}.norms.${h}.weight`, headDim), h * headDim);
    return all;
  }
  const weights = w.vector(`${name}.weight`, qkNorm?.over === 'width' ? heads * headDim : headDim);
  return norm.offset === 0 ? weights : weights.map((x) => x + norm.offset);
}

/** The first part of all names: wrappers put theirs before it, models without a head leave the family's away. */
export function bodyOf(checkpoint: Checkpoint, { body, embedding }: DecoderConfig['names']): string {
  const wrappers = ['', 'language_model.', 'model.language_model.', 'language_model.model.'];
  const tried = [body, ...wrappers.flatMap((before) => [`${before}${body}`, before])];
  return tried.find((prefix) => checkpoint.has(`${prefix}${embedding}.weight`)) ?? body;
}
