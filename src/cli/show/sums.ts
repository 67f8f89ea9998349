import type { SumRow } from '../../accuracy/study/sums.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { signed, verdict } from './loss.ts';

export function sumsText(model: string, rows: readonly SumRow[]): string {
  const table = rows.map((row) => [
    String(row.context),
    row.sums,
    row.loss.toFixed(4),
    `− ${row.against}`,
    signed(row.loss_increase, row.loss_increase_ci95),
    verdict(row),
  ]);
  return [
    wrapped(
      `${model}: ${rows[0].tokens} tokens at each context, nats per target; ± is a 95 % interval of the paired difference`,
    ),
    'softmax: VLP functions, everything else FP32; GEMM: INT4 weights, keys and values besides; designs: all they do',
    '',
    textTable(['context', 'sums', 'loss', 'less', 'difference', 'verdict'], table),
    '',
  ].join('\n');
}
