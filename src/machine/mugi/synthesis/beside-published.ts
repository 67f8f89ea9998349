import { sixDigits } from '../../../hardware/synthesis/digits.ts';
import type { ModuleCost } from '../../../hardware/synthesis/synthesise.ts';
import { PUBLISHED_45 } from '../../../technology/published-45.ts';
import { PUBLISHED_BLOCKS, PUBLISHED_NODES } from '../published.ts';

/** Our areas beside published ones, with the ratio ours / published. */
export function publishedRows(rows: number, total_mm2: number, costs: readonly ModuleCost[]) {
  const each = (module: string): number => {
    const cost = costs.find((one) => one.module === module);
    return cost === undefined ? 0 : cost.area / cost.instances;
  };
  const blocks = PUBLISHED_BLOCKS.map(({ block, ours, published, difference }) => {
    const area = sum(Object.entries(ours), ([module, count]) => count * each(module));
    const theirs =
      (published.area_mm2 ?? 0) * 1e6 +
      sum(
        Object.entries(published.table ?? {}),
        ([name, count]) => count * PUBLISHED_45.logic[name].area_mm2 * 1e6,
      );
    return row(block, area, theirs, difference);
  });
  const node = PUBLISHED_NODES[rows];
  return node === undefined
    ? blocks
    : [row(`node of ${rows} rows`, total_mm2 * 1e6, node.area_mm2 * 1e6, node.source), ...blocks];
}

const row = (block: string, ours_um2: number, published_um2: number, note: string) => ({
  block,
  ours_um2: sixDigits(ours_um2),
  published_um2: sixDigits(published_um2),
  ratio: Number((ours_um2 / published_um2).toFixed(2)),
  note,
});

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
