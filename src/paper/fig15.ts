import { PALETTE } from '../present/figure.ts';
import type { PaperItem } from './item.ts';
import { stacksByModel } from './panels.ts';
import { ALL_LLAMAS, both, point } from './quantities.ts';

const FIG15_DESIGNS = ['mugi-256', 'carat-256', 'sa-16', 'sd-16', 'sa-16-taylor', 'sa-16-pwl'] as const;
const PARTS = ['projection', 'attention', 'ffn', 'nonlinear', 'embodied'] as const;

/** Fig. 15: operational and embodied carbon over the total of mugi-256 on the same model. */
export const fig15: PaperItem = {
  name: 'fig15',
  title: 'Fig. 15: carbon of an inference, batch 8, 4096 tokens',
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

const total = (parts: Record<string, number>): number => PARTS.reduce((sum, part) => sum + parts[part], 0);
