import { unknownName } from '../errors.ts';
import { given, type Quantity } from '../evaluate/quantity.ts';
import * as bf16 from '../number/bf16.ts';
import { errorAt } from './answer-parts.ts';
import { type ApproximationRequest, errorRange, labels } from './approximation-errors.ts';

/** Figures of an error over a range of inputs. */
export const ERROR_FIGURES = ['mean', 'least', 'most', 'worst'] as const;
export type ErrorFigure = (typeof ERROR_FIGURES)[number];

/** A range of inputs: of one sign, from a magnitude on. */
export interface RangeName {
  method: string;
  negative: boolean;
  near: number;
}

/**
 * An error figure with its definition, the inputs it is taken over, and the answer to each of them.
 * @throws MugiError for a method, range or figure that is not there
 */
export function errorQuantity(asked: ApproximationRequest, name: RangeName, figure: string): Quantity {
  const known = ERROR_FIGURES.find((one) => one === figure);
  if (known === undefined) throw unknownName('figure of an error', figure, ERROR_FIGURES, 'why');
  const { row, answers, exact } = errorRange(asked, name);
  const label = labels(asked)[name.method];
  const error = (bits: number): Quantity => {
    const [x, y] = [bf16.fromBits(bits), answers[bits]];
    return errorAt(
      x,
      given('answer', y, '', `${label}: 0x${bf16.hex(bf16.toBits(y))}`),
      given('exact', exact(x), '', `${asked.name} in double precision`),
    );
  };
  const inputs = (): number[] => inputsOf(row).filter((bits) => exact(bf16.fromBits(bits)) !== 0);
  const magnitude = (bits: number): Quantity => {
    const signed = error(bits);
    return {
      name: `|error| at ${bf16.fromBits(bits)}`,
      value: Math.abs(signed.value),
      unit: '',
      formula: 'without its sign',
      parts: () => [signed],
    };
  };
  const over = `every BF16 input with ${row.near} ≤ |x| < ${row.far}`;
  switch (known) {
    case 'mean':
      return {
        name: 'mean error',
        value: row.mean_abs_rel_error,
        unit: '',
        formula: 'Σ |y / f(x) − 1| / inputs',
        combine: 'quotient',
        parts: () => [
          {
            name: 'errors',
            value: row.mean_abs_rel_error * inputs().length,
            unit: '',
            formula: `Σ over ${over}`,
            combine: 'sum',
            parts: () => inputs().map(magnitude),
          },
          given('inputs', inputs().length, '', `${over}, without those where f(x) is 0`),
        ],
      };
    case 'worst':
      return {
        name: 'worst input',
        value: row.worst_x,
        unit: '',
        formula: `the input with the largest |y / f(x) − 1| among ${over}`,
        parts: () => (Number.isNaN(row.worst_x) ? [] : [error(bf16.toBits(row.worst_x))]),
      };
    default: {
      const value = known === 'least' ? row.min_rel_error : row.max_rel_error;
      return {
        name: `${known} error`,
        value,
        unit: '',
        formula: `the ${known === 'least' ? 'smallest' : 'largest'} y / f(x) − 1 among ${over}`,
        parts: () =>
          inputs()
            .map(error)
            .toSorted((a, b) => (known === 'least' ? a.value - b.value : b.value - a.value)),
      };
    }
  }
}

/** BF16 patterns of a range, subnormals left out as in `errorOver`. */
function inputsOf({ negative, near, far }: { negative: boolean; near: number; far: number }): number[] {
  const [from, to] = [Math.max(0x80, bf16.toBits(near)), bf16.toBits(far)];
  return Array.from({ length: Math.max(0, to - from) }, (_, i) =>
    negative ? (from + i) | 0x8000 : from + i,
  );
}
