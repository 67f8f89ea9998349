import type { Command } from 'commander';
import { type Use, workloadFor } from '../../evaluate/point.ts';
import { preset } from '../../preset.ts';
import { type Row, toCsv } from '../../present/csv.ts';
import { operatorShape } from '../../compare/operator-shape.ts';
import { readable, textTable } from '../../present/table.ts';
import type { ModelShape } from '../../workload/model.ts';
import { MODELS } from '../../workload/models.ts';
import { macs, macsOf } from '../../workload/operator.ts';
import { parameterCount } from '../../workload/parameters.ts';
import { addQuestionOptions, questionOf, USE_KEYS } from '../options/question-options.ts';
import { loadModel } from '../source/model.ts';

interface Flags extends Partial<Use> {
  json?: boolean;
  csv?: boolean;
}

export function define(program: Command): void {
  addQuestionOptions(
    program
      .command('models')
      .description('Built-in models with their parameters, or the operators of one model')
      .argument('[model]', 'a built-in name, a config.json or its folder, or a SCALE-Sim topology CSV'),
    USE_KEYS,
  )
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .addHelpText(
      'after',
      `
Examples:
  mugi models
  mugi models llama-2-70b --batch 1 --context 2048
  mugi models path/to/config.json --json`,
    )
    .action((name: string | undefined, flags: Flags) => {
      process.stdout.write(name === undefined ? listing(flags) : one(loadModel(name), flags));
    });
}

/**
 * MACs of one decode step of one sequence: of the token at the end of a full context (`context`, by default the
 * longest that the model is made for). Nothing for models that do not decode.
 */
function decodeStep(model: ModelShape, flags: Flags): { context: number; macs: number } | undefined {
  const decoder = model.stacks.find((stack) => stack.kind === 'decoder');
  if (decoder === undefined) return undefined;
  const asked = flags.context === undefined ? decoder.maxContext : questionOf(flags).context;
  const context = Math.min(asked, decoder.learnedPositions ?? asked);
  const use = { ...questionOf({ ...flags, context, prefill: 1 }), batch: 1, prefill: context - 1 };
  const { operators } = workloadFor(model, use, preset('corrected').repairs);
  return { context, macs: macsOf({ operators: operators.filter(({ phase }) => phase === 'decode') }) };
}

function summary(model: ModelShape, flags: Flags): Row {
  const { total, active } = parameterCount(model);
  const step = decodeStep(model, flags);
  const layers = model.stacks.flatMap((stack) => (stack.kind === 'gemms' ? [] : stack.layers));
  const first = layers[0];
  const attention = first?.attention[0];
  return {
    model: model.name,
    title: model.title,
    stacks: model.stacks.map(({ kind }) => kind).join('+'),
    layers: layers.reduce((sum, { count }) => sum + count, 0),
    hidden: first?.hidden ?? null,
    heads: attention?.heads ?? null,
    kv_heads: attention?.kvHeads ?? null,
    ffn: first?.ffn?.hidden ?? null,
    activation: first?.ffn?.activation ?? null,
    vocabulary:
      model.stacks.map((stack) => (stack.kind === 'decoder' ? stack.vocabulary : 0)).find((n) => n > 0) ??
      null,
    parameters: total,
    active_parameters: active,
    decode_context: step?.context ?? null,
    macs_per_token: step?.macs ?? null,
    source: model.source,
  };
}

function listing(flags: Flags): string {
  const rows = MODELS.map((model) => summary(model, flags));
  if (flags.json === true) return `${JSON.stringify(rows, null, 2)}\n`;
  if (flags.csv === true) return toCsv(rows);
  const columns = [
    'model',
    'layers',
    'hidden',
    'heads',
    'kv_heads',
    'ffn',
    'activation',
    'vocabulary',
    'parameters',
    'macs_per_token',
    'decode_context',
    'title',
  ];
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  return `${textTable(columns, cells)}\n\nmacs_per_token: one decode step at the end of decode_context tokens (--context; by default the longest the model is made for)\nAny Hugging Face config.json works too: mugi models path/to/config.json\n`;
}

function cell(value: Row[string]): string {
  if (typeof value !== 'number') return String(value ?? '–');
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} B`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : String(value);
}

/** One model in depth: its operators, as the corrected preset sees them. */
function one(model: ModelShape, flags: Flags): string {
  const step = decodeStep(model, flags);
  const workload = workloadFor(model, questionOf(flags), preset('corrected').repairs);
  const rows: Row[] = workload.operators.map((operator) => ({
    phase: operator.phase,
    operator: operator.name,
    kind: operator.kind,
    group: operator.group,
    shape: operatorShape(operator),
    repeat: operator.repeat,
    layers: operator.layers,
    macs: operator.kind === 'gemm' ? macs(operator) * operator.repeat * operator.layers : 0,
  }));
  if (flags.json === true)
    return `${JSON.stringify({ ...summary(model, flags), ...workload, operators: rows }, null, 2)}\n`;
  if (flags.csv === true) return toCsv(rows);
  const columns = ['phase', 'operator', 'group', 'shape', 'repeat', 'layers', 'macs'];
  return [
    `${model.title}: batch ${workload.batch}, context ${workload.context} (prompt ${workload.prefill}); ${cell(parameterCount(model).total)} parameters${step === undefined ? '' : `; ${cell(step.macs)} MACs to decode a token at context ${step.context}`}; from ${model.source}`,
    'GEMM shapes are batch × M × K × N',
    textTable(
      columns,
      rows.map((row) =>
        columns.map((column) =>
          typeof row[column] === 'number' ? readable(row[column]) : String(row[column]),
        ),
      ),
    ),
    ...workload.notes.map((note) => `note: ${note}`),
    '',
  ].join('\n');
}
