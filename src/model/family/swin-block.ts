import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import type { ActivationName, SwinStage } from '../config/config.ts';
import { attention } from '../layer/attention.ts';
import { keyScales } from '../layer/key-scales.ts';
import { addInPlace } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import { positionBias } from '../layer/position-bias.ts';
import { intoWindows, outOfWindows, windowsOf } from '../layer/windows.ts';
import type { Weights } from '../weight/weights.ts';
import { normalise } from './norms.ts';

/** A block of a stage: its own shift, its place among all blocks. */
export interface SwinBlockShape extends SwinStage {
  place: number;
  activation: ActivationName;
  qkvBias: boolean;
  epsilon: number;
}

/** x [count·side² × hidden] to x. */
export type SwinBlock = (x: Float32Array, arithmetic: Arithmetic) => Float32Array;

/** Width of the network that makes position biases, and the logarithm of the largest factor of scores. */
const BIAS_WIDTH = 512;
const MOST_LOG = Math.log(100);

/**
 * One block of SwinV2 (Liu et al., 2022, §3): attention in windows on cosines of queries and keys, with a factor a head and a
 * bias by offset, then the network; each half is normalised before it is added.
 */
export function swinBlock(w: Weights, at: string, shape: SwinBlockShape): SwinBlock {
  const { hidden, heads, ffn, side, window, shift, trained, qkvBias, epsilon, place } = shape;
  const headDim = hidden / heads;
  const self = `${at}.attention.self`;
  const q = w.linear(`${self}.query`, hidden, hidden, qkvBias);
  const k = w.linear(`${self}.key`, hidden, hidden, false);
  const v = w.linear(`${self}.value`, hidden, hidden, qkvBias);
  const o = w.linear(`${at}.attention.output.dense`, hidden, hidden, true);
  const up = w.linear(`${at}.intermediate.dense`, ffn, hidden, true);
  const down = w.linear(`${at}.output.dense`, hidden, ffn, true);
  const [attended, networked] = ['before', 'after'].map((half) => w.norm(`${at}.layernorm_${half}`, hidden));
  const factors = w
    .read(`${self}.logit_scale`, [heads, 1, 1])
    .map((log) => Math.exp(Math.min(log, MOST_LOG)));
  const network = `${self}.continuous_position_bias_mlp`;
  const bias = positionBias(
    {
      first: w.read(`${network}.0.weight`, [BIAS_WIDTH, 2]),
      bias: w.vector(`${network}.0.bias`, BIAS_WIDTH),
      second: w.read(`${network}.2.weight`, [heads, BIAS_WIDTH]),
    },
    heads,
    window,
    trained,
  );
  const windows = windowsOf(side, window, shift);
  const regionsOf = (n: number): Int32Array | undefined =>
    windows.regions?.subarray(n * windows.tokens, (n + 1) * windows.tokens);
  const attends = {
    heads,
    kvHeads: heads,
    headDim,
    causal: false,
    scale: 1,
    bias,
    keyScales: keyScales({ kvHeads: heads, headDim }, { weight: k.weight }),
  };

  return (x, arithmetic) => {
    const normed = (y: Float32Array, norm: Norm) =>
      normalise(y, y.length / hidden, norm, epsilon, arithmetic);
    const seen = intoWindows(x, hidden, windows);
    const rows = seen.length / hidden;
    const sequences = Array.from({ length: rows / windows.tokens }, (_, i) => ({
      rows: windows.tokens,
      regions: regionsOf(i % windows.count),
    }));
    const cosine = (y: Float32Array, factor: (head: number) => number) =>
      roundActivations(unitHeads(y, heads, headDim, factor), arithmetic);
    const mixed = attention(
      place,
      attends,
      {
        q: cosine(q.apply(seen, rows, arithmetic), (head) => factors[head]),
        k: cosine(k.apply(seen, rows, arithmetic), () => 1),
        v: v.apply(seen, rows, arithmetic),
      },
      sequences,
      arithmetic,
    );
    const back = outOfWindows(o.apply(mixed, rows, arithmetic), hidden, windows);
    addInPlace(x, normed(back, attended));
    roundActivations(x, arithmetic);
    const tokens = x.length / hidden;
    const values = up.apply(x, tokens, arithmetic);
    const next = down.weight;
    arithmetic.nonlinear.activation({
      layer: place,
      name: shape.activation,
      values,
      rows: tokens,
      width: ffn,
      next,
    });
    const y = down.apply(roundActivations(values, arithmetic), tokens, arithmetic);
    addInPlace(x, normed(y, networked));
    return roundActivations(x, arithmetic);
  };
}

/** Smallest length that is divided by, as PyTorch's `normalize` has it. */
const SHORTEST = 1e-12;

/** Each head of each row at length 1, times a factor, in place. */
function unitHeads(
  y: Float32Array,
  heads: number,
  headDim: number,
  factor: (head: number) => number,
): Float32Array {
  for (let at = 0; at < y.length; at += headDim) {
    let squares = 0;
    for (let i = at; i < at + headDim; i++) squares += y[i] * y[i];
    const scale = factor((at / headDim) % heads) / Math.max(Math.sqrt(squares), SHORTEST);
    for (let i = at; i < at + headDim; i++) y[i] *= scale;
  }
  return y;
}
