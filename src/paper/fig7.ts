import { greedySoftmax, softmaxLoss, startWindow, sweepPasses } from '../accuracy/windows/greedy-softmax.ts';
import { DEFAULT_SETTINGS } from '../accuracy/study/methods.ts';
import type { WindowEntry } from '../accuracy/windows/window-file.ts';
import { lossOver } from '../accuracy/windows/window-loss.ts';
import { windowsFor } from '../accuracy/windows/windows-for.ts';
import type { ModelConfig } from '../model/config/config.ts';
import { placesOf } from '../model/config/places.ts';
import { exactNonlinear } from '../model/layer/nonlinear.ts';
import type { Row } from '../present/csv.ts';
import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { progress } from '../present/progress.ts';
import type { PaperItem } from './item.ts';
import { figureModel, printedValues } from './model-item.ts';
import { type PrintedModel, printedModel } from './printed-models.ts';

const START = startWindow(DEFAULT_SETTINGS);
/** Largest exponents of the windows that are tried. */
const TOPS = [-1, 0, 1, 2, 3, 4, 5];

export const item: PaperItem = {
  name: 'fig7',
  title: 'Per-layer tuning of softmax windows: greedy sweep and closed form',
  async run(options) {
    const figure = await figureModel(options, true, (config) => ({
      calibration: 1 + sweepPasses(config, TOPS.length),
      test: testPasses(config),
    }));
    const { opened, model, test, calibration, targets } = figure;
    const state = figure.state<number>('fig7');
    /** Evaluations that are done, and those of them that an earlier run had done. */
    let [done, kept] = [0, 0];
    const onTest = (windows: readonly WindowEntry[]) => {
      const unit = `test ${JSON.stringify(windows)}`;
      if (state.get(unit) !== undefined) kept += 1;
      return state.once(unit, () => softmaxLoss(opened, model, DEFAULT_SETTINGS, windows, test));
    };
    const { metric } = printedModel(opened.config);
    const shown = (loss: number): number => (metric === 'loss' ? loss : Math.exp(loss));
    const layers = placesOf(opened.config).softmax.length;
    const bar = progress('fig7', sweepPasses(opened.config, TOPS.length) + testPasses(opened.config));
    const greedy = await greedySoftmax({
      opened,
      model,
      calibration,
      settings: DEFAULT_SETTINGS,
      tops: TOPS,
      state,
      onProgress: (passes, _total, known = 0) => {
        [done, kept] = [passes, known];
        bar.update(done, undefined, undefined, kept);
      },
    });
    const chosen = await windowsFor({
      opened,
      model,
      calibration,
      settings: DEFAULT_SETTINGS,
      targets,
    });
    const automatic = chosen.filter((entry) => entry.function === 'softmax');
    const curve: Row[] = [];
    for (let layer = 0; layer <= layers; layer++) {
      for (const [way, windows] of [
        ['greedy', greedy.windows],
        ['automatic', automatic],
      ] as const) {
        // Layers not yet tuned hold the window that the sweep starts from.
        const held = windows.map((entry, l) =>
          l < layer ? entry : { function: 'softmax', layer: l, ...START },
        );
        const entry = layer > 0 ? windows[layer - 1] : START;
        curve.push({
          model: opened.name,
          way,
          layer,
          lo: entry.lo,
          hi: entry.hi,
          anchor: entry.anchor,
          [metric]: shown(await onTest(held)),
          model_passes: way === 'greedy' ? 1 + layer * (TOPS.length - 1) : 1,
        });
        bar.update(++done, undefined, undefined, kept);
      }
    }
    const exact = shown(await state.once('exact', () => lossOver(model, exactNonlinear, test)));
    bar.stop();
    state.finish();
    const paper: Row[] = printedValues('fig7.csv').map((r) => ({
      model: r.model,
      way: 'paper',
      layer: Number(r.layer),
      hi: r.anchor === 'max' ? Number(r.anchor_exponent) : null,
      lo: r.anchor === 'min' ? Number(r.anchor_exponent) : null,
      anchor: r.anchor,
      paper: r.perplexity === '' ? null : Number(r.perplexity),
    }));
    return {
      rows: [...curve, ...paper],
      summary: curve,
      plots: [{ name: 'fig7', spec: curves(opened.name, metric, exact, curve, paper) }],
      notes: [
        `${opened.name}: windows are chosen on calibration data, ${metric} is measured on test data; exact ${exact.toFixed(4)}.`,
        `The greedy sweep took ${greedy.evaluations} evaluations of the model, the closed form one calibration pass.`,
        'Mantissa 3 bits, LUT and sliding window 8 exponents, softmax only. The paper’s Fig. 7 has 4 mantissa bits, a LUT of 16 exponents, tunes and reports on the same samples, and tries min-anchored windows too.',
      ],
    };
  },
};

/** One for each number of tuned layers and way of tuning, and the exact one. */
const testPasses = (config: ModelConfig): number => 2 * (placesOf(config).softmax.length + 1) + 1;

function curves(
  model: string,
  metric: PrintedModel['metric'],
  exact: number,
  curve: readonly Row[],
  paper: readonly Row[],
): PlotSpec {
  const layers = { field: 'layer', type: 'quantitative', title: 'layers tuned', axis: { tickMinStep: 1 } };
  const scale = { zero: false };
  return {
    title: { text: 'Per-layer windows of softmax', subtitle: 'left: measured; right: as published' },
    hconcat: [
      {
        title: model,
        width: 320,
        height: 220,
        layer: [
          {
            data: { values: curve },
            mark: { type: 'line', point: true },
            encoding: {
              x: layers,
              y: { field: metric, type: 'quantitative', title: `${metric} (test data)`, scale },
              color: { field: 'way', title: 'windows' },
            },
          },
          {
            data: { values: [{ exact, label: 'exact' }] },
            mark: { type: 'rule', strokeDash: [4, 3], color: '#444' },
            encoding: { y: { field: 'exact', type: 'quantitative' } },
          },
          {
            data: { values: [{ exact, label: 'exact' }] },
            mark: { type: 'text', x: 318, align: 'right', dy: -6, color: '#444' },
            encoding: { y: { field: 'exact', type: 'quantitative' }, text: { field: 'label' } },
          },
        ],
      },
      {
        title: 'Llama 2 7B and 13B (paper)',
        width: 320,
        height: 220,
        data: {
          values: paper.filter(
            (row) => row.paper !== null && row.paper !== undefined && String(row.model) !== 'llama-2-70b',
          ),
        },
        mark: { type: 'line', point: true },
        encoding: {
          x: layers,
          y: { field: 'paper', type: 'quantitative', title: 'perplexity', scale },
          color: { field: 'model', scale: { range: [PALETTE[2], PALETTE[3]] }, title: 'paper' },
        },
      },
    ],
    resolve: { scale: { color: 'independent' } },
  } as PlotSpec;
}
