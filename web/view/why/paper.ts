import { unknownName } from '../../../src/errors.ts';
import { PURE_ITEMS } from '../../../src/paper/pure.ts';
import type { Explain } from './explained.ts';

/** A number of a figure or table: `.why` is its column, `.of` the cells that name its row. */
export const explain: Explain = async ({ detail: { item = 'headlines', why: column = '', of = '' } }) => {
  const entry = PURE_ITEMS.find(({ name }) => name === item);
  const { explained } = (await entry?.load()) ?? {};
  if (explained === undefined) {
    throw unknownName(
      'item',
      item,
      PURE_ITEMS.map(({ name }) => name),
      'item',
    );
  }
  const cells = Object.fromEntries(new URLSearchParams(of));
  return {
    title: column.replaceAll('_', ' '),
    of: Object.values(cells).join(', '),
    quantity: explained.quantity(cells, column),
    command: `npx mugi paper ${item} --json`,
  };
};
