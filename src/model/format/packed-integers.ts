import { toBits } from '../../number/bf16.ts';
import { MAXIMUM } from '../../number/int4.ts';
import type { QuantizedMatrix } from '../../vlp/quantize.ts';

/** A matrix that is stored packed. */
export interface PackedRows {
  /** Writes rows [first, first + count). */
  rows: (first: number, count: number, out: Float32Array) => void;
  /** Its integers and scales as an INT4 operand, where they fit: see `operandOf`. */
  int4?: () => QuantizedMatrix | undefined;
}

/** A matrix, and where it lies. */
export interface Size {
  name: string;
  path: string;
  outputs: number;
  inputs: number;
}

/** Integers less their zero points, and their scales: a group for every input. */
interface Integers {
  bits: number;
  groups: number;
  groupOf: (input: number) => number;
  integer: (output: number, input: number, group: number) => number;
  scale: (output: number, group: number) => number;
}

function rowsOf({ inputs }: Size, { groupOf, integer, scale }: Integers): PackedRows['rows'] {
  return (first, count, out) => {
    for (let r = 0; r < count; r++) {
      for (let i = 0; i < inputs; i++) {
        const group = groupOf(i);
        out[r * inputs + i] = integer(first + r, i, group) * scale(first + r, group);
      }
    }
  };
}

/**
 * Integers of four bits about zero in groups of neighbouring inputs, as the node holds INT4 weights: scales are rounded to BF16,
 * and −8, which sign and magnitude do not have, becomes −7 and is counted as clipped. Anything else does not fit.
 */
function operandOf(
  { outputs, inputs }: Size,
  { bits, groups, groupOf, integer, scale }: Integers,
): QuantizedMatrix | undefined {
  const groupSize = Math.ceil(inputs / groups);
  if (bits !== 4 || Math.ceil(inputs / groupSize) !== groups) return undefined;
  const groupOfInput = Int32Array.from({ length: inputs }, (_, i) => groupOf(i));
  if (groupOfInput.some((group, i) => group !== Math.floor(i / groupSize))) return undefined;
  const values = new Int8Array(outputs * inputs);
  let clipped = 0;
  for (let at = 0; at < values.length; at++) {
    const i = at % inputs;
    const q = integer((at - i) / inputs, i, groupOfInput[i]);
    if (q < -8 || q > 7) return undefined;
    if (q === -8) clipped++;
    values[at] = Math.max(-MAXIMUM, q);
  }
  const scales = Uint16Array.from({ length: outputs * groups }, (_, at) =>
    toBits(scale(Math.floor(at / groups), at % groups)),
  );
  return { outputs, inner: inputs, values, scales, axis: 'inner', groupSize, clipped };
}

/** A matrix of integers in groups. */
export const packedOf = (size: Size, integers: Integers): PackedRows => ({
  rows: rowsOf(size, integers),
  int4: () => operandOf(size, integers),
});
