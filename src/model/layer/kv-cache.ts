import { MugiError } from '../../errors.ts';
import type { Arithmetic, KvUse } from '../arithmetic.ts';
import { FloatKv } from './float-kv.ts';
import { Int4Kv } from './int4-kv.ts';
import type { KvShape, LayerKv } from './layer-kv.ts';

/** What an arithmetic says of keys and values. */
type KvArithmetic = Pick<Arithmetic, 'products'> & { kv: KvUse };

/**
 * An empty cache of one layer.
 * @param tokens how many it will hold, where that is known
 */
export function emptyKv(shape: KvShape, { kv, products }: KvArithmetic, tokens?: number): LayerKv {
  return kv === 'int4' ? new Int4Kv(shape, products, tokens) : new FloatKv(shape);
}

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

  layer(n: number, arithmetic: KvArithmetic): LayerKv {
    const kind = arithmetic.kv;
    const held = (this.#layers[n] ??= emptyKv(this.#shape, arithmetic));
    if (held.kind === kind) return held;
    throw new MugiError({
      code: 'internal',
      message: `a key-value cache of ${held.kind} cannot continue as ${kind}`,
    });
  }
}
