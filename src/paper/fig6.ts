import type { ModelConfig } from '../model/config/config.ts';
import { exactNonlinear } from '../model/layer/nonlinear.ts';
import { figurePanels, panelApplies, type SweepPanel, sweepUnit } from '../accuracy/study/sweep.ts';
import { lossOver } from '../accuracy/windows/window-loss.ts';
import type { Row } from '../present/csv.ts';
import type { PlotSpec } from '../present/figure.ts';
import { progress } from '../present/progress.ts';
import type { PaperItem } from './item.ts';
import { figureModel, printedValues } from './model-item.ts';
import { type PrintedModel, printedModel } from './printed-models.ts';

export const item: PaperItem = {
  name: 'fig6',
  title: 'Perplexity, or loss of pictures, over the parameters of VLP, PWL and Taylor',
  async run(options) {
    const figure = await figureModel(options, false, (config) => ({ test: 1 + cellsOf(config).length }));
    const { opened, model, test } = figure;
    const state = figure.state<number>('fig6');
    const paper = printedModel(opened.config);
    const { metric } = paper;
    const shown = (loss: number): number => (metric === 'loss' ? loss : Math.exp(loss));
    const cells = cellsOf(opened.config);
    const bar = progress('fig6', cells.length + 1);
    let kept = state.get('exact') === undefined ? 0 : 1;
    const exact = shown(await state.once('exact', () => lossOver(model, exactNonlinear, test)));
    const rows: Row[] = [];
    for (const { panel, y, x } of cells) {
      const cell = `${panel.method} ${panel.function} ${y} ${x}`;
      if (state.get(cell) !== undefined) kept += 1;
      const loss = await state.once(cell, () => lossOver(model, sweepUnit(panel, y, x), test));
      const where = panel.function === 'softmax' ? 'softmax' : opened.config.activation;
      rows.push({
        model: opened.name,
        method: panel.method,
        function: where,
        y_name: panel.yName,
        y,
        x_name: panel.xName,
        x,
        [metric]: shown(loss),
        [`exact_${metric}`]: exact,
        paper_model: paper.name,
        paper: printed(paper, panel, y, x),
      });
      bar.update(rows.length + 1, undefined, undefined, kept);
    }
    bar.stop();
    state.finish();
    return {
      rows,
      summary: optima(metric, rows),
      plots: [{ name: 'fig6', spec: heatMaps(opened.name, paper, exact, rows) }],
      notes: [
        `${opened.name}: exact ${metric} ${exact.toFixed(3)} on ${test.reduce((n, { scored }) => n + scored, 0)} targets; one kind of function is replaced at a time, as in the paper. Differences of a few thousandths lie inside the sampling error of so few.`,
        `“paper” is the printed value of ${paper.name} (exact ${paper.exact}), on other data and, but for its own checkpoint, of another model: only where the optimum lies can be compared.`,
        `Windows of softmax keep to their ${end(paper, 'softmax')} exponent and those of activations to their ${end(paper, 'activation')}, as those of ${paper.name} in the paper’s Fig. 6, which takes whichever anchor holds the smaller value; they follow the rules of mode hardware: masked entries are exactly 0.`,
      ],
    };
  },
};

/** Every value of both parameters of every panel. */
const cellsOf = (config: ModelConfig) =>
  figurePanels(printedModel(config).ranges)
    .filter((panel) => panelApplies(panel, config.activation))
    .flatMap((panel) => panel.ys.flatMap((y) => panel.xs.map((x) => ({ panel, y, x }))));

const end = ({ ranges }: PrintedModel, name: 'softmax' | 'activation'): string =>
  ranges[name].anchor === 'max' ? 'largest' : 'smallest';

/** Per method and function the least cell, measured and printed. */
function optima(metric: PrintedModel['metric'], rows: readonly Row[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = `${row.method} ${row.function}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const least = (cells: readonly Row[], key: string) =>
    cells.filter((row) => row[key] !== null).toSorted((a, b) => Number(a[key]) - Number(b[key]))[0];
  return [...groups.values()].map((cells): Row => {
    const [measured, paper] = [least(cells, metric)!, least(cells, 'paper')];
    return {
      method: measured.method,
      function: measured.function,
      best_at: `${measured.y_name} ${measured.y}, ${measured.x_name} ${measured.x}`,
      [metric]: measured[metric],
      [`exact_${metric}`]: measured[`exact_${metric}`],
      paper_best_at: paper && `${paper.y_name} ${paper.y}, ${paper.x_name} ${paper.x}`,
      [`paper_${metric}`]: paper?.['paper'],
    };
  });
}

function printed(paper: PrintedModel, panel: SweepPanel, y: number, x: number): number | null {
  const name = panel.function === 'softmax' ? 'softmax' : 'silu_gelu';
  const row = printedValues('fig6.csv').find(
    (r) =>
      r.model === paper.name &&
      r.method === panel.method &&
      r.function === name &&
      Number(r.y) === y &&
      Number(r.x) === x,
  );
  return row ? Number(row.printed) : null;
}

/** One heat map per panel; colour is how far a cell lies above exact; cells carry their value and the printed one. */
function heatMaps(model: string, paper: PrintedModel, exact: number, rows: readonly Row[]): PlotSpec {
  const { metric } = paper;
  const groups = [...new Set(rows.map((row) => `${row.method} ${row.function}`))];
  const maps = groups.map((group) => {
    const members = rows.filter((row) => `${row.method} ${row.function}` === group);
    const values = members.map((row) => ({
      ...row,
      above: Math.min(100, Math.max(0.1, 100 * (Number(row[metric]) / exact - 1))),
      text: Number(row[metric]) < 1000 ? Number(row[metric]).toFixed(2) : '≥ 1000',
      printed: row.paper === null ? '–' : `(${Number(row.paper).toFixed(2)})`,
    }));
    const axes = {
      x: { field: 'x', type: 'ordinal', title: String(members[0]['x_name']), axis: { labelAngle: 0 } },
      y: { field: 'y', type: 'ordinal', title: String(members[0]['y_name']) },
    };
    const label = (field: string, dy: number, size: number) => ({
      mark: { type: 'text', dy, fontSize: size },
      encoding: {
        ...axes,
        text: { field },
        color: { condition: { test: 'datum.above > 5', value: 'white' }, value: '#222' },
      },
    });
    return {
      title: group,
      width: 260,
      height: 130,
      data: { values },
      layer: [
        {
          mark: 'rect',
          encoding: {
            ...axes,
            color: {
              field: 'above',
              type: 'quantitative',
              title: '% above exact',
              scale: { type: 'log', domain: [0.1, 100], scheme: 'blues' },
              legend: { format: '~r', values: [0.1, 1, 10, 100] },
            },
          },
        },
        label('text', -6, 11),
        label('printed', 8, 9),
      ],
    };
  });
  return {
    title: {
      text: `${metric === 'loss' ? 'Loss' : 'Perplexity'} of ${model} with one function approximated (exact ${exact.toFixed(2)})`,
      subtitle: `in brackets: printed for ${paper.name} (exact ${paper.exact}), on other data; –: masked or not shown there`,
    },
    columns: 3,
    concat: maps,
  } as PlotSpec;
}
