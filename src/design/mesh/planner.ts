import { type Extent, isSpan } from '../../workload/operator.ts';
import type { TileSize } from '../design.ts';
import { axis } from '../mapping/axis.ts';
import { partialLength, partialResults } from '../mapping/chains.ts';
import { arrayCycles, lanesOf } from '../mapping/gemm.ts';
import { cutOf, passCycles } from './partial-sums.ts';
import { Share } from './share.ts';
import {
  busiestCycles,
  CUT_AXES,
  type CutAxis,
  MeshPlan,
  type MeshSides,
  type PlannedDesign,
  type PlannedProduct,
  sidesOf,
  type Split,
} from './split.ts';

/**
 * The best of all splits (`plansOf`): each side of the mesh cuts one of batch, M, N and K, 16 ways; the least cycles of the
 * busiest node, then the least traffic (bits × links). K is cut between chains of sums, so that no bit of a result changes, and
 * not at all where a product is causal or its chain does not end with a tile. Bandwidths have no say: they belong to
 * what surrounds the chip.
 */
export function planOf(design: PlannedDesign, op: PlannedProduct, tile: TileSize): MeshPlan {
  const { array, nodes, arithmetic, scaleBits } = design;
  let known = KNOWN.get(array);
  if (
    known === undefined ||
    known.nodes !== nodes ||
    known.arithmetic !== arithmetic ||
    known.scaleBits !== scaleBits
  )
    KNOWN.set(array, (known = { nodes, arithmetic, scaleBits, planners: new Map() }));
  const { planners } = known;
  const key = keyOf(op);
  let planner = planners.get(key);
  if (planner === undefined) {
    if (planners.size === MOST_PLANNERS) planners.clear();
    planners.set(key, (planner = new Planner(design, op)));
  }
  return planner.best(tile);
}

/** All splits that a product can have. */
export const plansOf = (design: PlannedDesign, op: PlannedProduct, tile: TileSize): MeshPlan[] =>
  new Planner(design, op).all(tile);

interface Known extends Omit<PlannedDesign, 'array'> {
  /** By product. */
  planners: Map<string, Planner>;
}

/** By array: a model has the same product several times, and designs of a sweep differ in their memories. */
const KNOWN = new WeakMap<PlannedDesign['array'], Known>();
const MOST_PLANNERS = 1024;

const sizeText = (extent: Extent): string => (isSpan(extent) ? `${extent.from}-${extent.to}` : `${extent}`);

const keyOf = (op: PlannedProduct): string =>
  `${op.batch} ${op.m} ${sizeText(op.k)} ${sizeText(op.n)} ${op.operand} ${op.activationBits} ${op.weightBits} ${op.scaleBits} ${op.outputBits} ${op.causal === undefined}`;

/** A split, and of each axis which sides of the mesh cut it: 1 for the lines, 2 for the nodes of a line, 3 for both. */
interface PlacedSplit {
  split: Split;
  by: Readonly<Record<CutAxis, number>>;
}

/** Shares of an axis by what cuts it. */
type Tables = Readonly<Record<CutAxis, readonly Share[]>>;

/** Of meshes with two sides and with one; and where K is not cut. */
const TWO = CUT_AXES.flatMap((across) =>
  CUT_AXES.map((along): PlacedSplit => {
    const by = (cut: CutAxis): number => (cut === across ? 1 : 0) + (cut === along ? 2 : 0);
    return { split: { across, along }, by: { batch: by('batch'), m: by('m'), n: by('n'), k: by('k') } };
  }),
);
const ONE = TWO.filter(({ split }) => split.across === split.along);
const isUncut = ({ by }: PlacedSplit): boolean => by.k === 0;
const TWO_UNCUT = TWO.filter(isUncut);
const ONE_UNCUT = ONE.filter(isUncut);

