import { toBits } from '../number/bf16.ts';
import { random } from '../number/random.ts';

/** Zeros, ends of the subnormal and normal range, infinities, NaN and one. */
const CORNERS = [0, 0x8000, 1, 0x8001, 0x7f, 0x80, 0x7f80, 0xff80, 0x7fc0, 0xffc1, 0x7f7f, 0xff7f, 0x3f80];

/** A BF16 pattern of ordinary size; with `corners` one in eight is a corner case or any pattern at all. */
export function bf16(next: () => number, corners = true): number {
  const below = (count: number): number => Math.floor(next() * count);
  const kind = next();
  if (corners && kind < 1 / 16) return CORNERS[below(CORNERS.length)];
  if (corners && kind < 1 / 8) return below(65536);
  return toBits((next() * 2 - 1) * 2 ** (below(12) - 7));
}

/** Seeded values for the pins of a unit. */
export class Draw {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  flag(share = 0.5): boolean {
    return this.#next() < share;
  }

  bit(share = 0.5): number {
    return this.flag(share) ? 1 : 0;
  }

  below(count: number): number {
    return Math.floor(this.#next() * count);
  }

  bf16(): number {
    return bf16(this.#next);
  }

  /** Two BF16 patterns, half of them of like magnitude and of other sign, where digits cancel. */
  summands(): { a: number; b: number } {
    const a = this.bf16();
    return { a, b: this.flag() ? this.bf16() : (a & 0x7f80) ^ this.below(0x200) ^ 0x8000 };
  }

  /** As many values. */
  list<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, i) => make(i));
  }
}
