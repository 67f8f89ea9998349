import type { Evaluation } from '../evaluate/evaluation.ts';
import { gramsPerJoule } from '../evaluate/parts/carbon.ts';
import { energyOf, timeOf } from '../evaluate/parts/operator.ts';
import { given, product, type Quantity, quotient, sum } from '../evaluate/quantity.ts';
import { quantityOf } from '../evaluate/why.ts';
import { PALETTE } from '../present/figure.ts';
import { repairs } from '../published/preset.ts';
import { stacked } from './explained.ts';
import type { PaperItem } from './item.ts';
import { stacksByModel } from './panels.ts';
import { ALL_LLAMAS, both, point } from './quantities.ts';

const FIG15_DESIGNS = ['mugi-256', 'carat-256', 'sa-16', 'sd-16', 'sa-16-taylor', 'sa-16-pwl'] as const;
const PARTS = ['projection', 'attention', 'ffn', 'nonlinear', 'embodied'] as const;

/** Fig. 15: operational and embodied carbon over the total of mugi-256 on the same model. */
export const fig15: PaperItem = {
  name: 'fig15',
  title: 'Fig. 15: carbon of an inference, batch 8, 4096 tokens',
  explained: stacked({
    designs: FIG15_DESIGNS,
    parts: PARTS,
    ending: '_gCO2e',
    baseline: 'mugi-256',
    unit: 'gCO₂e',
    of: gramParts,
  }),
  async run() {
    const grams = (
      design: string,
      model: string,
      preset: 'as-published' | 'corrected',
    ): Record<string, number> => {
      const { carbon } = point(design, model, preset);
      return { ...carbon.operational, embodied: carbon.embodied };
    };
    const rows = ALL_LLAMAS.flatMap((model) => {
      const base = both((preset) => total(grams('mugi-256', model, preset)));
      return FIG15_DESIGNS.flatMap((design) => {
        const values = both((preset) => grams(design, model, preset));
        return PARTS.map((part) => ({
          model,
          design,
          part,
          as_published_gCO2e: values.as_published[part],
          corrected_gCO2e: values.corrected[part],
          as_published: values.as_published[part] / base.as_published,
          corrected: values.corrected[part] / base.corrected,
        }));
      });
    });
    return {
      rows,
      plots: [
        {
          name: 'fig15',
          spec: stacksByModel(rows, {
            title: 'Fig. 15: carbon',
            designs: FIG15_DESIGNS,
            parts: PARTS,
            colours: [PALETTE[0], PALETTE[4], PALETTE[2], PALETTE[5], PALETTE[1]],
          }),
        },
      ],
      notes: [
        'as published, dynamic energy of projection, attention and FFN is one layer’s and their time all layers’, so the operational part is almost pure leakage; corrected uses the same layers for both',
        'the output head is left out of the operational part as published, and in it (beside norms and the like) corrected; the groups shown are the paper’s',
      ],
    };
  },
};

/** Carbon of a part of the figure with its own parts. */
function gramParts(part: string, evaluation: Evaluation): Quantity {
  if (part === 'embodied') return quantityOf(evaluation, 'embodied_gCO2e');
  const group = PARTS.find((one) => one === part);
  const operators = evaluation.operators.filter(({ operator }) => operator.group === group);
  // As published, one layer's energy stands beside the time of all, but in nonlinear functions.
  const oneLayer = !repairs(evaluation.preset, 'carbon') && part !== 'nonlinear';
  const energies = operators.map((one) => {
    const whole = energyOf(one, evaluation);
    return oneLayer
      ? quotient(whole.name, 'J', 'energy / layers', [
          whole,
          given('layers', one.operator.layers, '', 'the model'),
        ])
      : whole;
  });
  const energy = sum('energy', 'J', 'dynamic, and leakage in the time of the group', [
    sum('dynamic', 'J', `Σ over operators${oneLayer ? ', one layer of each' : ''}`, energies),
    product('leakage', 'J', 'leakage × time', [
      quantityOf(evaluation, 'leakage_W'),
      sum(
        'time',
        's',
        'Σ over operators',
        operators.map((one) => timeOf(one, evaluation)),
      ),
    ]),
  ]);
  return product(part, 'gCO₂e', 'energy × carbon per joule', [energy, gramsPerJoule(evaluation)]);
}

const total = (parts: Record<string, number>): number => PARTS.reduce((sum, part) => sum + parts[part], 0);
