/** A link of one channel: words follow one another, each as many cycles as its bits take; a cycle to the next node. */
export class Link {
  readonly #width: number;
  #free = 0;
  /** Bits that have passed. */
  bits = 0;

  /** @param width bits a cycle; Infinity for a link that is never busy */
  constructor(width: number) {
    this.#width = width;
  }

  /** Sends from a cycle on; the cycle in which the last bit has arrived. */
  send(bits: number, cycle: number): number {
    const cycles = this.#width === Infinity ? 1 : Math.ceil(bits / this.#width);
    const from = this.#width === Infinity ? cycle : Math.max(cycle, this.#free);
    this.#free = from + cycles;
    this.bits += bits;
    return this.#free;
  }
}

/** The links of a mesh, all of one width. */
export class Links {
  readonly #width: number;
  readonly #all: Link[] = [];

  /** @param width bits a cycle; Infinity for links that are never busy */
  constructor(width = Infinity) {
    this.#width = width;
  }

  next(): Link {
    const link = new Link(this.#width);
    this.#all.push(link);
    return link;
  }

  /** Bits of the busiest. */
  get busiest(): number {
    return Math.max(...this.#all.map(({ bits }) => bits));
  }
}
