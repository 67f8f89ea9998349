import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import type { SimulatedLayer } from '../source/simulate-layer.ts';

export const layerJson = (design: string, { model, layer, input, run }: SimulatedLayer): object => ({
  operation: 'layer',
  design,
  model,
  layer,
  input,
  operators: run.operators.map(({ closed, ...operator }) => ({ ...operator, closed_form_cycles: closed })),
  cycles: run.cycles,
  closed_form_cycles: run.closed,
  outputs: run.outputs,
  differing: run.differing,
  equals_arithmetic: equalsEngine(run),
});

/** Whether every result of the layer, and what the model makes of them, is the engine's. */
export const equalsEngine = ({ operators, differing }: SimulatedLayer['run']): boolean =>
  differing === 0 && operators.every((one) => one.differing === 0);

const count = (value: number): string => value.toLocaleString('en');

export function layerText(design: string, { model, layer, input, run }: SimulatedLayer): string {
  const rows = run.operators.map((one) => [
    one.operator,
    String(one.m),
    one.k === undefined ? '' : String(one.k),
    String(one.n),
    String(one.runs),
    count(one.cycles),
    count(one.closed),
    `${(one.utilization * 100).toFixed(1)} %`,
    one.differing === 0 ? 'yes' : `${one.differing} not`,
  ]);
  const results = run.operators.reduce((sum, one) => sum + one.results, 0);
  return [
    wrapped(`layer ${layer} of ${model} on ${design}: ${input}`),
    textTable(
      ['operator', 'm', 'k', 'n', 'runs', 'cycles', 'closed\nform', 'busy', 'equal'],
      [...rows, ['all', '', '', '', '', count(run.cycles), count(run.closed), '', '']],
    ),
    wrapped(
      equalsEngine(run)
        ? `${count(results)} results of the layer and ${count(run.outputs)} values of the model behind it are the engine's, every bit`
        : `of ${count(run.outputs)} values of the model behind it ${count(run.differing)} differ from the engine's`,
    ),
    '',
  ].join('\n');
}
