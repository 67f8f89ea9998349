import type { ArrayJob } from '../array/job.ts';

/** What a side of a mesh may cut of a product: its batch (heads, experts) or one of its axes. */
export const MESH_CUTS = ['batch', 'm', 'n', 'k'] as const;
export type MeshCut = (typeof MESH_CUTS)[number];

/** Products of one shape on a mesh of nodes, and who does what. */
export interface MeshLayout {
  /** Lines of nodes, each with a port to memory, and nodes of a line. */
  lines: number;
  length: number;
  across: MeshCut;
  along: MeshCut;
  /** Sizes of the parts of each axis in order; K in whole chains but for its last part. */
  parts: Readonly<Record<MeshCut, readonly number[]>>;
  /** Products of the batch, all of this shape. */
  products: readonly { m: number; k: number; n: number }[];
  /** Inner indices and columns of an off-chip tile: what memory sends at once. */
  tile: { k: number; n: number };
}

/** The share of one node: part of each axis, and where it lies. */
export interface NodeShare {
  line: number;
  position: number;
  part: Readonly<Record<MeshCut, number>>;
}

/** Nodes that have a share, those with the first parts next to the ports. */
export function sharesOf({ lines, across, along, parts }: MeshLayout): NodeShare[] {
  const shares: NodeShare[] = [];
  const none = { batch: 0, m: 0, n: 0, k: 0 };
  if (across === along) {
    parts[across].forEach((_, t) =>
      shares.push({ line: t % lines, position: Math.floor(t / lines), part: { ...none, [across]: t } }),
    );
    return shares;
  }
  parts[across].forEach((_, line) =>
    parts[along].forEach((_one, position) =>
      shares.push({ line, position, part: { ...none, [across]: line, [along]: position } }),
    ),
  );
  return shares;
}

/** Where a part begins. */
const startOf = (sizes: readonly number[], part: number): number =>
  sizes.slice(0, part).reduce((sum, size) => sum + size, 0);

/** First index and size of a node's part of each axis. */
export function rangesOf(
  { parts }: Pick<MeshLayout, 'parts'>,
  { part }: NodeShare,
): Record<MeshCut, { from: number; size: number }> {
  return Object.fromEntries(
    MESH_CUTS.map((cut) => [cut, { from: startOf(parts[cut], part[cut]), size: parts[cut][part[cut]] }]),
  ) as Record<MeshCut, { from: number; size: number }>;
}

/** Products of the batch that a node has. */
export function productsOf({ parts }: Pick<MeshLayout, 'parts'>, { part }: NodeShare): number[] {
  const first = startOf(parts.batch, part.batch);
  return Array.from({ length: parts.batch[part.batch] }, (_, i) => first + i);
}

/** Nodes with the same outputs, by their place in the chain of partial sums. */
export const chainKey = ({ part }: NodeShare, behind: number): string =>
  `${part.batch} ${part.m} ${part.n} ${part.k + behind}`;

/** What of a job a mesh cuts; the jobs of Mugi's nodes have the same. */
type Operands = Pick<ArrayJob, 'm' | 'k' | 'n' | 'activations' | 'weights' | 'scales'>;

/**
 * What a node multiplies of one product.
 * @param groupSize inner indices that share a scale
 */
export function sharedOperands<T extends Operands>(
  layout: Pick<MeshLayout, 'parts'>,
  share: NodeShare,
  product: T,
  groupSize: number,
): T {
  const { m, n, k } = rangesOf(layout, share);
  /** Columns [from, from + count) of rows of `width`. */
  const block = <V extends Uint16Array | Int8Array>(
    values: V,
    to: V,
    rows: { from: number; size: number },
    width: number,
    from: number,
    count: number,
  ): V => {
    for (let row = 0; row < rows.size; row++) {
      const at = (rows.from + row) * width + from;
      to.set(values.subarray(at, at + count), row * count);
    }
    return to;
  };
  const activations = new Uint16Array(m.size * k.size);
  const weights = new Int8Array(n.size * k.size);
  const own: T = {
    ...product,
    m: m.size,
    n: n.size,
    k: k.size,
    activations: block(product.activations, activations, m, product.k, k.from, k.size),
    weights: block(product.weights, weights, n, product.k, k.from, k.size),
  };
  if (product.scales === undefined) return own;
  const count = Math.ceil(k.size / groupSize);
  const first = Math.floor(k.from / groupSize);
  const scales = new Uint16Array(n.size * count);
  return {
    ...own,
    scales: block(product.scales, scales, n, Math.ceil(product.k / groupSize), first, count),
  };
}

/** The results of the last node of each chain, put together; `output` gives what a node made of a product of its own. */
export function gatherOutputs<T extends { share: NodeShare }>(
  layout: MeshLayout,
  works: readonly T[],
  output: (work: T, product: number) => Uint16Array,
): Uint16Array[] {
  const outputs = layout.products.map(({ m, n }) => new Uint16Array(m * n));
  const last = layout.parts.k.length - 1;
  for (const work of works) {
    if (work.share.part.k !== last) continue;
    const { m, n } = rangesOf(layout, work.share);
    productsOf(layout, work.share).forEach((at, i) => {
      const width = layout.products[at].n;
      const own = output(work, i);
      for (let row = 0; row < m.size; row++)
        outputs[at].set(own.subarray(row * n.size, (row + 1) * n.size), (m.from + row) * width + n.from);
    });
  }
  return outputs;
}

/** What a mesh did with its products. */
export interface MeshRun {
  /** BF16 patterns of each product, [m][n]. */
  outputs: Uint16Array[];
  /** From the first load to the last result of any node, both included. */
  cycles: number;
  /** Nodes with a share, and how often they waited. */
  nodes: number;
  idle: number;
  /** Bits of the busiest link of any channel; bits times links; partial sums among those. */
  busiestLink: number;
  bitHops: number;
  partials: number;
}
