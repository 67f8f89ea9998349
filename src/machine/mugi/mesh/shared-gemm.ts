import type { GemmJob } from '../program/gemm.ts';

/** What a side of a mesh cuts. */
export type MeshCut = 'batch' | 'm' | 'n' | 'k';

/** GEMMs of one shape for a mesh of Mugi nodes, and who does what. */
export interface MeshJob {
  rows: number;
  /** Lines of nodes, each with a port to memory, and nodes of a line. */
  lines: number;
  length: number;
  across: MeshCut;
  along: MeshCut;
  /** Sizes of the parts of each axis in order; K in whole chains but for its last part. */
  parts: Readonly<Record<MeshCut, readonly number[]>>;
  /** Products of the batch: operands and shape are those of `runGemm`. */
  products: readonly GemmJob[];
  /** Inner indices and columns of an off-chip tile: what memory sends at once. */
  tile: { k: number; n: number };
  /** Bits a cycle of a link; without, operands lie in the nodes when they begin and links are never busy. */
  linkBits?: number;
}

/** The share of one node: part of each axis, and where it lies. */
export interface NodeShare {
  line: number;
  position: number;
  part: Readonly<Record<MeshCut, number>>;
}

const CUTS: readonly MeshCut[] = ['batch', 'm', 'n', 'k'];

/** Nodes that have a share, those with the first parts next to the ports. */
export function sharesOf({ lines, across, along, parts }: MeshJob): NodeShare[] {
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
  { parts }: MeshJob,
  { part }: NodeShare,
): Record<MeshCut, { from: number; size: number }> {
  return Object.fromEntries(
    CUTS.map((cut) => [cut, { from: startOf(parts[cut], part[cut]), size: parts[cut][part[cut]] }]),
  ) as Record<MeshCut, { from: number; size: number }>;
}

/** What a node multiplies of one product. */
export function sharedGemm(job: MeshJob, share: NodeShare, product: GemmJob): GemmJob {
  const { m, n, k } = rangesOf(job, share);
  const activations = new Uint16Array(m.size * k.size);
  for (let row = 0; row < m.size; row++) {
    const at = (m.from + row) * product.k + k.from;
    activations.set(product.activations.subarray(at, at + k.size), row * k.size);
  }
  const weights = new Int8Array(n.size * k.size);
  for (let row = 0; row < n.size; row++) {
    const at = (n.from + row) * product.k + k.from;
    weights.set(product.weights.subarray(at, at + k.size), row * k.size);
  }
  const own: GemmJob = { ...product, m: m.size, n: n.size, k: k.size, activations, weights };
  const { groupSize = product.k, scales } = product;
  if (scales === undefined) return own;
  const [groups, first, count] = [
    Math.ceil(product.k / groupSize),
    Math.floor(k.from / groupSize),
    Math.ceil(k.size / groupSize),
  ];
  const kept = new Uint16Array(n.size * count);
  for (let row = 0; row < n.size; row++) {
    const at = (n.from + row) * groups + first;
    kept.set(scales.subarray(at, at + count), row * count);
  }
  return { ...own, scales: kept };
}
