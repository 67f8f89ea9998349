import type { Simulator } from '../../../src/hardware/simulator/simulator.ts';

/** Cycles that each unit is compared over. */
export const CYCLES = 4000;
export const bit = (flag: boolean): number => (flag ? 1 : 0);
export const poke = (rtl: Simulator, pins: Record<string, number | number[]>): void => {
  for (const [name, value] of Object.entries(pins)) rtl.poke(name, value);
};
export const reset = (rtl: Simulator): void => {
  rtl.poke('reset', 1);
  rtl.step();
  rtl.poke('reset', 0);
};
export const integer = (next: () => number, below: number): number => Math.floor(next() * below);
/** One value for each of eight columns, chunks or cycles. */
export const eight = <T>(value: T): T[] => Array.from({ length: 8 }, () => value);
