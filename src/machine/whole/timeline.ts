import { ONE } from '../../number/bf16.ts';
import { ADDS, LANE_LATENCY, LANE_PINS } from '../part/vector-array.ts';
import type { Pins, Product, Program, Result } from './machine.ts';

type Late = (earlier: (result: Result) => number) => Pins;

/** Pins by cycle and results, put down in any order. Buses keep their value while nothing new comes, controls rest at zero. */
export class Timeline {
  readonly #at = new Map<number, Record<string, number | ArrayLike<number>>>();
  readonly #later = new Map<number, Late>();
  readonly #results = new Map<number, Result[]>();

  at(cycle: number, pins: Pins): void {
    const known = this.#at.get(cycle);
    if (known === undefined) this.#at.set(cycle, { ...pins });
    else Object.assign(known, pins);
  }

  /** Lanes take the scales of a group for the outputs from `first` on: 1 where the product has none, 0 beyond its outputs. */
  scale(cycle: number, lanes: number, { n, k, scales, group: size = k }: Product, at: Lanes): void {
    const groups = Math.ceil(k / size);
    const scale = Uint16Array.from({ length: lanes }, (_, lane) =>
      at.first + lane < n ? (scales?.[(at.first + lane) * groups + at.group] ?? ONE) : 0,
    );
    this.at(cycle, { load_scale: 1, scale });
  }

  /** Sums of token m drain into the lanes; those behind the first group meet what the memory gives back of the one before. */
  drain(cycle: number, lanes: number, { n }: Product, m: number, { first, group }: Lanes): void {
    const found = Array.from({ length: Math.max(0, Math.min(lanes, n - first)) }, (_, lane) => ({
      cycle: cycle + LANE_LATENCY,
      lane,
      m,
      n: first + lane,
      group,
    }));
    this.#results.set(cycle + LANE_LATENCY, found);
    if (group === 0) return;
    this.#later.set(cycle + ADDS, (earlier) => ({
      data: Uint16Array.from({ length: lanes }, (_, lane) =>
        lane < found.length ? earlier({ ...found[lane], group: group - 1 }) : 0,
      ),
    }));
  }

  /** `buses` are the pins that are buses, with what they carry at first; all other pins rest. */
  program(buses: Pins, cycles: number): Program {
    const held: Record<string, number | ArrayLike<number>> = { ...buses };
    return {
      cycles,
      results: this.#results,
      pins: (cycle, earlier) => {
        const given = { ...this.#at.get(cycle), ...this.#later.get(cycle)?.(earlier) };
        for (const name of Object.keys(buses)) if (given[name] !== undefined) held[name] = given[name];
        return { ...REST, ...given, ...held };
      },
    };
  }
}

/** What the lanes of the vector array hold: outputs from `first` on, of a group of k. */
interface Lanes {
  first: number;
  group: number;
}

/** Lines of which the one at a place is high; none at −1. */
export const oneHot = (length: number, at: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i === at ? 1 : 0));

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
