import type { Extent, GemmOperator } from '../../workload/operator.ts';
import { type Design, type TileSize } from '../design.ts';
import { axis } from '../mapping/axis.ts';
import { partialLength, partialResults } from '../mapping/chains.ts';
import { arrayCycles, type Axes, lanesOf, type Traffic, trafficOf } from '../mapping/gemm.ts';
import { cutOf, PASS_CYCLES } from './partial-sums.ts';
import { Share } from './share.ts';

/** What a side of a mesh may cut of a product: its batch (heads, experts) or one of its axes. */
export const CUT_AXES = ['batch', 'm', 'n', 'k'] as const;
export type CutAxis = (typeof CUT_AXES)[number];

/**
 * A mesh as a product sees it: `lines` of `length` nodes, each with a port to memory at its end; the longer side has
 * the ports.
 */
export interface MeshSides {
  lines: number;
  length: number;
}

export const sidesOf = ({ nodes: { rows, columns } }: Pick<Design, 'nodes'>): MeshSides => ({
  lines: Math.max(rows, columns),
  length: Math.min(rows, columns),
});

/** One way to share a product out: what the lines cut among them, and what the nodes of a line do. */
export interface Split {
  across: CutAxis;
  along: CutAxis;
}

/** A product on a mesh. */
export class MeshPlan {
  readonly split: Split;
  readonly sides: MeshSides;
  readonly shares: Readonly<Record<CutAxis, Share>>;
  /** Axes of the busiest node. */
  readonly node: Axes;
  /** Cycles of the array of the busiest node, and those that a chain of partial sums waits for; both of one slice. */
  readonly cycles: number;
  readonly wait: number;
  readonly #design: Design;
  readonly #op: GemmOperator;
  #links: Links | undefined;

  constructor(
    design: Design,
    op: GemmOperator,
    tile: TileSize,
    split: Split,
    sides: MeshSides,
    shares: MeshPlan['shares'],
  ) {
    const { batch, m, n, k } = shares;
    this.split = split;
    this.sides = sides;
    this.shares = shares;
    this.node = {
      batch: batch.node.size,
      m: m.node,
      n: n.node,
      k: k.node,
      partials: partialsOf(design, op, tile, k),
    };
    this.cycles = arrayCycles(design, this.node, k.positions * n.positions);
    this.wait = waitOf(design, op, tile, shares);
    this.#design = design;
    this.#op = op;
  }

  /** Made when it is asked for: most plans lose by their cycles. */
  get links(): Links {
    this.#links ??= linksOf(this, trafficOf(this.#design, this.#op, this.node));
    return this.#links;
  }
}

/** What crosses the links of a mesh, bits. */
export interface Links {
  /** Bits times links. */
  bitHops: number;
  /** Of the busiest link of any channel. */
  busiest: number;
  /** Partial sums from node to node. */
  partials: number;
}

/**
 * The best of all splits: each side of the mesh cuts one of batch, M, N and K, 16 ways; the least cycles of the busiest
 * node, then the least traffic (bits × links). K is cut between chains of sums, so that no bit of a result changes, and
 * not at all where a product is causal or its chain does not end with a tile. Bandwidths have no say: they belong to
 * what surrounds the chip.
 */
export function planOf(design: Design, op: GemmOperator, tile: TileSize): MeshPlan {
  let known = PLANS.get(design);
  if (known === undefined) PLANS.set(design, (known = new Map()));
  // What decides a plan; names, phases and repeats do not.
  const { batch, m, k, n, operand, activationBits, weightBits, scaleBits, outputBits, causal } = op;
  const bits = [activationBits, weightBits, scaleBits, outputBits];
  const key = JSON.stringify([batch, m, k, n, operand, bits, causal === undefined, tile]);
  const plan = known.get(key);
  if (plan !== undefined) return plan;
  const best = plansOf(design, op, tile).reduce((one, other) => (better(other, one) ? other : one));
  if (known.size === MOST_PLANS) known.clear();
  known.set(key, best);
  return best;
}

/** Plans of a design: a model has the same product several times, and sweeps ask for it again. */
const PLANS = new WeakMap<Design, Map<string, MeshPlan>>();
const MOST_PLANS = 1024;

/** All splits that a product can have. */
export function plansOf(design: Design, op: GemmOperator, tile: TileSize): MeshPlan[] {
  const sides = sidesOf(design);
  const shares = new Map<string, Share>();
  const share = (cut: CutAxis, parts: number): Share => {
    const key = `${cut}${parts}`;
    let known = shares.get(key);
    if (known === undefined) shares.set(key, (known = shareOf(design, op, tile, cut, parts)));
    return known;
  };
  const cuttable = cutOf(design, op, tile) !== undefined;
  const plans: MeshPlan[] = [];
  for (const across of CUT_AXES) {
    for (const along of CUT_AXES) {
      if (sides.length === 1 && along !== across) continue;
      if (!cuttable && (across === 'k' || along === 'k')) continue;
      const parts = (cut: CutAxis): number =>
        (cut === across ? sides.lines : 1) * (cut === along ? sides.length : 1);
      const shared = {
        batch: share('batch', parts('batch')),
        m: share('m', parts('m')),
        n: share('n', parts('n')),
        k: share('k', parts('k')),
      };
      plans.push(new MeshPlan(design, op, tile, { across, along }, sides, shared));
    }
  }
  return plans;
}

