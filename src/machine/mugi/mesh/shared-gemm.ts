import { type MeshLayout, type NodeShare, sharedOperands } from '../../mesh/layout.ts';
import type { GemmJob } from '../program/gemm.ts';

/** GEMMs of one shape for a mesh of Mugi nodes: operands and shape are those of `runGemm`. */
export interface MeshJob extends MeshLayout {
  rows: number;
  products: readonly GemmJob[];
  /** Bits a cycle of a link; without, operands lie in the nodes when they begin and links are never busy. */
  linkBits?: number;
}

/** What a node multiplies of one product. */
export const sharedGemm = (job: MeshJob, share: NodeShare, product: GemmJob): GemmJob =>
  sharedOperands(job, share, product, product.groupSize ?? product.k);
