import { module } from '../../../hardware/module.ts';

/**
 * A synchronous single-read, single-write SRAM: what is addressed in one cycle is on the read port in the next.
 * A read of the word being written gives the old word. The node's three memories are macros outside its RTL; the
 * behaviour counts their accesses, and small instances of this module stand in for them in tests.
 */
export class Sram {
  readonly words: Uint32Array;
  #data = 0;
  reads = 0;
  writes = 0;

  constructor(depth: number) {
    this.words = new Uint32Array(depth);
  }

  /** The word that the last clock edge read. */
  get data(): number {
    return this.#data;
  }

  clock(read: boolean, readAddress: number, write: boolean, writeAddress: number, word: number): void {
    if (read) {
      this.#data = this.words[readAddress];
      this.reads++;
    }
    if (write) {
      this.words[writeAddress] = word;
      this.writes++;
    }
  }
}

export const sramModule = (width: number, depth: number) => {
  const address = Math.ceil(Math.log2(depth));
  return module(
    {
      name: `sram_${depth}x${width}`,
      doc: 'Synchronous SRAM with one read and one write port; reading the word being written gives the old one.',
      inputs: { read: 1, read_address: address, write: 1, write_address: address, word: width },
    },
    (m, io) => {
      const memory = m.memory('words', { width, depth });
      memory.write(io.write, io.write_address, io.word);
      return { data: m.delay('read_data', memory.read(io.read_address), { enable: io.read }) };
    },
  );
};
