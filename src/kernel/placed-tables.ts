import type { AnswerTable } from '../vlp/element.ts';
import { REGIONS, type Statistics } from '../vlp/statistics.ts';
import type { VlpConfig } from '../vlp/mode.ts';
import type { Tables } from '../vlp/tables.ts';
import { Buffer } from './matrices.ts';
import type { KernelMemory } from './memory.ts';

/** Buffers that an operator works in, at most. */
const WORKED_IN = 7;
/** Bytes of a map from biased exponent to table address. */
export const MAP_BYTES = 256 * 4;
/** Fields in which regions are counted. */
const FIELDS = 8;

/**
 * Answer tables that have been copied into kernel memory, each once however many operators share it: 65,536 answers in FP32,
 * then the region of each in a byte. A table's memory is given back when nothing refers to the table any more.
 */
export class PlacedTables {
  /** What operators work in, and where they count: one of them runs at a time. */
  readonly buffers: readonly Buffer[];
  readonly counts: Buffer;
  readonly #memory: KernelMemory;
  readonly #addresses = new WeakMap<AnswerTable, number>();
  readonly #dropped: FinalizationRegistry<number>;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
    this.buffers = Array.from({ length: WORKED_IN }, () => new Buffer(memory));
    this.counts = new Buffer(memory);
    this.#dropped = new FinalizationRegistry((address) => memory.free(address));
  }

  addressOf(answers: AnswerTable): number {
    const known = this.#addresses.get(answers);
    if (known !== undefined) return known;
    const { values, regions } = answers;
    const address = this.#memory.allocate(values.length * 4 + regions.length);
    this.#memory.floats(address, values.length).set(values);
    this.#memory.bytes(address + values.length * 4, regions.length).set(regions);
    this.#addresses.set(answers, address);
    this.#dropped.register(answers, address);
    return address;
  }
}

/** The tables of one operator. */
export class TableStore {
  readonly config: VlpConfig;
  readonly fixed: boolean;
  /** The table that serves all inputs when the window is fixed; 0 otherwise. */
  readonly table: number = 0;
  readonly #memory: KernelMemory;
  readonly #counts: Buffer;
  #map = new Uint32Array(0);

  constructor(memory: KernelMemory, placed: PlacedTables, tables: Tables, config: VlpConfig) {
    this.#memory = memory;
    this.#counts = placed.counts;
    this.config = config;
    this.fixed = tables.fixed;
    if (tables.fixed) {
      this.table = placed.addressOf(tables.at(undefined));
      return;
    }
    this.#map = new Uint32Array(MAP_BYTES / 4);
    for (let biased = 0; biased < this.#map.length; biased++) {
      const answers = tables.at(biased === 0 ? undefined : biased - 127);
      this.#map[biased] = placed.addressOf(answers);
    }
  }

  /** Writes the map from biased exponent (0: none) to table address; `MAP_BYTES` bytes. */
  writeMap(address: number): void {
    this.#memory.longs(address, this.#map.length).set(this.#map);
  }

  /** Lets a kernel count what became of inputs, by region, and adds it up. */
  count(statistics: Statistics | undefined, run: (counts: number) => void): void {
    const at = this.#counts.reserve(FIELDS * 4);
    this.#memory.longs(at, FIELDS).fill(0);
    run(at);
    if (statistics === undefined) return;
    const counts = this.#memory.longs(at, FIELDS);
    for (const [code, region] of REGIONS.entries()) statistics[region] += counts[code];
  }
}
