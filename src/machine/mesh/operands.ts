import type { Link } from './link.ts';
import { type MeshLayout, type NodeShare, productsOf, rangesOf } from './layout.ts';

/** Bits of a result or of a partial sum. */
export const RESULT_BITS = 16;
const ACTIVATION_BITS = 16;
const WEIGHT_BITS = 4;

/** When the operands of each off-chip tile of a node have arrived. */
export type Arrivals = Map<string, number>;
export const arrivalKey = (product: number, nTile: number, kTile: number): string =>
  `${product} ${nTile} ${kTile}`;

/**
 * Memory sends what the nodes of a line need, tile by tile in the order of their work: inputs again for every tile of N.
 * What several nodes need is sent once, and each takes a copy as it passes. Returns bits times links.
 */
export function sendOperands<T extends { share: NodeShare }>(
  job: MeshLayout,
  line: readonly T[],
  arrivals: ReadonlyMap<T, Arrivals>,
  channels: { input: Link; weight: Link },
): number {
  let bitHops = 0;
  const counts = line.map(({ share }) => productsOf(job, share).length);
  const products = Math.max(...counts);
  const { k: depth, n: width } = job.products[0];
  for (let product = 0; product < products; product++) {
    for (let nTile = 0; nTile * job.tile.n < width; nTile++) {
      for (let kTile = 0; kTile * job.tile.k < depth; kTile++) {
        const sent = new Map<string, { at: number; bits: number; far: number }>();
        for (const [i, work] of line.entries()) {
          const { part, position } = work.share;
          const { n, k } = rangesOf(job, work.share);
          const inner = Math.min(job.tile.k, k.size - kTile * job.tile.k);
          const outer = Math.min(job.tile.n, n.size - nTile * job.tile.n);
          if (product >= counts[i] || inner <= 0 || outer <= 0) continue;
          const take = (key: string, channel: Link, bits: number): number => {
            let packet = sent.get(key);
            if (packet === undefined) sent.set(key, (packet = { at: channel.send(bits, 0), bits, far: 0 }));
            packet.far = Math.max(packet.far, position + 1);
            return packet.at + position;
          };
          const height = job.parts.m[part.m];
          const input = take(
            `input ${part.batch} ${part.m} ${part.k}`,
            channels.input,
            height * inner * ACTIVATION_BITS,
          );
          const weight = take(
            `weight ${part.batch} ${part.n} ${part.k}`,
            channels.weight,
            inner * outer * WEIGHT_BITS,
          );
          arrivals.get(work)!.set(arrivalKey(product, nTile, kTile), Math.max(input, weight));
        }
        for (const { bits, far } of sent.values()) bitHops += bits * far;
      }
    }
  }
  return bitHops;
}
