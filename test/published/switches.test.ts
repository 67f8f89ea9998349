import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { type PresetName, preset, type Repair, REPAIR_NAMES } from '../../src/published/preset.ts';
import { OPEN_45 } from '../../src/technology/open-45.ts';

/**
 * Every switch alone, in both directions, on a design of every family: the numbers of version 0.1.0, in which the quirks
 * stood inside the model, but for what CHANGELOG.md lists: loads and tails of the arrays of cells and of Carat as their
 * cycle models take them, the drain of Carat and output-stationary arrays, words of
 * scaled-up arrays and the tensor core from macros side by side, and converters of FIGNA that `lane-counts` leaves alone. Llama 2 70B, batch 3, context 500, prompt 30, costs of open-45: time, dynamic energy, DRAM
 * energy, leakage, area, operational carbon, energy per token. What is not listed is as without the switch.
 */
type Numbers = readonly number[];
const golden = JSON.parse(readFileSync('test/golden/published/switches.json', 'utf8')) as Record<
  string,
  Record<PresetName, Record<string, Numbers>>
>;

/** Repairs of `corrected` that version 0.1.0 did not have; their own tests say what they change. */
const LATER: readonly Repair[] = ['sums', 'scales', 'mesh', 'mac-counts'];

const FIGURES = ['time', 'energy', 'DRAM', 'leakage', 'area', 'carbon', 'per token'];

function numbers(design: string, name: PresetName, repair?: Repair): Numbers {
  const now = name === 'corrected' ? Object.fromEntries(LATER.map((later) => [later, false])) : {};
  const change = repair === undefined ? now : { ...now, [repair]: name === 'as-published' };
  const evaluation = evaluatePoint({
    design,
    model: 'llama-2-70b',
    batch: 3,
    context: 500,
    prefill: 30,
    technology: OPEN_45,
    preset: preset(name, change),
  });
  const { total, leakage, area, carbon } = evaluation;
  const perToken = metrics(evaluation).energy_per_token_J;
  return [total.time, total.energy, total.dram, leakage, area, carbon.operationalTotal, perToken];
}

describe.each(Object.keys(golden))('%s', (design) => {
  it.each(['as-published', 'corrected'] as const)('%s, and every switch alone', (name) => {
    const { all, ...alone } = golden[design][name];
    for (const repair of [undefined, ...REPAIR_NAMES.filter((one) => !LATER.includes(one))]) {
      const expected = repair === undefined ? all : (alone[repair] ?? all);
      const own = numbers(design, name, repair);
      for (const [i, value] of own.entries())
        expect(Math.abs(value / expected[i] - 1), `${repair}: ${FIGURES[i]}`).toBeLessThan(1e-13);
    }
  });
});

it('every switch that changes a number is seen to, on some design', () => {
  const seen = new Set(
    Object.values(golden).flatMap((presets) => Object.values(presets).flatMap((entry) => Object.keys(entry))),
  );
  // Two choose among numbers.
  const choices = ['mean-of-three', 'double-count', ...LATER];
  expect(REPAIR_NAMES.filter((repair) => !seen.has(repair)).toSorted()).toEqual(choices.toSorted());
});
