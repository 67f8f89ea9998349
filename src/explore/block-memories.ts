import { memoryIn } from '../design/custom.ts';
import { type Design, MEMORIES, type MemoryName } from '../design/design.ts';
import type { MugiError } from '../errors.ts';
import { priceSram, type PricedSram } from '../evaluate/price.ts';
import type { Technology } from '../technology/technology.ts';
import { attempt } from './attempt.ts';
import type { Value } from './expression.ts';
import type { Block } from './space/space.ts';

/** What is asked of a memory; what is absent is as the design is built. */
export interface AskedMemory {
  kib?: number;
  word_bits?: number;
}

type AskedMemories = Readonly<Partial<Record<MemoryName, AskedMemory>>>;

/** A digit of a number: what one of it counts, and how many there are. */
interface Digit {
  stride: number;
  count: number;
}

const sizeOf = (memory: MemoryName): string => `sram.${memory}`;
const wordOf = (memory: MemoryName): string => `sram.${memory}.word_bits`;

/** The memories of a block's points, whose sizes and words are digits of a point's number. */
export class BlockMemories {
  /** Whether a point is a built-in design as it stands, whose memories a file could perhaps not ask for. */
  readonly unchanged: boolean;
  readonly #own: AskedMemories;
  readonly #digits: Readonly<Record<MemoryName, Digit>>;

  constructor({ start, varied }: Block) {
    this.unchanged =
      Object.keys(start.spec).length === 1 &&
      varied.every(({ name, place }) => (place !== 'logic' && place !== 'memory') || name === 'shape');
    this.#own = (start.spec.sram ?? {}) as AskedMemories;
    // The size and the word of a memory follow each other in the order of parameters.
    const own = varied.filter(({ place }) => place === 'memory');
    const product = (all: typeof own): number => all.reduce((size, { values }) => size * values.length, 1);
    this.#digits = Object.fromEntries(
      MEMORIES.map((memory) => {
        const is = ({ name }: { name: string }): boolean =>
          name === sizeOf(memory) || name === wordOf(memory);
        const behind = own.slice(own.findLastIndex(is) + 1);
        return [memory, { stride: own.some(is) ? product(behind) : 1, count: product(own.filter(is)) }];
      }),
    ) as Record<MemoryName, Digit>;
  }

  /** A number that points with equal memories of a name share, from 0 on. @param at of a point's memories */
  which(memory: MemoryName, at: number): number {
    const { stride, count } = this.#digits[memory];
    return Math.floor(at / stride) % count;
  }

  /** What a point asks of a memory. */
  asked(memory: MemoryName, parameters: Readonly<Record<string, Value>>): AskedMemory {
    const own = this.#own[memory];
    const kib = (parameters[sizeOf(memory)] as number | undefined) ?? own?.kib;
    const word = (parameters[wordOf(memory)] as number | undefined) ?? own?.word_bits;
    return { ...(kib === undefined ? {} : { kib }), ...(word === undefined ? {} : { word_bits: word }) };
  }
}

/** Memories with their prices, or the mistakes in them; many designs ask for the same ones. */
export class PricedMemories {
  readonly #known = new WeakMap<Technology, Map<string, PricedSram | MugiError>>();

  /** @param asked absent where the memory is as the design is built, whether or not a file could ask for it */
  of(
    built: Pick<Design, 'sram'>,
    memory: MemoryName,
    asked: AskedMemory | undefined,
    technology: Technology,
  ): PricedSram | MugiError {
    let known = this.#known.get(technology);
    if (known === undefined) this.#known.set(technology, (known = new Map()));
    const { wordBits, depthPerBank, accessCycles } = built.sram[memory];
    const key = `${memory} ${wordBits} ${depthPerBank} ${accessCycles} ${asked?.kib} ${asked?.word_bits} ${asked === undefined}`;
    let priced = known.get(key);
    if (priced === undefined) {
      priced = attempt(() => {
        const sram =
          asked === undefined ? built.sram[memory] : memoryIn(built, memory, asked, { technology });
        return priceSram(sram, technology);
      });
      known.set(key, priced);
    }
    return priced;
  }
}
