import type { PaperItem } from './item.ts';

export interface PaperEntry {
  name: string;
  title: string;
  /** True where `--technology` asks for the ratio of a technology's costs to the published ones. */
  technologies?: true;
  load: () => Promise<PaperItem>;
}

/** Figures and tables that need no file and so run in a browser, too; each is one file and one line here. */
export const PURE_ITEMS: readonly PaperEntry[] = [
  {
    name: 'table3',
    title: 'end-to-end results',
    load: async () => (await import('./table3.ts')).table3,
  },
  {
    name: 'fig11',
    title: 'nonlinear functions',
    load: async () => (await import('./fig11.ts')).fig11,
  },
  {
    name: 'fig12',
    title: 'GEMM of one layer',
    load: async () => (await import('./fig12.ts')).fig12,
  },
  {
    name: 'fig13',
    title: 'area and power breakdown; with --technology, costs over the published ones',
    technologies: true,
    load: async () => (await import('./fig13.ts')).fig13,
  },
  {
    name: 'fig14',
    title: 'batch size',
    load: async () => (await import('./fig14.ts')).fig14,
  },
  { name: 'fig15', title: 'carbon', load: async () => (await import('./fig15.ts')).fig15 },
  {
    name: 'fig16',
    title: 'latency breakdown',
    load: async () => (await import('./fig16.ts')).fig16,
  },
  {
    name: 'fig17',
    title: 'NoC and scaled-up designs',
    load: async () => (await import('./fig17.ts')).fig17,
  },
  {
    name: 'headlines',
    title: 'headline claims and repairs',
    load: async () => (await import('./headlines.ts')).headlines,
  },
  {
    name: 'ablation',
    title: 'what value reuse, temporal code, data flow and sums are each worth on gates (ours)',
    load: async () => (await import('./ablation.ts')).ablation,
  },
];
