import { setImmediate } from 'node:timers/promises';
import { roundWord } from '../../number/bf16.ts';
import { placesOf } from '../../model/config/places.ts';
import type { LoadedModel } from '../../model/model.ts';
import { exactNonlinear, type NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import type { Row } from '../../present/csv.ts';
import type { PlotSpec } from '../../present/figure.ts';
import { arithmeticFor, FULL_PRECISION } from '../score/precision.ts';
import { batchOf, type Block } from '../data/blocks.ts';
import { KEEP_EVERY_MS } from './calibrate.ts';
import { EXPONENTS, LOWEST_EXPONENT, roundedInput, ZERO } from './rounded-input.ts';
import type { OnProgress, WorkState } from '../../files/state.ts';

/** Width of a value bin, and the range of values that bins cover (Mugi Fig. 4). */
const BIN = 0.05;
const RANGES = { softmax: [-20, 0], activation: [-10, 10] } as const;

/** Mantissa bits kept before an exponent is read: all of BF16's, so that profiles show the inputs themselves. */
const ALL_MANTISSA_BITS = 7;

interface Counts {
  values: Float64Array;
  exponents: Float64Array;
  total: number;
  outside: number;
}

/** Counts of the first blocks, as JSON. */
export interface StoredProfile {
  blocks: number;
  counts: { values: number[]; exponents: number[]; total: number; outside: number }[];
}

/** The one unit that a profile keeps. */
const UNIT = 'profile';

/** Distribution of one function's inputs in one layer. */
export interface Distribution {
  function: string;
  layer: number;
  inputs: number;
  /** Share of inputs per value bin; `from` is the bin's lower end. */
  values: { from: number; share: number }[];
  /** Share of inputs per IEEE exponent; zero apart. */
  exponents: { exponent: number; share: number }[];
  zeroShare: number;
  /** Share of inputs outside the range of the value bins. */
  outsideShare: number;
}

/**
 * Distributions of what the nonlinear functions see, per layer: softmax inputs after subtraction of the row maximum
 * and without masked entries (the artifact counts raw scores), activations as they are.
 * @param state keeps the counts of a pass that may be interrupted
 */
export async function profileModel(
  model: LoadedModel,
  blocks: readonly Block[],
  onProgress?: OnProgress,
  state?: WorkState<StoredProfile>,
): Promise<Distribution[]> {
  const { activation } = model.config;
  const places = placesOf(model.config);
  const make = (kind: keyof typeof RANGES, count: number): Counts[] =>
    Array.from({ length: count }, () => ({
      values: new Float64Array(Math.round((RANGES[kind][1] - RANGES[kind][0]) / BIN)),
      exponents: new Float64Array(EXPONENTS),
      total: 0,
      outside: 0,
    }));
  const counts = {
    softmax: make('softmax', places.softmax.length),
    activation: make('activation', places.activation),
  };
  const unit = counting(counts);
  const all = [...counts.softmax, ...counts.activation];
  const kept = state?.get(UNIT);
  for (const [i, { values, exponents, ...sums }] of (kept?.counts ?? []).entries()) {
    all[i].values.set(values);
    all[i].exponents.set(exponents);
    Object.assign(all[i], sums);
  }
  let last = performance.now();
  for (const [i, block] of blocks.entries()) {
    if (i < (kept?.blocks ?? 0)) continue;
    model.forward(batchOf([block]), arithmeticFor(FULL_PRECISION, unit));
    if (state && performance.now() - last > KEEP_EVERY_MS) {
      state.set(UNIT, {
        blocks: i + 1,
        counts: all.map((c) => ({ ...c, values: [...c.values], exponents: [...c.exponents] })),
      });
      last = performance.now();
    }
    onProgress?.(i + 1, blocks.length, kept?.blocks);
    await setImmediate();
  }
  state?.finish();
  return (['softmax', 'activation'] as const).flatMap((kind) =>
    counts[kind].map((c, layer) =>
      distribution(kind === 'softmax' ? 'softmax' : activation, layer, c, RANGES[kind][0]),
    ),
  );
}

function counting(counts: { softmax: Counts[]; activation: Counts[] }): NonlinearEvaluator {
  const { exponent } = roundedInput(ALL_MANTISSA_BITS);
  const float = new Float32Array(1);
  const word = new Uint32Array(float.buffer);
  const add = (to: Counts, x: number, low: number): void => {
    float[0] = x;
    to.exponents[exponent[roundWord(word[0])]] += 1;
    const bin = Math.floor((x - low) / BIN);
    if (bin >= 0 && bin < to.values.length) to.values[bin] += 1;
    // The row maximum itself is 0, the upper end of the softmax range.
    else if (x === 0) to.values[to.values.length - 1] += 1;
    else to.outside += 1;
    to.total += 1;
  };
  return {
    softmax(call) {
      const { scores, rows, columns, lengths } = call;
      for (let r = 0; r < rows; r++) {
        const row = scores.subarray(r * columns, r * columns + lengths[r]);
        const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
        for (const x of row) add(counts.softmax[call.layer], x - max, RANGES.softmax[0]);
      }
      exactNonlinear.softmax(call);
    },
    activation(call) {
      for (const x of call.values) add(counts.activation[call.layer], x, RANGES.activation[0]);
      exactNonlinear.activation(call);
    },
  };
}

function distribution(name: string, layer: number, c: Counts, low: number): Distribution {
  const share = (count: number) => (c.total > 0 ? count / c.total : 0);
  return {
    function: name,
    layer,
    inputs: c.total,
    values: [...c.values].map((count, i) => ({ from: low + i * BIN, share: share(count) })),
    exponents: [...c.exponents.subarray(1)].map((count, i) => ({
      exponent: LOWEST_EXPONENT + i,
      share: share(count),
    })),
    zeroShare: share(c.exponents[ZERO]),
    outsideShare: share(c.outside),
  };
}

/** Long-form rows: one per bin that holds anything. */
export function profileRows(model: string, distributions: readonly Distribution[]): Row[] {
  return distributions.flatMap(({ function: name, layer, values, exponents, zeroShare }) => [
    ...values.flatMap(({ from, share }) =>
      share > 0 ? [{ model, function: name, layer, kind: 'value', bin: Number(from.toFixed(2)), share }] : [],
    ),
    { model, function: name, layer, kind: 'zero', bin: 0, share: zeroShare },
    ...exponents.flatMap(({ exponent, share }) =>
      share > 0 ? [{ model, function: name, layer, kind: 'exponent', bin: exponent, share }] : [],
    ),
  ]);
}

/** Layers that a legend lists one by one. */
const MOST_NAMED_LAYERS = 12;

/** One row per function and layer: where its inputs lie, against the paper's window [−4, 3]. */
export function profileSummary(model: string, distributions: readonly Distribution[]): Row[] {
  return distributions.map(({ function: name, layer, inputs, exponents, zeroShare }) => {
    const within = (lo: number, hi: number) =>
      exponents.reduce((sum, e) => (e.exponent >= lo && e.exponent <= hi ? sum + e.share : sum), 0);
    return {
      model,
      function: name,
      layer,
      inputs,
      inside_share: within(-4, 3),
      below_share: within(-Infinity, -5),
      above_share: within(4, Infinity),
      zero_share: zeroShare,
      largest_exponent: exponents.findLast(({ share }) => share > 0)?.exponent ?? null,
    };
  });
}

/** Fig. 4 of the paper: values and exponents, per function, one line per layer. */
export function profilePlot(model: string, distributions: readonly Distribution[]): PlotSpec {
  const names = [...new Set(distributions.map(({ function: name }) => name))];
  const layers = 1 + Math.max(...distributions.map(({ layer }) => layer));
  const panel = (name: string, kind: 'values' | 'exponents') => {
    const values = distributions
      .filter((d) => d.function === name)
      .flatMap((d) =>
        kind === 'values'
          ? d.values.flatMap(({ from, share }) =>
              share >= 1e-5 ? [{ layer: d.layer, x: from, share: 100 * share }] : [],
            )
          : d.exponents.flatMap(({ exponent, share }) =>
              exponent >= -14 && exponent <= 6 ? [{ layer: d.layer, x: exponent, share: 100 * share }] : [],
            ),
      );
    const what = name === 'softmax' ? 'softmax input after maximum subtraction' : `${name} input`;
    return {
      title: `${name}: ${kind}`,
      width: 300,
      height: 190,
      data: { values },
      mark: kind === 'values' ? { type: 'line', strokeWidth: 1.2 } : { type: 'line', point: { size: 25 } },
      encoding: {
        x: { field: 'x', type: 'quantitative', title: kind === 'values' ? what : 'IEEE exponent' },
        y: { field: 'share', type: 'quantitative', title: '% of inputs' },
        // A legend of many layers would be taller than the figure: a gradient says as much.
        color: {
          field: 'layer',
          type: layers > MOST_NAMED_LAYERS ? 'quantitative' : 'ordinal',
          scale: { scheme: 'viridis' },
          title: 'layer',
        },
        detail: { field: 'layer' },
      },
    };
  };
  return {
    title: {
      text: `What the nonlinear functions of ${model} see`,
      subtitle: `value bins of ${BIN}; masked entries left out`,
    },
    columns: 2,
    concat: names.flatMap((name) => [panel(name, 'values'), panel(name, 'exponents')]),
  } as PlotSpec;
}
