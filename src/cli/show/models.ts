import { modelSummary, operatorRows } from '../../compare/model-facts.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import type { ModelShape } from '../../workload/model.ts';
import type { Workload } from '../../workload/operator.ts';
import { parameterCount } from '../../workload/parameters.ts';

type Summary = ReturnType<typeof modelSummary>;

export function modelList(rows: readonly Summary[]): string {
  const columns: (keyof Summary)[] = [
    'model',
    'layers',
    'hidden',
    'heads',
    'kv_heads',
    'ffn',
    'activation',
    'vocabulary',
    'parameters',
    'kv_elements_per_token',
    'macs_per_token',
    'decode_context',
    'title',
  ];
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  return [
    textTable(columns, cells),
    '',
    wrapped(
      'macs_per_token: one decode step at the end of decode_context tokens (--context; by default the longest the model is made for)',
    ),
    'Any Hugging Face config.json works too: mugi models path/to/config.json',
    '',
  ].join('\n');
}

function cell(value: string | number | boolean | null): string {
  if (typeof value !== 'number') return String(value ?? '–');
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} B`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : String(value);
}

/** One model in depth: its operators. */
export function modelText(model: ModelShape, workload: Workload, summary: Summary): string {
  const rows = operatorRows(workload);
  const { macs_per_token: macs, decode_context: context } = summary;
  const columns = ['phase', 'operator', 'group', 'shape', 'repeat', 'layers', 'macs'] as const;
  return [
    wrapped(
      `${model.title}: batch ${workload.batch}, context ${workload.context} (prompt ${workload.prefill}); ${cell(parameterCount(model).total)} parameters${macs === null ? '' : `; ${cell(macs)} MACs to decode a token at context ${context}`}; from ${model.source}`,
    ),
    'GEMM shapes are batch × M × K × N',
    textTable(
      columns,
      rows.map((row) =>
        columns.map((column) => {
          const value = row[column];
          return typeof value === 'number' ? readable(value) : value;
        }),
      ),
      { keys: 2 },
    ),
    ...workload.notes.map((note) => wrapped(`note: ${note}`, undefined, '      ')),
    '',
  ].join('\n');
}
