import { toBits } from '../number/bf16.ts';
import { checkSoftmax } from '../vlp/check.ts';
import type { VlpOptions } from '../vlp/mode.ts';
import { reciprocalOf } from '../vlp/softmax.ts';
import type { SoftmaxCall } from '../vlp/softmax-call.ts';
import { ROW_SUMS } from '../vlp/row-sum.ts';
import { vlp } from '../vlp/vlp.ts';
import { CHUNK } from './chunk.ts';
import type { Buffer } from './matrices.ts';
import type { KernelMemory } from './memory.ts';
import { MAP_BYTES, PlacedTables, TableStore } from './placed-tables.ts';
import type { Operations } from './pool.ts';

/** Softmax by VLP on the compiled kernels; what they have no path for is left to the definition. */
export function createKernelSoftmax(
  memory: KernelMemory,
  operations: Operations,
  placed: PlacedTables,
  options?: VlpOptions,
): (call: SoftmaxCall) => void {
  const { config, tables, apply } = vlp.softmax(options);
  const fast = config.mode !== 'artifact' && config.subtract === 'after' && config.normalise !== 'divide';
  if (!fast) return apply;
  const store = new TableStore(memory, placed, tables, config);
  return (call) => {
    checkSoftmax(call);
    if (call.masked !== undefined || call.certificates !== undefined || call.regions !== undefined)
      return apply(call);
    const { rows, cols } = call;
    const height = tables.fixed ? Math.max(4, Math.floor(CHUNK / cols)) : config.group;
    for (let first = 0; first < rows; first += height) {
      const count = Math.min(height, rows - first);
      softmaxChunk(memory, operations, store, placed.buffers, call, first, count);
    }
  };
}

function softmaxChunk(
  memory: KernelMemory,
  operations: Operations,
  store: TableStore,
  buffers: readonly Buffer[],
  { scores, out, cols, lengths, statistics }: SoftmaxCall,
  first: number,
  rows: number,
): void {
  const [x, patterns, chosen, live, sums, y, small] = [
    rows * cols * 4,
    rows * cols * 2 + 16,
    cols * 4,
    rows * 4,
    rows * 4,
    rows * cols * 4,
    MAP_BYTES,
  ].map((bytes, i) => buffers[i].reserve(bytes)) as [number, number, number, number, number, number, number];
  const begin = first * cols;
  memory.floats(x, rows * cols).set(scores.subarray(begin, begin + rows * cols));
  const counts = memory.longs(live, rows);
  for (let r = 0; r < rows; r++) counts[r] = lengths === undefined ? cols : lengths[first + r];
  operations.softmaxPatterns(x, live, rows, cols, patterns);
  const { config } = store;
  if (!store.fixed) {
    const drop = 7 - config.mantissaBits;
    store.writeMap(small);
    operations.softmaxWindows(patterns, rows, cols, drop, Number(config.anchor === 'max'), small, chosen);
  }
  operations.softmaxLookUp(patterns, rows, cols, live, store.table, store.fixed ? 0 : chosen, y);
  operations.softmaxSum(y, rows, cols, live, ROW_SUMS.indexOf(config.accumulate), sums);
  if (statistics !== undefined) {
    store.count(statistics, (counts) =>
      operations.softmaxRegions(patterns, rows, cols, live, store.table, store.fixed ? 0 : chosen, counts),
    );
    const total = counts.reduce((sum, length) => sum + length, 0);
    statistics.total += rows * cols;
    statistics.masked += rows * cols - total;
  }
  const factors = memory.floats(sums, rows);
  const invalid: number[] = [];
  for (let r = 0; r < rows; r++) {
    const sum = factors[r];
    // A row without live entries stays 0; rows with NaN are written last.
    if (Number.isNaN(sum)) invalid.push(r);
    factors[r] = sum === 0 || Number.isNaN(sum) ? 0 : reciprocalOf(toBits(sum), config);
  }
  operations.softmaxScale(y, rows, cols, sums);
  out.set(memory.floats(y, rows * cols), begin);
  for (const r of invalid) {
    const from = (first + r) * cols;
    const length = lengths === undefined ? cols : lengths[first + r];
    out.fill(Number.NaN, from, from + length);
    out.fill(0, from + length, from + cols);
  }
}
