import type { Design } from '../design.ts';
import type { Traffic } from './gemm.ts';

/**
 * Links of a mesh whose nodes share all work evenly, whatever its shape: memory stands along the longer side, inputs
 * travel along rows, weights along columns, results back along rows; a tile crosses half of the mesh on average.
 */
export function meshTraffic({ nodes }: Design, traffic: Traffic): { bitHops: number; busiest: number } {
  const alongRow = (nodes.columns + 1) / 2;
  const alongColumn = (nodes.rows + 1) / 2;
  return {
    bitHops: (traffic.input + traffic.output) * alongRow + traffic.weight * alongColumn,
    busiest: Math.max(traffic.input, traffic.weight, traffic.output) / Math.max(nodes.rows, nodes.columns),
  };
}
