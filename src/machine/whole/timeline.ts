import { LANE_PINS } from '../part/vector-array.ts';
import type { Pins, Program, Result } from './machine.ts';

export const BF16_ONE = 0x3f80;

type Late = (earlier: (result: Result) => number) => Pins;

/** Pins by cycle, put down in any order. Buses keep their value while nothing new comes, controls rest at zero. */
export class Timeline {
  readonly #at = new Map<number, Record<string, number | ArrayLike<number>>>();
  readonly #later = new Map<number, Late>();

  at(cycle: number, pins: Pins): void {
    const known = this.#at.get(cycle);
    if (known === undefined) this.#at.set(cycle, { ...pins });
    else Object.assign(known, pins);
  }

  /** Pins that carry earlier results. */
  later(cycle: number, pins: Late): void {
    this.#later.set(cycle, pins);
  }

  /** `buses` are the pins that are buses, with what they carry at first; all other pins rest. */
  program(buses: Pins, cycles: number, results: ReadonlyMap<number, readonly Result[]>): Program {
    const held: Record<string, number | ArrayLike<number>> = { ...buses };
    return {
      cycles,
      results,
      pins: (cycle, earlier) => {
        const given = { ...this.#at.get(cycle), ...this.#later.get(cycle)?.(earlier) };
        for (const name of Object.keys(buses)) if (given[name] !== undefined) held[name] = given[name];
        return { ...REST, ...given, ...held };
      },
    };
  }
}

const REST: Pins = Object.fromEntries(
  [
    ...Object.keys(LANE_PINS),
    'valid',
    'swap',
    'write',
    'writing',
    'first',
    'slot',
    'drain_slot',
    'last',
    'shift',
    'start',
    'restart',
  ].map((name) => [name, 0]),
);
