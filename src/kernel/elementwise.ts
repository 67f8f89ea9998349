import { checkTensors } from '../vlp/check.ts';
import type { VlpOptions } from '../vlp/mode.ts';
import { vlp, type VlpFunction } from '../vlp/vlp.ts';
import { BEHIND, CHUNK } from './chunk.ts';
import type { KernelMemory } from './memory.ts';
import { MAP_BYTES, type PlacedTables, TableStore } from './placed-tables.ts';
import type { Operations } from './pool.ts';

/** A function by VLP on the compiled kernels; what they have no path for is left to the definition. */
export function createKernelElementwise(
  memory: KernelMemory,
  operations: Operations,
  placed: PlacedTables,
  name: string,
  options?: VlpOptions,
): VlpFunction['apply'] {
  const { config, tables, apply } = vlp.named(name, options);
  if (config.mode === 'artifact') return apply;
  const store = new TableStore(memory, placed, tables, config);
  const [input, codes, map] = placed.buffers;
  const drop = 7 - config.mantissaBits;
  return (x, out, rows, cols, given = {}) => {
    if (given.regions !== undefined) return apply(x, out, rows, cols, given);
    checkTensors(name, x, out, rows, cols);
    const height = Math.max(1, Math.floor(CHUNK / cols));
    for (let first = 0; first < rows; first += height) {
      const count = Math.min(height, rows - first);
      const [begin, end] = [first * cols, (first + count) * cols];
      const at = input.reserve((end - begin + BEHIND) * 4);
      const patterns = codes.reserve((end - begin + BEHIND) * 2);
      const tablesAt = map.reserve(MAP_BYTES);
      if (!store.fixed) store.writeMap(tablesAt);
      memory.floats(at, end - begin).set(x.subarray(begin, end));
      operations.elementPatterns(at, end - begin, patterns);
      const how = [config.group, drop, Number(config.anchor === 'max'), store.table, tablesAt, at];
      store.count(given.statistics, (counts) =>
        operations.elementAnswers(patterns, count, cols, ...how, counts),
      );
      out.set(memory.floats(at, end - begin), begin);
    }
    if (given.statistics !== undefined) given.statistics.total += rows * cols;
  };
}
