import { MugiError } from '../../errors.ts';
import type { Arithmetic } from '../arithmetic.ts';
import { type KvShape, LayerKv } from './layer-kv.ts';

/** Keys and values of one sequence, layer by layer, in the format of the arithmetic that fills it. */
export class KvCache {
  readonly #shape: KvShape;
  readonly #layers: LayerKv[] = [];

  constructor({ kvHeads, headDim }: KvShape) {
    this.#shape = { kvHeads, headDim };
  }

  /** Tokens held by every layer between forward passes. */
  length(): number {
    return this.#layers[0]?.length ?? 0;
  }

  layer(n: number, kind: Arithmetic['kv']): LayerKv {
    const held = (this.#layers[n] ??= new LayerKv(this.#shape, kind));
    if (held.kind === kind) return held;
    throw new MugiError({
      code: 'internal',
      message: `a key-value cache of ${held.kind} cannot continue as ${kind}`,
    });
  }
}
