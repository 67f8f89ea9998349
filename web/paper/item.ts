import { PURE_ITEMS } from '../../src/paper/pure.ts';
import type { Explained } from '../../src/paper/explained.ts';
import type { PaperResult } from '../../src/paper/item.ts';

/** What the page asks: an item by its name. */
export interface Asked {
  kind: 'paper';
  name: string;
}

/** The item, or what went wrong; never the mistake of a reader. */
export type Told =
  | { name: string; title: string; result: PaperResult; explained?: Opens }
  | { name: string; failed: string };

/** Which numbers of the rows open as trees. */
export type Opens = Pick<Explained, 'by' | 'columns'>;

/** Computes an item and tells it. */
export async function paperItem({ name }: Asked): Promise<void> {
  const tell = (told: Told): void => postMessage(told, { transfer: [] });
  try {
    const item = await PURE_ITEMS.find((one) => one.name === name)!.load();
    const { title, explained } = item;
    const opens = explained && { explained: { by: explained.by, columns: explained.columns } };
    tell({ name, title, result: await item.run({}), ...opens });
  } catch (error) {
    tell({ name, failed: String(error) });
  }
}
