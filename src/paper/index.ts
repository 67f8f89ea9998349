import type { PaperItem } from './item.ts';

export interface PaperEntry {
  name: string;
  title: string;
  load: () => Promise<PaperItem>;
}

/** Every figure and table that `mugi paper` regenerates; each is one file and one line here. */
export const PAPER_ITEMS: readonly PaperEntry[] = [];
