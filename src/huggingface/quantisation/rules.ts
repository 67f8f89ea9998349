import { kindOf, type Kind, moduleNames } from './modules.ts';
import { type Matcher, matcher } from './patterns.ts';

/** Bits of a weight, and bits of scales and zero points that come with each. */
export interface StoredFormat {
  bits: number;
  scaleBits: number;
}

/** Width of what a quantised file leaves as it was trained. */
const UNQUANTISED: StoredFormat = { bits: 16, scaleBits: 0 };

/** What a quantisation config says, whatever its dialect. */
export interface Rules {
  /** For people: "GPTQ", "compressed-tensors". */
  method: string;
  /** Format of every matrix of a kind that is covered; absent where only named modules have one. */
  format?: StoredFormat;
  /** Kinds that `format` holds for without being named. */
  covers: readonly Kind[];
  /** Patterns of modules that keep their training width. */
  excluded: readonly string[];
  /** Modules that have a format of their own, the first that matches; null: their training width. */
  named?: readonly { patterns: readonly string[]; format: StoredFormat | null }[];
  /** Head by itself (EXL2's `head_bits`). */
  head?: StoredFormat;
  kvBits?: number;
  notes: readonly string[];
}

/** A file's quantisation, ready to be asked. */
export interface Quantisation {
  method: string;
  kvBits: number | undefined;
  notes: readonly string[];
  /** Format of the matrix that an operator multiplies with; `layer` counts from 0, none for the head. */
  formatOf(operator: string, layer: number | undefined, type: string): StoredFormat;
}

/** @param path where the rules stand, for errors in their patterns */
export function quantisation(rules: Rules, path: string): Quantisation {
  const excluded: Matcher = matcher(rules.excluded, path);
  const named = (rules.named ?? []).map(({ patterns, format }) => ({
    means: matcher(patterns, path),
    format,
  }));
  return {
    method: rules.method,
    kvBits: rules.kvBits,
    notes: rules.notes,
    formatOf(operator, layer, type) {
      const names = moduleNames(operator, layer, type);
      const own = named.find(({ means }) => means(names));
      if (own !== undefined) return own.format ?? UNQUANTISED;
      if (excluded(names)) return UNQUANTISED;
      const kind = kindOf(operator);
      if (kind === 'head' && rules.head !== undefined) return rules.head;
      return rules.covers.includes(kind) ? (rules.format ?? UNQUANTISED) : UNQUANTISED;
    },
  };
}
