import type { Cell } from '../array/cell.ts';

/** Levels of a tree over so many products. */
export const treeLevels = (leaves: number): number => Math.ceil(Math.log2(leaves));

/**
 * Trees side by side, as a pipeline: products in the first register, a level of additions behind each further one.
 * `clock` is the edge; what entered `treeLevels + 1` cycles ago has then left in `results`.
 */
export class AdderTrees {
  readonly #cell: Cell;
  /** Values of each level, tree by tree; level 0 holds products. */
  readonly #levels: Float64Array[];
  readonly #widths: number[];
  readonly #trees: number;

  constructor(trees: number, leaves: number, cell: Cell) {
    this.#cell = cell;
    this.#trees = trees;
    this.#widths = [leaves];
    while (this.#widths.at(-1)! > 1) this.#widths.push(Math.ceil(this.#widths.at(-1)! / 2));
    this.#levels = this.#widths.map((width) => new Float64Array(width * trees));
  }

  /** Of each tree, what its last level holds. */
  get results(): Float64Array {
    return this.#levels[this.#levels.length - 1];
  }

  /** Each level takes the one before it; `product(tree, leaf)` is what enters, where something does. */
  clock(product: ((tree: number, leaf: number) => number) | undefined): void {
    const { add } = this.#cell;
    for (let level = this.#levels.length - 1; level > 0; level--) {
      const [to, from] = [this.#levels[level], this.#levels[level - 1]];
      const [width, below] = [this.#widths[level], this.#widths[level - 1]];
      for (let tree = 0; tree < this.#trees; tree++)
        for (let i = 0; i < width; i++) {
          const right = 2 * i + 1 < below ? from[tree * below + 2 * i + 1] : 0;
          to[tree * width + i] = add(from[tree * below + 2 * i], right);
        }
    }
    if (product === undefined) return;
    const leaves = this.#widths[0];
    for (let tree = 0; tree < this.#trees; tree++)
      for (let leaf = 0; leaf < leaves; leaf++) this.#levels[0][tree * leaves + leaf] = product(tree, leaf);
  }
}
