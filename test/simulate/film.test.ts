import { describe, expect, it } from 'vitest';
import { fromBits, toBits } from '../../src/number/bf16.ts';
import { momentsAt, type Pick, type Read } from '../../src/machine/mugi/view/moment.ts';
import type { Simulation } from '../../src/simulate/asked.ts';
import { filmed } from '../../src/simulate/filmed.ts';

const asked = (part: Partial<Simulation>): Simulation => ({
  design: 'mugi-8',
  operation: 'gemm',
  preset: 'corrected',
  arithmetic: 'design',
  seed: 5,
  m: 8,
  k: 6,
  n: 8,
  ...part,
});

/** All moments of a run. */
const everything = ({ film }: ReturnType<typeof filmed>) =>
  Array.from({ length: film.cycles }, (_, cycle) =>
    Array.from({ length: film.rows }, (__, row) => momentsAt(film, cycle, row)),
  ).flat(2);

describe('the film of a run', () => {
  it('shows each product once, where the spike of its weight takes it from the bus', () => {
    const run = filmed(asked({}));
    const { activation_bits: activations, weights } = run.outcome.inputs as {
      activation_bits: number[];
      weights: number[];
    };
    const picks = everything(run).filter((moment): moment is Pick => moment.kind === 'pick');
    expect(picks.length).toBe(8 * 6 * 8);
    for (const { row, column, frame, magnitude, negative, value, once, cycle, spiked } of picks) {
      const weight = weights[row * 6 + frame];
      const activation = activations[column * 6 + frame];
      expect(once).toBe(activation);
      expect(magnitude).toBe(Math.abs(weight));
      expect(negative).toBe(weight < 0);
      expect(fromBits(value)).toBe(fromBits(toBits(Math.abs(weight) * fromBits(activation))));
      expect(cycle).toBe(spiked + column);
      expect(spiked & 7).toBe(magnitude);
    }
  });

  it('shows the sums that make the outputs', () => {
    const run = filmed(asked({ k: 5, n: 7 }));
    const sums = everything(run).filter((moment): moment is Read => moment.kind === 'sum');
    expect(sums.length).toBe(8 * 5 * 7);
    const last = sums.filter(({ frame }) => frame === 4);
    for (const { row, column, value, before } of last) {
      const sum = toBits(fromBits(before!) + fromBits(value));
      expect(fromBits(run.outcome.output[column * 7 + row])).toBe(fromBits(sum));
    }
    const first = sums.filter(({ frame }) => frame === 0);
    expect(first.every(({ before }) => before === undefined)).toBe(true);
  });

  it.each(['exp', 'silu', 'gelu', 'softmax'] as const)(
    'shows the entry of every result of %s',
    (operation) => {
      const run = filmed(asked({ operation, m: 2, n: 8 }));
      const moments = everything(run);
      const picks = new Map(
        moments
          .filter((moment): moment is Pick => moment.kind === 'pick')
          .map((pick) => [`${pick.frame} ${pick.row} ${pick.column}`, pick]),
      );
      const results = moments.filter((moment): moment is Read => moment.kind === 'result');
      expect(results.length).toBeGreaterThan(6);
      for (const { frame, row, column, value, picked } of results) {
        const pick = picks.get(`${frame} ${row} ${column}`)!;
        expect(pick).toMatchObject({ own: true, value, cycle: picked, lookup: true });
        // Of a function the slot is the result.
        if (operation !== 'softmax' && operation !== 'exp') {
          const element = Math.floor(frame / 2) * 8 + row;
          expect(run.outcome.output[element]).toBe(value);
        }
      }
    },
  );

  it('refuses a run that is too long to be kept', () => {
    // Its length is counted, and nothing runs.
    expect(() => filmed(asked({ k: 4096, m: 64, n: 64 }))).toThrow(
      expect.objectContaining({
        message: 'the run is too long to be shown cycle by cycle',
        details: expect.objectContaining({
          received: expect.stringMatching(/^2\d{6} cycles$/) as string,
        }) as object,
      }),
    );
    expect(() => filmed(asked({ operation: 'softmax', m: 4096, n: 4096 }))).toThrow('too long to be shown');
  });
});
