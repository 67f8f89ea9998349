import { toBits } from '../number/bf16.ts';
import { checkSoftmax } from '../vlp/check.ts';
import type { AnswerTable } from '../vlp/element.ts';
import type { VlpConfig, VlpOptions } from '../vlp/mode.ts';
import { reciprocalOf } from '../vlp/softmax.ts';
import type { SoftmaxCall } from '../vlp/softmax-call.ts';
import { ROW_SUMS } from '../vlp/row-sum.ts';
import { REGIONS } from '../vlp/statistics.ts';
import type { Tables } from '../vlp/tables.ts';
import { vlp } from '../vlp/vlp.ts';
import { Buffer } from './matrices.ts';
import type { KernelMemory } from './memory.ts';
import type { Operations } from './pool.ts';

/** Scores that go through the kernel at a time: input, patterns and results stay in the second-level cache. */
const CHUNK = 1 << 15;

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
  const buffers = Array.from({ length: 7 }, () => new Buffer(memory));
  return (call) => {
    const counted = call.statistics === undefined || store.limits !== undefined;
    checkSoftmax(call);
    if (
      call.masked !== undefined ||
      call.certificates !== undefined ||
      call.regions !== undefined ||
      !counted
    )
      return apply(call);
    const { rows, cols } = call;
    const height = tables.fixed ? Math.max(4, Math.floor(CHUNK / cols)) : config.group;
    for (let first = 0; first < rows; first += height) {
      const count = Math.min(height, rows - first);
      softmaxChunk(memory, operations, store, buffers, call, first, count);
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
    1024,
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
  if (statistics !== undefined) store.count(operations, patterns, live, rows, cols, small, statistics);
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

/**
 * Answer tables that have been copied into kernel memory, each once however many operators share it. A table's memory
 * is given back when nothing refers to the table any more.
 */
export class PlacedTables {
  readonly #memory: KernelMemory;
  readonly #addresses = new WeakMap<AnswerTable, number>();
  readonly #dropped: FinalizationRegistry<number>;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
    this.#dropped = new FinalizationRegistry((address) => memory.free(address));
  }

  addressOf(answers: AnswerTable): number {
    const known = this.#addresses.get(answers);
    if (known !== undefined) return known;
    const { values } = answers;
    const address = this.#memory.allocate(values.length * 4);
    this.#memory.floats(address, values.length).set(values);
    this.#addresses.set(answers, address);
    this.#dropped.register(answers, address);
    return address;
  }
}

/** The tables of one operator. */
class TableStore {
  readonly config: VlpConfig;
  readonly fixed: boolean;
  /** The table that serves all keys when the window is fixed. */
  readonly table: number = 0;
  /** Magnitudes from which an input is below, inside, above and special; undefined where windows differ by group. */
  readonly limits: readonly number[] | undefined;
  readonly #memory: KernelMemory;
  #map = new Uint32Array(0);

  constructor(memory: KernelMemory, placed: PlacedTables, tables: Tables, config: VlpConfig) {
    this.#memory = memory;
    this.config = config;
    this.fixed = tables.fixed;
    if (tables.fixed) {
      const answers = tables.at(undefined);
      this.table = placed.addressOf(answers);
      this.limits = limitsOf(answers);
      return;
    }
    this.#map = new Uint32Array(256);
    for (let biased = 0; biased < 256; biased++) {
      const answers = tables.at(biased === 0 ? undefined : biased - 127);
      this.#map[biased] = placed.addressOf(answers);
    }
  }

  /** Writes the map from biased exponent (0: none) to table address; 1024 bytes. */
  writeMap(address: number): void {
    this.#memory.longs(address, 256).set(this.#map);
  }

  count(
    operations: Operations,
    patterns: number,
    live: number,
    rows: number,
    cols: number,
    small: number,
    statistics: NonNullable<SoftmaxCall['statistics']>,
  ): void {
    this.#memory.words(small, 4).set(this.limits!);
    const counts = this.#memory.longs(small + 16, 4);
    counts.fill(0);
    operations.softmaxCount(patterns, live, rows, cols, small, small + 16);
    const [below, inside, above, special] = counts as unknown as [number, number, number, number];
    const total = this.#memory.longs(live, rows).reduce((sum, length) => sum + length, 0);
    statistics.total += rows * cols;
    statistics.masked += rows * cols - total;
    statistics.zero += total - below;
    statistics.below += below - inside;
    statistics.inside += inside - above;
    statistics.above += above - special;
    statistics.special += special;
  }
}

/** First magnitude of every region, if negative inputs pass through the regions in this order. */
function limitsOf({ regions }: AnswerTable): number[] | undefined {
  const order = ['zero', 'below', 'inside', 'above', 'special'] as const;
  const limits: number[] = [];
  let stage = 0;
  for (let magnitude = 0; magnitude < 0x8000; magnitude++) {
    const region = order.indexOf(REGIONS[regions[0x8000 | magnitude]] as (typeof order)[number]);
    if (region < stage) return undefined;
    for (; stage < region; stage++) limits.push(magnitude);
  }
  return limits.length === 4 ? limits : undefined;
}
