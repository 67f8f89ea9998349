import { geometric, type Quantity } from '../evaluate/quantity.ts';
import { type Preset, preset as presetNamed, repairs } from '../published/preset.ts';
import { modelEfficiency } from './efficiency-parts.ts';
import { byPreset, overBaseline } from './explained.ts';
import type { PaperItem } from './item.ts';
import { presetDots } from './panels.ts';
import {
  ALL_LLAMAS,
  both,
  efficiencies,
  geometricMean,
  LLAMAS,
  METRICS,
  modelWork,
  point,
} from './quantities.ts';

const MESHED = [
  'mugi-64',
  'mugi-128',
  'mugi-256',
  'carat-64',
  'carat-128',
  'carat-256',
  'sa-8',
  'sa-16',
  'sa-f-8',
  'sa-f-16',
  'sd-8',
  'sd-16',
  'sd-f-8',
  'sd-f-16',
];
const FIG17_DESIGNS = [
  ...MESHED.map((name) => `${name}@4x4`),
  ...MESHED.map((name) => `${name}@8x8`),
  'sa-64',
  'sa-f-64',
  'sd-64',
  'sd-f-64',
  'tensor',
  'tensor@2x1',
  'tensor@2x2',
];
const FIG17_BASELINE = 'sa-8@4x4';

/** Four models as published, the caption's three where `mean-of-three` is repaired. */
const modelsOfFig17 = (preset: Preset): readonly string[] =>
  repairs(preset, 'mean-of-three') ? LLAMAS : ALL_LLAMAS;

/** Efficiencies of one design, geometric mean over the models of the figure. */
function meshPoint(design: string, preset: 'as-published' | 'corrected') {
  const each = modelsOfFig17(presetNamed(preset)).map((model) => {
    const evaluation = point(design, model, preset);
    const { time, energy } = evaluation.total;
    return efficiencies({ work: modelWork(evaluation), time_s: time, energy_J: energy }, evaluation.leakage);
  });
  return Object.fromEntries(
    METRICS.map((metric) => [metric, geometricMean(each.map((one) => one[metric]))]),
  ) as Record<(typeof METRICS)[number], number>;
}

/** One of them with its parts. */
function meshParts(
  design: string,
  metric: (typeof METRICS)[number],
  preset: 'as-published' | 'corrected',
): Quantity {
  const models = modelsOfFig17(presetNamed(preset));
  return geometric(
    design,
    '',
    `geometric mean over ${models.length} models`,
    models.map((model) => modelEfficiency(model, metric, point(design, model, preset))),
  );
}

/** Fig. 17: meshes, scaled-up arrays and tensor cores over sa-8 in a 4 × 4 mesh. */
export const fig17: PaperItem = {
  name: 'fig17',
  title: 'Fig. 17: NoC and scaled-up designs, batch 8, 4096 tokens',
  explained: byPreset({
    by: { design: FIG17_DESIGNS, metric: METRICS },
    of: ({ design, metric }, preset) =>
      overBaseline(
        `over ${FIG17_BASELINE}`,
        meshParts(design, metric, preset),
        meshParts(FIG17_BASELINE, metric, preset),
      ),
  }),
  async run() {
    const base = both((preset) => meshPoint(FIG17_BASELINE, preset));
    const rows = FIG17_DESIGNS.flatMap((design) => {
      const values = both((preset) => meshPoint(design, preset));
      return METRICS.map((metric) => ({
        design,
        metric,
        as_published: values.as_published[metric] / base.as_published[metric],
        corrected: values.corrected[metric] / base.corrected[metric],
      }));
    });
    return {
      rows,
      plots: [
        {
          name: 'fig17',
          spec: presetDots(
            rows.map((row) => ({ ...row, metric: row.metric.replace('_', ' ') })),
            { text: 'Fig. 17: NoC and scaled-up designs', subtitle: `over ${FIG17_BASELINE}` },
            FIG17_DESIGNS,
            480,
          ),
        },
      ],
      notes: [
        'as published the mean is over four models although the caption lists three; corrected uses the three',
        'there is no reference file for this figure; it follows from the published equations',
      ],
    };
  },
};
