import { exactNonlinear } from '../model/layer/nonlinear.ts';
import { FIG6_PANELS, panelApplies, type SweepPanel, sweepUnit } from '../accuracy/study/sweep.ts';
import { lossOver } from '../accuracy/windows/window-loss.ts';
import type { Row } from '../present/csv.ts';
import type { PlotSpec } from '../present/figure.ts';
import { progress } from '../present/progress.ts';
import type { PaperItem } from './item.ts';
import { figureModel, printedValues } from './model-item.ts';

/** The paper's model that printed values are shown for: the one whose family our default model has. */
const PRINTED_MODEL = 'llama-2-7b';

export const item: PaperItem = {
  name: 'fig6',
  title: 'Perplexity over the parameters of VLP, PWL and Taylor',
  analytic: false,
  async run(options) {
    const figure = await figureModel(options, false);
    const { opened, model, test } = figure;
    const state = figure.state<number>('fig6');
    const panels = FIG6_PANELS.filter((panel) => panelApplies(panel, opened.config.activation));
    const cells = panels.flatMap((panel) => panel.ys.flatMap((y) => panel.xs.map((x) => ({ panel, y, x }))));
    const bar = progress('fig6', cells.length + 1);
    const exact = Math.exp(await state.once('exact', () => lossOver(model, exactNonlinear, test)));
    const rows: Row[] = [];
    for (const { panel, y, x } of cells) {
      const cell = `${panel.method} ${panel.function} ${y} ${x}`;
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
        perplexity: Math.exp(loss),
        exact_perplexity: exact,
        paper_model: PRINTED_MODEL,
        paper: printed(panel, y, x),
      });
      bar.update(rows.length + 1);
    }
    bar.stop();
    state.finish();
    return {
      rows,
      summary: optima(rows),
      plots: [{ name: 'fig6', spec: heatMaps(opened.name, exact, rows) }],
      notes: [
        `${opened.name}: exact perplexity ${exact.toFixed(3)} on ${test.reduce((n, { scored }) => n + scored, 0)} tokens; one kind of function is replaced at a time, as in the paper. Differences of a few thousandths lie inside the sampling error of so few tokens.`,
        `“paper” is the printed value of ${PRINTED_MODEL} (exact 5.75), another model on another text: only where the optimum lies can be compared.`,
        'Windows are max-anchored and follow the rules of mode hardware: masked entries are exactly 0. The paper’s Fig. 6 takes the max or the min anchor, whichever holds the smaller value.',
      ],
    };
  },
};

/** Per method and function the cell with the least perplexity, measured and printed. */
function optima(rows: readonly Row[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = `${row.method} ${row.function}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const least = (cells: readonly Row[], key: string) =>
    cells.filter((row) => row[key] !== null).toSorted((a, b) => Number(a[key]) - Number(b[key]))[0];
  return [...groups.values()].map((cells): Row => {
    const [measured, paper] = [least(cells, 'perplexity')!, least(cells, 'paper')];
    return {
      method: measured.method,
      function: measured.function,
      best_at: `${measured.y_name} ${measured.y}, ${measured.x_name} ${measured.x}`,
      perplexity: measured.perplexity,
      exact_perplexity: measured.exact_perplexity,
      paper_best_at: paper && `${paper.y_name} ${paper.y}, ${paper.x_name} ${paper.x}`,
      paper_perplexity: paper?.['paper'],
    };
  });
}

function printed(panel: SweepPanel, y: number, x: number): number | null {
  const name = panel.function === 'softmax' ? 'softmax' : 'silu_gelu';
  const row = printedValues('fig6.csv').find(
    (r) =>
      r.model === PRINTED_MODEL &&
      r.method === panel.method &&
      r.function === name &&
      Number(r.y) === y &&
      Number(r.x) === x,
  );
  return row ? Number(row.printed) : null;
}

/** One heat map per panel; colour is the perplexity above exact, cells carry perplexity and the printed value. */
function heatMaps(model: string, exact: number, rows: readonly Row[]): PlotSpec {
  const groups = [...new Set(rows.map((row) => `${row.method} ${row.function}`))];
  const maps = groups.map((group) => {
    const members = rows.filter((row) => `${row.method} ${row.function}` === group);
    const values = members.map((row) => ({
      ...row,
      above: Math.min(100, Math.max(0.1, 100 * (Number(row.perplexity) / exact - 1))),
      text: Number(row.perplexity) < 1000 ? Number(row.perplexity).toFixed(2) : '≥ 1000',
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
      text: `Perplexity of ${model} with one function approximated (exact ${exact.toFixed(2)})`,
      subtitle: `in brackets: printed for ${PRINTED_MODEL} (exact 5.75), another model and text; –: masked or not shown there`,
    },
    columns: 3,
    concat: maps,
  } as PlotSpec;
}
