import type { Design } from '../design.ts';
import type { Traffic } from './gemm.ts';

/**
 * Bits times hops of a mesh: memory stands along the longer side, inputs travel along
 * rows, weights along columns, results back along rows; a tile crosses half of the mesh on average.
 */
export function meshTraffic({ nodes }: Design, traffic: Traffic): { bitHops: number; ports: number } {
  const alongRow = (nodes.columns + 1) / 2;
  const alongColumn = (nodes.rows + 1) / 2;
  return {
    bitHops: (traffic.input + traffic.output) * alongRow + traffic.weight * alongColumn,
    ports: Math.max(nodes.rows, nodes.columns),
  };
}
