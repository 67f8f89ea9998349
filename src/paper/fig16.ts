import type { Evaluation } from '../evaluate/evaluation.ts';
import { timeOf } from '../evaluate/parts/operator.ts';
import { type Quantity, sum } from '../evaluate/quantity.ts';
import { PALETTE } from '../present/figure.ts';
import { stacked } from './explained.ts';
import type { PaperItem } from './item.ts';
import { stacksByModel } from './panels.ts';
import { ALL_LLAMAS, both, point } from './quantities.ts';

const FIG16_DESIGNS = ['mugi-256', 'carat-256', 'sa-16', 'sa-16-taylor', 'sa-16-pwl'] as const;
const PARTS = ['projection', 'attention', 'ffn', 'nonlinear'] as const;

/** Time of a group with its parts. */
const groupTime = (part: string, evaluation: Evaluation): Quantity =>
  sum(
    part,
    's',
    'Σ over operators of the group',
    evaluation.operators
      .filter(({ operator }) => operator.group === part)
      .map((one) => timeOf(one, evaluation)),
  );

/** Fig. 16: time by group (output head left out) over the four-group total of mugi-256 on the same model. */
export const fig16: PaperItem = {
  name: 'fig16',
  title: 'Fig. 16: latency breakdown, batch 8, 4096 tokens',
  explained: stacked({
    designs: FIG16_DESIGNS,
    parts: PARTS,
    ending: '_s',
    baseline: 'mugi-256',
    unit: 's',
    of: groupTime,
  }),
  async run() {
    const rows = ALL_LLAMAS.flatMap((model) => {
      const seconds = (design: string, part: (typeof PARTS)[number]) =>
        both((preset) => point(design, model, preset).groups[part].time as number);
      const base = both((preset) =>
        PARTS.reduce((sum, part) => sum + point('mugi-256', model, preset).groups[part].time, 0),
      );
      return FIG16_DESIGNS.flatMap((design) =>
        PARTS.map((part) => {
          const time = seconds(design, part);
          return {
            model,
            design,
            part,
            as_published_s: time.as_published,
            corrected_s: time.corrected,
            as_published: time.as_published / base.as_published,
            corrected: time.corrected / base.corrected,
          };
        }),
      );
    });
    return {
      rows,
      plots: [
        {
          name: 'fig16',
          spec: stacksByModel(rows, {
            title: 'Fig. 16: latency',
            designs: FIG16_DESIGNS,
            parts: PARTS,
            colours: [PALETTE[0], PALETTE[4], PALETTE[2], PALETTE[5]],
          }),
        },
      ],
      notes: ['corrected bars of sa-16 are weight stationary with fill and drain in every fold'],
    };
  },
};
