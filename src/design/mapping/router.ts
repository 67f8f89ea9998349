import { type GemmOperator, isSpan, type NonlinearOperator } from '../../workload/operator.ts';
import { type Design, nodeCount } from '../design.ts';
import { axis, pairTileWords } from './axis.ts';
import type { TileSize, Traffic } from './gemm.ts';
import { drainWords, tileCapacity, tileRuns } from './nonlinear.ts';

/**
 * Router events of a mesh as published: tile counts through an average that is the number of mesh rows for whole
 * rounds of tiles and 1 for a partial one, times SRAM words, times the width of another channel's SRAM (quirk Q6).
 */
export function publishedGemmRouting(design: Design, op: GemmOperator, tile: TileSize): number {
  const { input, weight, output } = design.sram;
  const { columns, rows } = design.array;
  const m = axis(op.m, tile.m, columns);
  let events = 0;
  for (const chunk of constantTiling(op, tile)) {
    const k = axis(chunk.k, tile.k, rows);
    const n = axis(chunk.n, tile.n, rows);
    // The sums run over the chunk's positions; the tile count of one position is constant in it.
    const kTiles = k.tiles / k.positions;
    const nTiles = n.tiles / n.positions;
    const b = op.batch;
    const inputWords = b * n.tiles * pairTileWords(m, k, op.activationBits, input.wordBits);
    const weightWords = b * m.tiles * pairTileWords(k, n, op.weightBits, weight.wordBits);
    const outputWords = b * k.positions * pairTileWords(m, n, op.outputBits, output.wordBits);
    const all = average(design, b * m.tiles * kTiles * nTiles);
    events += all * (inputWords * output.wordBits + weightWords * input.wordBits);
    events += average(design, b * m.tiles * nTiles) * outputWords * weight.wordBits;
  }
  return events;
}

export function publishedNonlinearRouting(design: Design, op: NonlinearOperator, lutWrites: number): number {
  const rowTiles = Math.ceil(op.rows / design.nonlinear.lanes);
  const nodes = nodeCount(design);
  let events = 0;
  for (const { from, to, tiles } of tileRuns(op.columns, tileCapacity(design, op.rows))) {
    const count = rowTiles * tiles;
    events += average(design, count) * 2 * drainWords(design, op.rows, { from, to });
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
