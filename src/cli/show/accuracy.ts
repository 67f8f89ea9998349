import type { ChoiceRow } from '../../accuracy/study/choices.ts';
import { type AccuracyPart, PART_NAMES } from '../../accuracy/score/accuracy-parts.ts';
import type { AccuracyRow } from '../../accuracy/score/accuracy-row.ts';
import { inputOf, type ModelConfig } from '../../model/config/config.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { divergence, share, signed, verdict, withInterval } from './loss.ts';

/** What a part is, in the words of the table. */
function partText(part: AccuracyPart): string {
  if (part === 'all') return PART_NAMES.all;
  return part === 'sums' ? `${PART_NAMES.sums}, beside exact ones` : `${PART_NAMES[part]} alone`;
}

const HEADER = ['method', 'loss', 'perplexity', 'loss − exact', 'verdict'];
/** Where there is a stored model to compare with. */
const OVER_STORED = ['loss − stored', 'KL', 'same top-1'];
const REST = ['out of range', 'settings'];

/** What the targets of a model are counted as. */
export function unitOf(config: ModelConfig): string {
  const input = inputOf(config);
  return input === 'images' || input === 'clips' ? input : 'tokens';
}

const NO_REFERENCE =
  'no reference: the losses are those of this arithmetic itself, and "exact" is exact functions in it; what it loses against the stored model, by divergence (KL) or by part, is not measured';

/**
 * Methods, and what the first of them is made up of; `unit` is what `data` counts: tokens, images or clips.
 * @param logits file that the stored model's were read from
 */
export function accuracyText(
  rows: readonly AccuracyRow[],
  data: string,
  unit: string,
  logits?: string,
): string {
  const whole = rows.filter(({ part }) => part === 'all');
  const parts = rows.filter(({ part }) => part !== 'all');
  const [first] = whole;
  const group = first.weights === 'int4' ? ` (groups of ${first.group})` : '';
  return [
    wrapped(
      `${first.model}: ${first.tokens} ${unit} of the ${data} test set, weights ${first.weights}${group}, output matrix ${first.head}, KV ${first.kv}, activations ${first.activations}, sums ${first.sums}`,
    ),
    wrapped(
      `nats per target; ± is a 95 % interval over blocks; "tie": the difference lies inside its interval${first.over_stored === null ? '' : `; "stored": the model as it is, in FP32${logits === undefined ? '' : `, its logits from ${logits}`}`}`,
    ),
    ...(first.over_stored === null ? [wrapped(NO_REFERENCE)] : []),
    '',
    textTable(
      [...HEADER, ...(first.over_stored === null ? [] : OVER_STORED), ...REST],
      whole.map(methodCells),
    ),
    ...wordTable(whole),
    ...(parts.length < 2
      ? aloneSums(parts)
      : ['', `What ${first.method} is made up of`, '', partsTable([...parts, first])]),
    '',
  ].join('\n');
}

/** The one part that needs no stored model. */
const aloneSums = (parts: readonly AccuracyRow[]): string[] =>
  parts
    .filter(({ part }) => part === 'sums')
    .map(
      (row) =>
        `\n${partText('sums')}: ${signed(row.loss_increase, row.loss_increase_ci95)} (${verdict(row)})`,
    );

const methodCells = (row: AccuracyRow): string[] => [
  row.method,
  withInterval(row.loss, row.loss_ci95),
  row.perplexity.toFixed(4),
  signed(row.loss_increase, row.loss_increase_ci95),
  verdict(row),
  ...(row.over_stored === null
    ? []
    : [signed(row.over_stored, row.over_stored_ci95!), divergence(row.kl), share(row.top1_agreement)]),
  share(row.clamped_share),
  row.settings,
];

/** Methods on questions with choices. */
export function choicesText(rows: readonly ChoiceRow[]): string {
  const [{ model, questions }] = rows;
  const cells = rows.map((row) => [
    row.method,
    percent(row.accuracy, row.accuracy_ci95),
    signedPercent(row.accuracy_over_stored, row.accuracy_over_stored_ci95),
    percent(row.normalised, row.normalised_ci95),
    signedPercent(row.normalised_over_stored, row.normalised_over_stored_ci95),
  ]);
  return [
    wrapped(
      `${model}: ${questions} questions with choices; right by the likelihood of a choice, and by its likelihood a byte; ± is the farther end of a 95 % interval over questions (Wilson), paired where it is a difference to the model as stored`,
    ),
    '',
    textTable(['method', 'right', '− stored', 'right, by length', '− stored'], cells),
    '',
  ].join('\n');
}

/** Word error rates, where texts were written. */
function wordTable(rows: readonly AccuracyRow[]): string[] {
  if (rows[0].word_error_rate === undefined) return [];
  const cells = rows.map((row) => [
    row.method,
    `${row.word_errors} of ${row.words}`,
    percent(row.word_error_rate!, row.word_error_rate_ci95!),
    signedPercent(row.word_error_rate_over_stored!, row.word_error_rate_over_stored_ci95!),
  ]);
  return ['', 'Words', '', textTable(['method', 'wrong', 'word error rate', '− stored'], cells)];
}

const percent = (value: number, ci95: number): string => `${withInterval(100 * value, 100 * ci95, 2)} %`;
const signedPercent = (value: number, ci95: number): string => `${signed(100 * value, 100 * ci95, 2)} %`;

const partsTable = (rows: readonly AccuracyRow[]): string =>
  textTable(
    ['part', 'loss − stored', 'verdict'],
    rows.map((row) => {
      const [loss_increase, loss_increase_ci95, tie] =
        row.part === 'all'
          ? [row.over_stored!, row.over_stored_ci95!, row.over_stored_tie]
          : [row.loss_increase, row.loss_increase_ci95, row.tie];
      return [
        partText(row.part),
        signed(loss_increase, loss_increase_ci95),
        verdict({ loss_increase, loss_increase_ci95, tie }),
      ];
    }),
  );
