/**
 * What FIGNA's alignment loses: products of a dot product share an exponent, and bits more than `guardBits` below the eight
 * significant ones of the largest activation are cut off (docs/rivals.md). Losses of an embedded model with the sums of
 * `sd-f-16` at 0 to 5 guard bits beside exact sums, everything else alike: INT4 weights, keys and values, BF16 activations.
 * Arguments: model (mugi-tiny), targets (4096).
 */
import { prepareData } from '../src/accuracy/data/data.ts';
import { choose } from '../src/accuracy/data/split.ts';
import { measureUnits } from '../src/accuracy/score/measure.ts';
import { precisionOf } from '../src/accuracy/score/precision.ts';
import { noRanges } from '../src/accuracy/study/methods.ts';
import { exactNonlinear } from '../src/model/layer/nonlinear.ts';
import { openModel } from '../src/model/load.ts';
import { textTable } from '../src/present/table.ts';
import { presetDesign } from '../src/published/preset-design.ts';
import { EXACT_SUMS } from '../src/vlp/gemm.ts';

const [name = 'mugi-tiny', targets = '4096'] = process.argv.slice(2);
const opened = await openModel(name);
const { name: data, test } = prepareData(opened, { calibrates: false });
const blocks = choose(test, Number(targets));
// The output matrix as stored: alignment is asked about in the layers.
const own = { ...precisionOf(presetDesign('sd-f-16', 'corrected').arithmetic), head: 'stored' as const };
const exact = { unit: exactNonlinear, ranges: noRanges };
const units = [0, 1, 2, 3, 4, 5].map((guardBits) => ({
  method: 'exact' as const,
  label: `${guardBits} guard bits`,
  precision: { ...own, products: { ...own.products, vector: { ...own.products.vector!, guardBits } } },
  ...exact,
}));
const rows = await measureUnits(
  { opened, model: opened.load(), precision: { ...own, products: EXACT_SUMS }, blocks, data, fresh: true },
  units,
  'guard bits',
);
console.log(
  textTable(
    ['guard bits', 'loss', 'less exact sums', '± 95 %', 'same top-1'],
    rows.map((row, i) => [
      String(i),
      row.loss.toFixed(4),
      row.loss_increase.toFixed(4),
      (row.loss_increase_ci95 ?? 0).toFixed(4),
      `${((row.top1_agreement ?? 0) * 100).toFixed(2)} %`,
    ]),
  ),
);
