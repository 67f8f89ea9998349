import { type GemmOperator, isSpan, type NonlinearOperator } from '../../workload/operator.ts';
import { type Design, nodeCount } from '../design.ts';
import { mapGemm, type TileSize, type Traffic } from './gemm.ts';
import { mapNonlinear, tileCapacity, tileRuns } from './nonlinear.ts';

/**
 * Router events of a mesh as published: tile counts through an average that is the number of mesh rows for whole
 * rounds of tiles and 1 for a partial one, times SRAM words, times the width of another channel's SRAM (quirk Q6).
 */
export function publishedGemmRouting(design: Design, op: GemmOperator, tile: TileSize): number {
  const { input, weight, output } = design.sram;
  let events = 0;
  for (const chunk of constantTiling(op, tile)) {
    const { counts, m, k, n } = mapGemm(design, chunk, tile);
    // The mapping sums over the chunk's positions; the tile count of one position is constant in it.
    const kTiles = k.tiles / k.positions;
    const nTiles = n.tiles / n.positions;
    const all = average(design, op.batch * m.tiles * kTiles * nTiles);
    events += all * (counts.inputWrites * output.wordBits + counts.weightWrites * input.wordBits);
    events += average(design, op.batch * m.tiles * nTiles) * counts.outputDrains * weight.wordBits;
  }
  return events;
}

export function publishedNonlinearRouting(design: Design, op: NonlinearOperator, lutWrites: number): number {
  const rowTiles = Math.ceil(op.rows / design.nonlinear.lanes);
  const nodes = nodeCount(design);
  let events = 0;
  for (const { from, to, tiles } of tileRuns(op.columns, tileCapacity(design, op.rows))) {
    const count = rowTiles * tiles;
    const run = mapNonlinear(design, { ...op, columns: { from, to } });
    events += average(design, count) * 2 * run.counts.drainWords;
    const broadcast = count < nodes ? average(design, count) : design.nodes.rows;
    events += broadcast * lutWrites * (to - from + 1);
  }
  return events;
}

/** The artifact's average number of nodes that a tile passes, for `tiles` tiles on the mesh. */
function average({ nodes }: Design, tiles: number): number {
  const rounds = Math.floor(tiles / (nodes.rows * nodes.columns));
  const partial = tiles % (nodes.rows * nodes.columns) === 0 ? 0 : 1;
  return (nodes.rows * rounds + partial) / (rounds + partial);
}

/** Splits the span of a GEMM where its number of tiles changes, so that each chunk has a constant one. */
function constantTiling(op: GemmOperator, tile: TileSize): GemmOperator[] {
  const varying = isSpan(op.k) ? 'k' : isSpan(op.n) ? 'n' : undefined;
  if (varying === undefined) return [op];
  const span = op[varying] as { from: number; to: number };
  const size = tile[varying];
  const chunks: GemmOperator[] = [];
  for (let from = span.from; from <= span.to; ) {
    const to = Math.min(span.to, Math.ceil(from / size) * size);
    chunks.push({ ...op, [varying]: { from, to } });
    from = to + 1;
  }
  return chunks;
}

/**
 * Bits times hops of a mesh (repair "router-widths"): memory stands along the longer side, inputs travel along
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
