import { PURE_ITEMS } from '../../src/paper/pure.ts';
import type { PaperResult } from '../../src/paper/item.ts';

/** What the page asks: an item by its name. */
export interface Asked {
  kind: 'paper';
  name: string;
}

/** The item, or what went wrong; never the mistake of a reader. */
export type Told = { name: string; title: string; result: PaperResult } | { name: string; failed: string };

/** Computes an item and tells it. */
export async function paperItem({ name }: Asked): Promise<void> {
  const tell = (told: Told): void => postMessage(told, { transfer: [] });
  try {
    const item = await PURE_ITEMS.find((one) => one.name === name)!.load();
    tell({ name, title: item.title, result: await item.run({}) });
  } catch (error) {
    tell({ name, failed: String(error) });
  }
}
