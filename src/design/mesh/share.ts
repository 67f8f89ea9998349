import { MugiError } from '../../errors.ts';
import { type Extent, isSpan } from '../../workload/operator.ts';
import { type Axis, axis, type WeightedAxis } from '../mapping/axis.ts';
import { CompositeAxis } from '../mapping/composite.ts';
import { sumOf } from '../mapping/series.ts';

/**
 * Positions at which an axis is cut alike: into `used` parts of `full`, of which the last takes what is left. Over the
 * positions that takes every whole number of lastFrom…lastTo once; a fixed axis has one position.
 */
export interface Cut {
  positions: number;
  full: number;
  used: number;
  lastFrom: number;
  lastTo: number;
}

/** Ways in which the positions of a decode may be cut; each is a part of every sum. */
const MOST_CUTS = 2 ** 16;

const tooManyCuts = (positions: number, lanes: number): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: 'the decode is too long for a mesh of such small nodes: their shares of it change too often',
    path: 'context',
    expected: `at most ${MOST_CUTS * lanes} decoded positions: a longer prompt, or larger nodes`,
    received: `${positions} decoded positions`,
  });

/** Cuts an axis into up to `parts` parts of whole units, as even as units allow: the largest is as small as can be. */
export function cutsOf(extent: Extent, parts: number, unit: number): Cut[] {
  if (!isSpan(extent)) {
    const full = Math.min(extent, unit * Math.ceil(Math.ceil(extent / unit) / parts));
    const used = Math.ceil(extent / full);
    const last = extent - (used - 1) * full;
    return [{ positions: 1, full, used, lastFrom: last, lastTo: last }];
  }
  const { from, to } = extent;
  if ((to - from) / (unit * parts) > MOST_CUTS && parts > 1) throw tooManyCuts(to - from + 1, unit * parts);
  if (parts === 1) return [{ positions: to - from + 1, full: to, used: 1, lastFrom: from, lastTo: to }];
  const cuts: Cut[] = [];
  for (let first = from; first <= to; ) {
    const units = Math.ceil(first / unit);
    const full = unit * Math.ceil(units / parts);
    const used = Math.ceil(first / full);
    const last = Math.min(to, used * full, full * parts);
    const before = (used - 1) * full;
    cuts.push({ positions: last - first + 1, full, used, lastFrom: first - before, lastTo: last - before });
    first = last + 1;
  }
  return cuts;
}

const rangeSum = ({ lastFrom, lastTo }: Cut): number => sumOf(lastTo) - sumOf(lastFrom - 1);

/** Links from the edge of the mesh to the nodes 0…count − 1, summed: `stride` nodes are equally near. */
function linksTo(count: number, stride: number): number {
  const rounds = Math.floor(count / stride);
  return (stride * rounds * (rounds + 1)) / 2 + (count - rounds * stride) * (rounds + 1);
}

/** One axis of an operator on a mesh: what the busiest node has of it, and all nodes together. */
export class Share {
  readonly cuts: readonly Cut[];
  /** Of the node with the largest part. */
  readonly node: Axis;
  /** Decode positions; 1 where the axis is fixed. */
  readonly positions: number;
  /** Parts that are not empty, at most. */
  readonly mostUsed: number;
  readonly #of: readonly [extent: Extent, parts: number, unit: number];
  readonly #tile: number;
  readonly #lanes: number;
  #whole: Axis | undefined;
  #ratio: number | undefined;
  #copies: number | undefined;
  #used: number | undefined;
  #on: Map<number, OnLines> | undefined;

  /** @param unit lengths that a cut leaves whole: lanes of the array, or a chain of sums */
  constructor(extent: Extent, parts: number, unit: number, tile: number, lanes: number) {
    this.#of = [extent, parts, unit];
    this.#tile = tile;
    this.#lanes = lanes;
    this.cuts = cutsOf(extent, parts, unit);
    this.positions = this.cuts.reduce((sum, cut) => sum + cut.positions, 0);
    this.mostUsed = this.cuts.reduce((most, { used }) => Math.max(most, used), 0);
    if (parts === 1) this.node = this.#whole = axis(extent, tile, lanes);
    else if (!isSpan(extent)) this.node = axis(this.cuts[0].full, tile, lanes);
    else {
      this.node = new CompositeAxis(
        this.cuts.map((cut) =>
          cut.used === 1
            ? { times: 1, axis: axis({ from: cut.lastFrom, to: cut.lastTo }, tile, lanes) }
            : { times: cut.positions, axis: axis(cut.full, tile, lanes) },
        ),
        this.positions,
      );
    }
  }

  /** The same share, its tiles in pieces of other lanes. */
  onLanes(lanes: number): Share {
    return new Share(...this.#of, this.#tile, lanes);
  }

  /** Of all nodes: every part is an axis of its own. */
  get whole(): Axis {
    this.#whole ??= new CompositeAxis(
      this.cuts.flatMap(({ positions, full, used, lastFrom, lastTo }): WeightedAxis[] => [
        { times: positions * (used - 1), axis: axis(full, this.#tile, this.#lanes) },
        {
          times: 1,
          axis: axis(lastFrom === lastTo ? lastTo : { from: lastFrom, to: lastTo }, this.#tile, this.#lanes),
        },
      ]),
      this.positions,
    );
    return this.#whole;
  }

  /** Size of all parts over that of the largest. */
  get ratio(): number {
    this.#ratio ??= this.whole.size / this.node.size;
    return this.#ratio;
  }

  /** Tiles of all parts over those of the largest: how often what the axis does not lie on is copied. */
  get copies(): number {
    this.#copies ??= this.whole.tiles / this.node.tiles;
    return this.#copies;
  }

  /** Parts that are not empty, on average over the positions. */
  get used(): number {
    this.#used ??= this.cuts.reduce((sum, { positions, used }) => sum + positions * used, 0) / this.positions;
    return this.#used;
  }

  /** The parts on lines of a mesh, on which part t lies ⌊t / stride⌋ + 1 links from the edge. */
  on(stride: number): OnLines {
    this.#on ??= new Map();
    let known = this.#on.get(stride);
    if (known === undefined) this.#on.set(stride, (known = onLines(this.cuts, this.positions, stride)));
    return known;
  }
}

/** What the links of a mesh see of a share. */
interface OnLines {
  /** Σ over parts of size × links to its node. */
  hops: number;
  /** Links from the edge to the node with the last part, on average over the positions. */
  farthest: number;
  /** What passes the first link of a line: parts 0, stride, 2 · stride… */
  first: number;
}

function onLines(cuts: readonly Cut[], positions: number, stride: number): OnLines {
  let [hops, last, first] = [0, 0, 0];
  for (const cut of cuts) {
    const { full, used } = cut;
    const rounds = Math.floor((used - 1) / stride) + 1;
    const sizes = rangeSum(cut);
    hops = hops + cut.positions * full * linksTo(used - 1, stride) + sizes * rounds;
    last += cut.positions * rounds;
    const parts = Math.ceil(used / stride);
    first =
      (used - 1) % stride === 0
        ? first + (parts - 1) * cut.positions * full + sizes
        : first + parts * cut.positions * full;
  }
  return { hops, farthest: last / positions, first };
}
