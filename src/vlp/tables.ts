import { type AnswerTable, evaluateElement, tabulate, votingExponent } from './element.ts';
import type { NonlinearFunction } from './function.ts';
import { buildLut, type Lut } from './lut.ts';
import { checkArtifact, checkLinear, type VlpConfig } from './mode.ts';
import { reducedExp } from './reduced-range.ts';
import { sizeOf, slide } from './window.ts';

/**
 * All answers of a function, by sliding window. An input has 16 bits and a window few positions, so evaluation is
 * a lookup; a position's table is filled when it is first needed.
 */
export interface Tables {
  readonly lut: Lut;
  /** True when every group gets the same window: then no exponents need to be compared. */
  readonly fixed: boolean;
  /** [65536] exponent with which an input takes part in the choice of the window, NEUTRAL if not. */
  readonly voting: Int16Array;
  /** Table for a group whose extreme live exponent is `extreme` (undefined: no live input). */
  at(extreme: number | undefined): AnswerTable;
}

/** Configurations kept per function; a sweep over windows would otherwise hold a table for each it has seen. */
const KEPT = 24;
const cache = new WeakMap<NonlinearFunction, Map<string, Tables>>();

export function tablesOf(fn: NonlinearFunction, config: VlpConfig): Tables {
  checkLinear(fn, config);
  checkArtifact(fn, config);
  const { mode, window, anchor, mantissaBits, columns, entries, below, range } = config;
  const key = JSON.stringify([
    mode,
    window.lo,
    window.hi,
    anchor,
    mantissaBits,
    columns,
    entries,
    below,
    range,
  ]);
  const known = cache.get(fn)?.get(key);
  if (known !== undefined) return known;
  const tables = build(fn, config);
  const kept = cache.get(fn) ?? new Map<string, Tables>();
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
  cache.set(fn, kept.set(key, tables));
  return tables;
}

function build(fn: NonlinearFunction, config: VlpConfig): Tables {
  const { window, anchor, columns, mantissaBits, entries, mode } = config;
  const voting = Int16Array.from({ length: 65536 }, (_, bits) => votingExponent(config, bits));
  if (config.range === 'reduced') {
    const { lut, answer } = reducedExp(fn, config);
    let table: AnswerTable | undefined;
    return { lut, fixed: true, voting, at: () => (table ??= tabulate(answer)) };
  }
  const lut = buildLut(fn, { window, mantissaBits, entries, asPublished: mode === 'artifact' });
  const byLowest: AnswerTable[] = [];
  return {
    lut,
    fixed: anchor === 'max' && sizeOf(window) <= columns,
    voting,
    at(extreme) {
      const sliding = slide(window, anchor, columns, extreme);
      // Below a window's top nothing larger occurs in the group, so one table per lowest exponent serves all.
      const widest = { lo: sliding.lo, hi: Math.min(sliding.lo + columns - 1, window.hi) };
      return (byLowest[sliding.lo - window.lo] ??= tabulate((bits) =>
        evaluateElement(lut, config, bits, widest),
      ));
    },
  };
}