/** Rounding must not decide between plans that are alike. */
const ALIKE = 1e-12;

function better(plan: MeshPlan, than: MeshPlan): boolean {
  const gained = than.cycles + than.wait - (plan.cycles + plan.wait);
  if (Math.abs(gained) > ALIKE * than.cycles) return gained > 0;
  return plan.links.bitHops < than.links.bitHops * (1 - ALIKE);
}

/** The share of one axis: batches one by one, M and N in pieces of the array, K in chains. */
function shareOf(design: Design, op: GemmOperator, tile: TileSize, cut: CutAxis, parts: number): Share {
  const { array } = design;
  if (cut === 'batch') return new Share(op.batch, parts, 1, op.batch, op.batch);
  const lanes = lanesOf(array)[cut];
  // Where weights stand still, activations pass one by one and M has no pieces.
  const unit =
    cut === 'k' ? (cutOf(design, op, tile) ?? 1) : cut === 'm' && array.stationary === 'weight' ? 1 : lanes;
  return new Share(op[cut], parts, unit, tile[cut], lanes);
}

/** Partial results of one output on the busiest node. */
function partialsOf(design: Design, op: GemmOperator, tile: TileSize, k: Share): number {
  const length = partialLength(design, op);
  return length >= tile.k ? k.node.tiles : k.onLanes(length).node.folds;
}

/**
 * Cycles that the last node of a chain of partial sums ends after the first, behind its own: each node adds its first
 * chain to what the node before it has summed, and so ends an output tile later by what lies behind its own first chain,
 * and by the way of the sums.
 */
function waitOf(
  design: Design,
  op: GemmOperator,
  { k: depth }: TileSize,
  { m, k }: MeshPlan['shares'],
): number {
  if (k.mostUsed === 1) return 0;
  const { columns, rows, stationary } = design.array;
  const lanes = lanesOf(design.array).k;
  // What the total of the node before is added to: the first partial result.
  const first = Math.min(partialLength(design, op), depth);
  // One output tile: one piece of M and N, or all of M where weights stand still.
  const piece = {
    batch: 1,
    m: stationary === 'weight' ? m.node : axis(1, 1, columns),
    n: axis(1, 1, rows),
  };
  const tileOf = (size: Extent): number => {
    const own = axis(size, depth, lanes);
    const partials = partialResults(design, { ...op, k: size }, own, depth);
    return arrayCycles(design, { ...piece, k: own, partials }, 0);
  };
  let wait = 0;
  for (const { positions, full, used, lastFrom, lastTo } of k.cuts) {
    if (used === 1) continue;
    wait += positions * (used - 2) * (tileOf(full) - tileOf(first));
    const from = Math.max(lastFrom, first + 1);
    if (from <= lastTo) wait += tileOf({ from, to: lastTo }) - (lastTo - from + 1) * tileOf(first);
    wait += positions * (used - 1) * PASS_CYCLES;
  }
  return wait;
}

/** Bits that enter or leave the busiest node, on their way over the lines of the mesh. */
function linksOf(
  { split, sides, shares }: Pick<MeshPlan, 'split' | 'sides' | 'shares'>,
  { input, weight, output }: Traffic,
): Links {
  const { across, along } = split;
  const { m, n, k } = shares;
  const stride = across === along ? sides.lines : 1;
  /** @param copies how many nodes take what one of them takes, where the operand does not lie on an axis */
  const channel = (bits: number, lies: readonly CutAxis[], copies: (cut: CutAxis) => number) => {
    const whole = (cut: CutAxis): number => shares[cut].whole.size / shares[cut].node.size;
    const each = shares[along];
    const onLine = lies.includes(along)
      ? { hops: each.hops(stride) / each.node.size, first: each.firstLine(stride) / each.node.size }
      : // One copy passes all nodes of a line, a link each.
        { hops: copies(along), first: 1 };
    const lines = across === along ? 1 : lies.includes(across) ? whole(across) : copies(across);
    return { hops: bits * onLine.hops * lines, first: bits * onLine.first };
  };
  const copies = (share: Share): number => share.whole.tiles / share.node.tiles;
  const inward = channel(input, ['batch', 'm', 'k'], () => copies(n));
  const weights = channel(weight, ['batch', 'n', 'k'], () => copies(m));
  // Sums leave the chip from the last node of their chain, the farthest on its line.
  const outward = channel(output, ['batch', 'm', 'n'], (cut) => (cut === along ? k.farthest(stride) : 1));
  const results =
    output *
    (['batch', 'm', 'n'] as const).reduce(
      (all, cut) => (all * shares[cut].whole.size) / shares[cut].node.size,
      1,
    );
  const partials = results * (k.used - 1);
  return {
    bitHops: inward.hops + weights.hops + outward.hops + partials,
    busiest: Math.max(inward.first, weights.first, outward.first, partials > 0 ? output : 0),
    partials,
  };
}
