import type { MaskedUnit } from '../../accuracy/study/mask-suite.ts';
import type { MaskResult } from '../../accuracy/study/measure-masks.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { showWindow } from '../../vlp/window.ts';
import { divergence, share, signed, verdict } from './loss.ts';

/** One line a unit and row. */
export const contractRows = (held: readonly MaskedUnit[]) =>
  held.flatMap(({ unit, outcomes }) =>
    outcomes.map(({ row, verdict, leaked, distance }) => ({
      unit,
      row: row.name,
      verdict,
      leaked,
      distance,
    })),
  );

/** How many rows each unit holds, and which it does not. */
export function contractText(held: readonly MaskedUnit[]): string {
  const units = held.map(({ unit, outcomes }) => [
    unit,
    `${outcomes.filter(({ verdict }) => verdict === 'holds').length} of ${outcomes.length}`,
    outcomes
      .filter(({ verdict }) => verdict !== 'holds')
      .map(({ row, verdict, leaked }) =>
        verdict === 'leaks' ? `${row.name} (leaks ${leaked.toPrecision(2)})` : `${row.name} (${verdict})`,
      )
      .join('; '),
  ]);
  return [
    wrapped('The mask contract: rows of scores with masks, and what must come out (docs/mask.md)'),
    '',
    textTable(['unit', 'holds', 'but for'], units),
    '',
  ].join('\n');
}

export function maskText({ window, rows, leaks }: MaskResult, shift: number): string {
  const [{ model, tokens }] = rows;
  const lowered = shift === 0 ? '' : `, scores lowered by ${shift}`;
  const variants = rows.map((row) => [
    row.method,
    row.perplexity.toFixed(4),
    signed(row.loss_increase, row.loss_increase_ci95),
    verdict(row),
    divergence(row.kl),
    share(row.top1_agreement),
  ]);
  const layers = leaks.map(({ layer, masked, leaked, leaked_share }) => [
    layer,
    masked,
    leaked,
    share(leaked_share, 3),
  ]);
  return [
    wrapped(
      `${model}, ${tokens} tokens, softmax by VLP with LUT window ${showWindow(window)}, activations exact${lowered}`,
    ),
    '',
    textTable(['softmax', 'perplexity', 'loss − exact', 'verdict', 'KL', 'same top-1'], variants),
    '',
    wrapped('Masked entries whose score is at or below −16, so that −65504 + score is −∞ in FP16:'),
    textTable(['layer', 'masked', 'leaked', 'share'], layers),
    '',
  ].join('\n');
}
