import type { LoadedModel } from '../model/model.ts';
import type { Product } from './watched-kernels.ts';

/** The first number in a tensor's name. */
export const layerOf = (name: string): number => Number(/(?:^|\.)(\d+)\./.exec(name)?.[1] ?? Number.NaN);

/** Which matrix of which layer is at work, told by the linears that come past. */
export class Place {
  layer = Number.NaN;
  #linear: string | undefined;
  readonly #model: LoadedModel;

  constructor(model: LoadedModel) {
    this.#model = model;
  }

  /** Runs a pass, which goes through the linears in the order of the layers. */
  follow<T>(pass: () => T): T {
    const linears = [...this.#model.linears];
    for (const [name, linear] of linears) {
      const apply = linear.apply.bind(linear);
      linear.apply = (...given) => {
        this.layer = layerOf(name);
        this.#linear = name;
        const y = apply(...given);
        this.#linear = undefined;
        return y;
      };
    }
    try {
      return pass();
    } finally {
      // The method of the class shows again.
      for (const [, linear] of linears) Reflect.deleteProperty(linear, 'apply');
    }
  }

  /** Between linears products are those of keys and values. */
  operator({ weights }: Product): string {
    if (this.#linear === undefined) return weights.axis === 'inner' ? 'q·kT' : 'a·v';
    return this.#linear.replace(/^.*?\d+\./, '').replace(/\.weight$/, '');
  }
}
