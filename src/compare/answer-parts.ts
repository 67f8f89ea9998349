import type { ApproximationPoint } from '../approximation/points.ts';
import { unknownName } from '../errors.ts';
import { given, type Quantity, quotient } from '../evaluate/quantity.ts';
import * as bf16 from '../number/bf16.ts';
import type { Lut } from '../vlp/lut.ts';
import { lutRows } from '../vlp/lut-file.ts';

/** What stands beside an input: the answer of a method, the exact one, and the error. */
export const ANSWER_FIGURES = ['answer', 'exact', 'error'] as const;

interface Answer {
  /** The function, and the method in words. */
  name: string;
  label: string;
  point: ApproximationPoint;
}

/** Relative error of an answer y to f(x), with both. */
export function errorAt(x: number, answer: Quantity, exact: Quantity): Quantity {
  const ratio = quotient('answer / exact', '', 'y / f(x)', [answer, exact]);
  return {
    name: `error at ${x}`,
    value: ratio.value - 1,
    unit: '',
    formula: 'y / f(x) − 1',
    combine: 'sum',
    parts: () => [ratio, given('one', -1, '', 'an answer that is exact has no error')],
  };
}

/**
 * A figure of one input.
 * @throws MugiError for a figure that is not there
 */
export function answerQuantity({ name, label, point }: Answer, figure: string): Quantity {
  const x = bf16.fromBits(point.x_bf16_bits);
  const answer = given('answer', point.y, '', `${label}: 0x${bf16.hex(point.y_bf16_bits)}, ${point.region}`);
  const exact = given('exact', point.exact, '', `${name} of ${x} in double precision`);
  switch (ANSWER_FIGURES.find((one) => one === figure)) {
    case 'answer':
      return answer;
    case 'exact':
      return exact;
    case 'error':
      // Two zeros are equal, though they have no ratio.
      return point.y === point.exact
        ? given('error', 0, '', 'the answer is exact')
        : errorAt(x, answer, exact);
    default:
      throw unknownName('figure of an answer', figure, ANSWER_FIGURES, 'why');
  }
}

/**
 * An entry of a look-up table: the function at the input that its place stands for, rounded to BF16.
 * @throws MugiError for a row or an exponent that the table does not have
 */
export function entryQuantity(
  lut: Lut,
  { sign, mantissa, exponent }: { sign: string; mantissa: number; exponent: number },
): Quantity {
  const { fn, window, mantissaBits } = lut;
  const rows = lutRows(lut);
  const row = rows.find((one) => one.sign === sign && one.mantissa === mantissa);
  if (row === undefined) {
    throw unknownName(
      'row of the table',
      `${sign}${mantissa}`,
      rows.map((one) => one.sign + one.mantissa),
      'of',
    );
  }
  const bits = row.bits[exponent - window.lo];
  if (bits === undefined) {
    throw unknownName(
      'exponent of the table',
      String(exponent),
      row.bits.map((_, i) => String(window.lo + i)),
      'of',
    );
  }
  const x = (sign === '-' ? -1 : 1) * (1 + mantissa / 2 ** mantissaBits) * 2 ** exponent;
  return {
    name: 'entry',
    value: bf16.fromBits(bits),
    unit: '',
    formula: `${fn.title} at ${x}, rounded to BF16: 0x${bf16.hex(bits)}`,
    parts: () => [
      given('exact', fn.exact(x), '', `${fn.name} in double precision`),
      {
        name: 'input',
        value: x,
        unit: '',
        formula: 'sign × significand × 2^exponent: every input that rounds to it takes this entry',
        combine: 'product',
        parts: () => [
          given('sign', sign === '-' ? -1 : 1, '', 'the half of the table'),
          given('significand', 1 + mantissa / 2 ** mantissaBits, '', `1 + ${mantissa}/${2 ** mantissaBits}`),
          given('power', 2 ** exponent, '', `2^${exponent}, a column`),
        ],
      },
    ],
  };
}