/** The plans of one product on one array, which share what its tiles have in common. */
class Planner {
  readonly #design: PlannedDesign;
  readonly #op: PlannedProduct;
  readonly #sides: MeshSides;
  readonly #best = new Map<string, MeshPlan>();
  /** By axis and side of its tile: cut by no side of the mesh, by the lines, by the nodes of a line, by both. */
  readonly #shares: Readonly<Record<CutAxis, Map<number, readonly Share[]>>> = {
    batch: new Map(),
    m: new Map(),
    n: new Map(),
    k: new Map(),
  };
  readonly #chains = new Map<Share, Chains>();

  constructor(design: PlannedDesign, op: PlannedProduct) {
    this.#design = design;
    this.#op = op;
    this.#sides = sidesOf(design);
  }

  best(tile: TileSize): MeshPlan {
    const key = `${tile.m} ${tile.k} ${tile.n}`;
    let best = this.#best.get(key);
    if (best === undefined) this.#best.set(key, (best = this.#find(tile)));
    return best;
  }

  all(tile: TileSize): MeshPlan[] {
    const tables = this.#tables(tile);
    return this.#splits(tile).map((split) => this.#plan(tile, tables, split));
  }

  /** Plans are made where cycles do not decide: most splits lose by theirs. */
  #find(tile: TileSize): MeshPlan {
    const tables = this.#tables(tile);
    const plans: MeshPlan[] = [];
    const made = (at: number): MeshPlan => (plans[at] ??= this.#plan(tile, tables, splits[at]));
    const splits = this.#splits(tile);
    let [best, cycles, all] = [-1, 0, 0];
    for (let at = 0; at < splits.length; at++) {
      const { by } = splits[at];
      const [m, n, k] = [tables.m[by.m], tables.n[by.n], tables.k[by.k]];
      const chains = this.#chainsOf(tile, k);
      const own = busiestCycles(this.#design, tables.batch[by.batch], m, n, k, chains.partials);
      const total = own + chains.waitOf(m, n, tile);
      if (best >= 0) {
        const gained = all - total;
        const won =
          Math.abs(gained) > ALIKE * cycles
            ? gained > 0
            : made(at).links.bitHops < made(best).links.bitHops * (1 - ALIKE);
        if (!won) continue;
      }
      best = at;
      cycles = own;
      all = total;
    }
    return made(best);
  }

  #splits(tile: TileSize): readonly PlacedSplit[] {
    const cuttable = cutOf(this.#design, this.#op, tile) !== undefined;
    return this.#sides.length === 1 ? (cuttable ? ONE : ONE_UNCUT) : cuttable ? TWO : TWO_UNCUT;
  }

  #tables(tile: TileSize): Tables {
    return {
      batch: this.#sharesOf('batch', tile),
      m: this.#sharesOf('m', tile),
      n: this.#sharesOf('n', tile),
      k: this.#sharesOf('k', tile),
    };
  }

  #chainsOf(tile: TileSize, k: Share): Chains {
    let chains = this.#chains.get(k);
    if (chains === undefined) this.#chains.set(k, (chains = new Chains(this.#design, this.#op, tile.k, k)));
    return chains;
  }

  #plan(tile: TileSize, tables: Tables, { split, by }: PlacedSplit): MeshPlan {
    const [m, n, k] = [tables.m[by.m], tables.n[by.n], tables.k[by.k]];
    const shares = { batch: tables.batch[by.batch], m, n, k };
    const chains = this.#chainsOf(tile, k);
    const wait = chains.waitOf(m, n, tile);
    return new MeshPlan(this.#design, this.#op, split, this.#sides, shares, chains.partials, wait);
  }

  #sharesOf(cut: CutAxis, tile: TileSize): readonly Share[] {
    const side = cut === 'batch' ? 0 : tile[cut];
    let shares = this.#shares[cut].get(side);
    if (shares !== undefined) return shares;
    const { lines, length } = this.#sides;
    const byParts = new Map<number, Share>();
    shares = [1, lines, length, lines * length].map((parts) => {
      let share = byParts.get(parts);
      if (share === undefined) byParts.set(parts, (share = this.#share(cut, tile, parts)));
      return share;
    });
    this.#shares[cut].set(side, shares);
    return shares;
  }

  /** The share of one axis: batches one by one, M and N in pieces of the array, K in chains. */
  #share(cut: CutAxis, tile: TileSize, parts: number): Share {
    const { array } = this.#design;
    const op = this.#op;
    if (cut === 'batch') return new Share(op.batch, parts, 1, op.batch, op.batch);
    const lanes = lanesOf(array)[cut];
    // Where weights stand still, activations pass one by one and M has no pieces.
    const unit =
      cut === 'k'
        ? (cutOf(this.#design, op, tile) ?? 1)
        : cut === 'm' && array.stationary === 'weight'
          ? 1
          : lanes;
    return new Share(op[cut], parts, unit, tile[cut], lanes);
  }
}

/** The chains of sums along a share of K. */
class Chains {
  /** Partial results of one output on the busiest node. */
  readonly partials: number;
  readonly #design: PlannedDesign;
  readonly #op: PlannedProduct;
  readonly #depth: number;
  readonly #k: Share;
  /** By the share of M and the columns of an off-chip tile, where those have a say. */
  readonly #waits = new Map<Share | undefined, Map<number, number>>();

  constructor(design: PlannedDesign, op: PlannedProduct, depth: number, k: Share) {
    this.#design = design;
    this.#op = op;
    this.#depth = depth;
    this.#k = k;
    const length = partialLength(design, op);
    this.partials = length >= depth ? k.node.tiles : k.onLanes(length).node.folds;
  }

  /**
   * Cycles that the last node of a chain of partial sums ends after the first, behind its own: each node adds its first
   * chain to what the node before it has summed, and so ends an output tile later by what lies behind its own first chain,
   * and by the way of the sums.
   */
  waitOf(m: Share, n: Share, tile: TileSize): number {
    if (this.#k.mostUsed === 1) return 0;
    const stands = this.#design.array.stationary === 'weight';
    const by = stands ? m : undefined;
    const width = stands ? Math.min(n.cuts[0].full, tile.n) : 1;
    let waits = this.#waits.get(by);
    if (waits === undefined) this.#waits.set(by, (waits = new Map()));
    let wait = waits.get(width);
    if (wait === undefined) waits.set(width, (wait = this.#waitOf(by, width)));
    return wait;
  }

  #waitOf(m: Share | undefined, width: number): number {
    const [design, op, depth] = [this.#design, this.#op, this.#depth];
    const { columns, rows } = design.array;
    const lanes = lanesOf(design.array).k;
    // What the total of the node before is added to: the first partial result.
    const first = Math.min(partialLength(design, op), depth);
    // What lies between two chains of an output: one piece of M and N, or an off-chip tile of both where weights stand still.
    const piece = {
      batch: 1,
      m: m === undefined ? axis(1, 1, columns) : m.node,
      n: axis(width, width, rows),
    };
    const tileOf = (size: Extent): number => {
      const own = axis(size, depth, lanes);
      const partials = partialResults(design, { ...op, k: size }, own, depth);
      return arrayCycles(design, { ...piece, k: own, partials }, 0);
    };
    let wait = 0;
    for (const { positions, full, used, lastFrom, lastTo } of this.#k.cuts) {
      if (used === 1) continue;
      wait += positions * (used - 2) * (tileOf(full) - tileOf(first));
      const from = Math.max(lastFrom, first + 1);
      if (from <= lastTo) wait += tileOf({ from, to: lastTo }) - (lastTo - from + 1) * tileOf(first);
      wait += positions * (used - 1) * passCycles(design);
    }
    return wait;
  }
}

/** Rounding must not decide between plans that are alike. */
const ALIKE = 1e-12;
