import type { ComparedWindows } from '../../accuracy/windows/compare-windows.ts';
import type { Tuned } from '../../accuracy/windows/tune.ts';
import type { WindowEntry } from '../../accuracy/windows/window-file.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { showWindow } from '../../vlp/window.ts';
import { calibrationWords } from '../source/nonlinear-settings.ts';
import { divergence, signed, verdict } from './loss.ts';

const HEADER = ['windows', 'model passes', 'perplexity', 'loss − exact', 'loss − default', 'verdict', 'KL'];

/** The windows that were chosen, and how good they are beside others. */
export function tunedText(tuned: Tuned): string {
  const { windows, compared, test_targets: targets, calibration_targets, settled } = tuned;
  const chosen = windows.map((entry) => [place(entry), showWindow(entry), entry.anchor]);
  return [
    textTable(['where', 'LUT window', 'anchor'], chosen),
    '',
    wrapped(calibrationWords({ targets: calibration_targets, settled: settled ?? undefined })),
    wrapped(
      `${targets} test targets, none of them calibrated on; model passes are over the calibration text`,
    ),
    textTable(HEADER, compared.map(comparedCells)),
    '',
  ].join('\n');
}

const place = ({ function: name, layer, heads }: WindowEntry): string =>
  [name, layer === undefined ? 'all layers' : `layer ${layer}`, heads ? `heads ${heads.join(' ')}` : '']
    .filter(Boolean)
    .join(', ');

const comparedCells = ({ variant, evaluations, accuracy, over_default: over }: ComparedWindows) => [
  variant,
  evaluations,
  accuracy.perplexity.toFixed(4),
  signed(accuracy.loss_increase, accuracy.loss_increase_ci95, 5),
  over ? signed(over.loss_increase, over.loss_increase_ci95, 5) : '',
  over ? verdict(over) : '',
  divergence(accuracy.kl),
];
