import { MESH_CUTS, type MeshCut } from '../../machine/mesh/layout.ts';
import type { GemmOperator } from '../../workload/operator.ts';
import type { Design } from '../design.ts';
import { arrayCycles, type Axes, type Traffic, trafficOf } from '../mapping/gemm.ts';
import type { Share } from './share.ts';

/** What a side of a mesh may cut, as the simulated meshes do. */
export const CUT_AXES = MESH_CUTS;
export type CutAxis = MeshCut;

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

/** What of a design and of a product decides a plan; memories, names and repeats do not. */
export type PlannedDesign = Pick<Design, 'array' | 'nodes' | 'arithmetic' | 'scaleBits'>;
export type PlannedProduct = Pick<
  GemmOperator,
  | 'batch'
  | 'm'
  | 'k'
  | 'n'
  | 'operand'
  | 'activationBits'
  | 'weightBits'
  | 'scaleBits'
  | 'outputBits'
  | 'causal'
>;

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
  readonly #design: PlannedDesign;
  readonly #op: PlannedProduct;
  #links: Links | undefined;

  /**
   * @param partials partial results of one output on the busiest node
   * @param wait cycles that a chain of partial sums waits for
   */
  constructor(
    design: PlannedDesign,
    op: PlannedProduct,
    split: Split,
    sides: MeshSides,
    shares: MeshPlan['shares'],
    partials: number,
    wait: number,
  ) {
    const { batch, m, n, k } = shares;
    this.split = split;
    this.sides = sides;
    this.shares = shares;
    this.node = { batch: batch.node.size, m: m.node, n: n.node, k: k.node, partials };
    this.cycles = busiestCycles(design, batch, m, n, k, partials);
    this.wait = wait;
    this.#design = design;
    this.#op = op;
  }

  /** Made when it is asked for: most plans lose by their cycles. */
  get links(): Links {
    this.#links ??= linksOf(this, trafficOf(this.#design, this.#op, this.node));
    return this.#links;
  }
}

/** Cycles of the array of the busiest node, of one slice. */
export const busiestCycles = (
  design: PlannedDesign,
  batch: Share,
  m: Share,
  n: Share,
  k: Share,
  partials: number,
): number =>
  arrayCycles(
    design,
    { batch: batch.node.size, m: m.node, n: n.node, k: k.node, partials },
    k.positions * n.positions,
  );

/** What crosses the links of a mesh, bits. */
export interface Links {
  /** Bits times links. */
  bitHops: number;
  /** Of the busiest link of any channel. */
  busiest: number;
  /** Partial sums from node to node. */
  partials: number;
}

/** Bits that enter or leave the busiest node, on their way over the lines of the mesh. */
function linksOf(
  { split, sides, shares }: Pick<MeshPlan, 'split' | 'sides' | 'shares'>,
  { input, weight, output }: Traffic,
): Links {
  const { across, along } = split;
  const { batch, m, n, k } = shares;
  const stride = across === along ? sides.lines : 1;
  const each = shares[along].node.size;
  const line = shares[along].on(stride);
  const [hops, first] = [line.hops / each, line.first / each];
  const wide = across === along ? 1 : shares[across].ratio;
  /**
   * @param off the one axis that the operand does not lie on
   * @param ahead links of what is needed along `off`, and copies of it on other lines
   */
  const hopsOf = (bits: number, off: CutAxis, ahead: number, copies: number): number =>
    bits * (along === off ? ahead : hops) * (across === along || across !== off ? wide : copies);
  // One copy passes all nodes of a line, a link each; sums leave the chip from the last node of their chain, the farthest.
  const inward = hopsOf(input, 'n', n.copies, n.copies);
  const weights = hopsOf(weight, 'm', m.copies, m.copies);
  const outward = hopsOf(output, 'k', line.farthest, 1);
  const firstOf = (bits: number, off: CutAxis): number => (along === off ? bits : bits * first);
  const nodes =
    ((((batch.whole.size / batch.node.size) * m.whole.size) / m.node.size) * n.whole.size) / n.node.size;
  const partials = output * nodes * (k.used - 1);
  return {
    bitHops: inward + weights + outward + partials,
    busiest: Math.max(
      firstOf(input, 'n'),
      firstOf(weight, 'm'),
      firstOf(output, 'k'),
      partials > 0 ? output : 0,
    ),
    partials,
  };
}
