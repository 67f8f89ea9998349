import { type PaperEntry, PURE_ITEMS } from './pure.ts';

const FIG_8: PaperEntry = {
  name: 'fig8',
  title: 'relative error of the approximations',
  load: async () => (await import('./fig8.ts')).fig8,
};

const [first, ...others] = PURE_ITEMS;

/** Figures and tables that run no model, in the order of the paper: `mugi paper all`. */
export const ANALYTIC_ITEMS: readonly PaperEntry[] = [first, FIG_8, ...others];

/** Figures of real models, which are run. */
export const MODEL_ITEMS: readonly PaperEntry[] = [
  {
    name: 'fig4',
    title: 'distributions of nonlinear inputs in a real model',
    load: async () => (await import('./fig4.ts')).item,
  },
  {
    name: 'fig6',
    title: 'perplexity over the parameters of each approximation, on a real model',
    load: async () => (await import('./fig6.ts')).item,
  },
  {
    name: 'fig7',
    title: 'per-layer window tuning on a real model',
    load: async () => (await import('./fig7.ts')).item,
  },
];

/** Every figure and table that `mugi paper` regenerates. */
export const PAPER_ITEMS: readonly PaperEntry[] = [...ANALYTIC_ITEMS, ...MODEL_ITEMS];
