import { type Keys, MUGI, under } from './part.ts';

const RESULT_ROW = {
  as_published: 'by the published model',
  corrected: 'by the corrected model',
  paper: 'what the paper prints',
  deviation: 'as published over paper, minus one',
} as const;

/** Of figures and tables of the paper. */
export const PAPER_KEYS: Readonly<Record<string, Keys>> = {
  paper: {
    ...MUGI,
    'items[].item': 'figure or table',
    'items[].title': 'what it shows',
    'items[].notes[]': 'what to know about it',
    ...under('items[].rows[].', {
      ...RESULT_ROW,
      group: 'group of rows, or of operators',
      design: 'design',
      model: 'model',
      metric: 'what is measured',
      function: 'nonlinear function',
      context: 'context length',
      batch: 'batch',
      part: 'part of the whole',
      level: 'node or mesh',
      claim: 'claim of the paper (headlines)',
      where: 'where it stands',
      'with_*': 'by the published model with one repair',
      equal_at_printed_decimals: 'as published equals the paper as printed',
      as_published_gCO2e: 'carbon by the published model, gCO₂e',
      corrected_gCO2e: 'by the corrected model',
      as_published_s: 'time by the published model, s',
      corrected_s: 'by the corrected model',
      curve: 'curve of Fig. 8',
      from: 'lower end of a range of inputs',
      to: 'its upper end',
      paper_low_percent: 'lowest relative error in the paper, %',
      paper_high_percent: 'highest in the paper, %',
      as_drawn_low_percent: 'lowest of the curve as drawn, %',
      as_drawn_high_percent: 'highest of the curve as drawn, %',
      corrected_low_percent: 'lowest of ours, %',
      corrected_high_percent: 'highest of ours, %',
      name: 'part (fig13 --technology)',
      area: 'its area over the published one',
      energy: 'its energy over the published one',
      leakage: 'its leakage over the published one',
    }),
  },
};
