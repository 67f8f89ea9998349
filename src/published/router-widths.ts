import { type Design, nodeCount, type TileSize } from '../design/design.ts';
import { axis, pairTileWords } from '../design/mapping/axis.ts';
import { tileOf } from '../design/mapping/gemm.ts';
import { drainWords, tileCapacity, tileRuns } from '../design/mapping/nonlinear.ts';
import { type GemmOperator, isSpan, type NonlinearOperator } from '../workload/operator.ts';
import type { Quirk } from './quirk.ts';

export const routerWidths = {
  name: 'router-widths',
  published: 'each NoC channel counts the words of another one’s width',
  repaired: 'each channel carries words of its own width over the hops of a mesh',
  execution(work, op, { design }) {
    if (nodeCount(design) === 1) return;
    // Its events are no bits that cross links, which could be held to what the nodes take.
    if (work.mesh !== undefined) work.mesh = { ...work.mesh, delivered: 0 };
    // The artifact routes products, softmax and activations, and has nothing else.
    if (op.kind === 'gemm') work.routing = gemmRouting(design, op, tileOf(design, op));
    else work.routing = op.kind === 'nonlinear' && op.function !== 'relu' ? nonlinearRouting(design, op) : 0;
  },
} as const satisfies Quirk;

/**
 * Router events of the artifact: tile counts through an average that is the number of mesh rows for whole rounds of
 * tiles and 1 for a partial one, times SRAM words, times the width of another channel's SRAM (quirk Q6).
 */
function gemmRouting(design: Design, op: GemmOperator, tile: TileSize): number {
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

function nonlinearRouting(design: Design, op: NonlinearOperator): number {
  const rowTiles = Math.ceil(op.rows / design.nonlinear.lanes);
  const nodes = nodeCount(design);
  let events = 0;
  for (const { from, to, tiles } of tileRuns(op.columns, tileCapacity(design, op.rows))) {
    const count = rowTiles * tiles;
    events += average(design, count) * 2 * drainWords(design, op.rows, { from, to });
    const broadcast = count < nodes ? average(design, count) : design.nodes.rows;
    events += broadcast * design.nonlinear.lutWords.write * (to - from + 1);
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
