import type { PaperItem } from './item.ts';

export interface PaperEntry {
  name: string;
  title: string;
  /** True when `mugi paper all` includes it: architecture results, in seconds. Others run a real model. */
  analytic: boolean;
  /** True where `--technology` asks for the ratio of a technology's costs to the published ones. */
  technologies?: true;
  load: () => Promise<PaperItem>;
}

/** Every figure and table that `mugi paper` regenerates; each is one file and one line here. */
export const PAPER_ITEMS: readonly PaperEntry[] = [
  {
    name: 'table3',
    title: 'end-to-end results',
    analytic: true,
    load: async () => (await import('./table3.ts')).table3,
  },
  {
    name: 'fig8',
    title: 'relative error of the approximations',
    analytic: true,
    load: async () => (await import('./fig8.ts')).fig8,
  },
  {
    name: 'fig11',
    title: 'nonlinear functions',
    analytic: true,
    load: async () => (await import('./fig11.ts')).fig11,
  },
  {
    name: 'fig12',
    title: 'GEMM of one layer',
    analytic: true,
    load: async () => (await import('./fig12.ts')).fig12,
  },
  {
    name: 'fig13',
    title: 'area and power breakdown; with --technology, costs over the published ones',
    analytic: true,
    technologies: true,
    load: async () => (await import('./fig13.ts')).fig13,
  },
  {
    name: 'fig14',
    title: 'batch size',
    analytic: true,
    load: async () => (await import('./fig14.ts')).fig14,
  },
  { name: 'fig15', title: 'carbon', analytic: true, load: async () => (await import('./fig15.ts')).fig15 },
  {
    name: 'fig16',
    title: 'latency breakdown',
    analytic: true,
    load: async () => (await import('./fig16.ts')).fig16,
  },
  {
    name: 'fig17',
    title: 'NoC and scaled-up designs',
    analytic: true,
    load: async () => (await import('./fig17.ts')).fig17,
  },
  {
    name: 'headlines',
    title: 'headline claims and repairs',
    analytic: true,
    load: async () => (await import('./headlines.ts')).headlines,
  },
  {
    name: 'fig4',
    title: 'distributions of nonlinear inputs in a real model',
    analytic: false,
    load: async () => (await import('./fig4.ts')).item,
  },
  {
    name: 'fig6',
    title: 'perplexity over the parameters of each approximation, on a real model',
    analytic: false,
    load: async () => (await import('./fig6.ts')).item,
  },
  {
    name: 'fig7',
    title: 'per-layer window tuning on a real model',
    analytic: false,
    load: async () => (await import('./fig7.ts')).item,
  },
];
