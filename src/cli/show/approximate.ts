import type { ErrorRow, SoftmaxRow } from '../../compare/approximation-plot.ts';
import { type ApproximationRequest, labels } from '../../compare/approximation-errors.ts';
import type { ApproximationPoint } from '../../approximation/points.ts';
import type { NonlinearCost } from '../../compare/nonlinear-cost.ts';
import { hex } from '../../number/bf16.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';

/** Cost of a method in hardware; undefined when it is not asked for. */
export type MethodCosts = readonly ({ method: string } & NonlinearCost)[] | undefined;

type PlainPoint = { method: string } & ReturnType<typeof plainPoint>;

/** JSON has no NaN and no infinities, so those are words. */
export function plainPoint(point: ApproximationPoint) {
  const word = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
  return {
    x: word(point.x),
    x_bf16_bits: point.x_bf16_bits,
    y: word(point.y),
    y_bf16_bits: point.y_bf16_bits,
    exact: word(point.exact),
    rel_error: word(point.rel_error),
    region: point.region,
  };
}

export function pointsText(
  asked: ApproximationRequest,
  rows: readonly PlainPoint[],
  costs: MethodCosts,
): string {
  const header = ['method', 'x', 'BF16', 'y', 'BF16', 'exact', 'rel. error', 'region'];
  const cells = rows.map((row) => [
    row.method,
    String(row.x),
    hex(row.x_bf16_bits),
    String(row.y),
    hex(row.y_bf16_bits),
    readableOrWord(row.exact),
    shown(row.rel_error),
    row.region,
  ]);
  return `${textTable(header, cells)}\n\n${legend(asked, costs)}`;
}

export function rangesText(
  asked: ApproximationRequest,
  rows: readonly ErrorRow[],
  costs: MethodCosts,
): string {
  const header = ['method', 'inputs', 'error from', 'to', 'mean', 'largest |y − f|', 'worst at'];
  const cells = rows.map((row) => [
    row.method,
    `${row.negative ? '−' : '+'}[${row.near}, ${row.far})`,
    shown(row.min_rel_error),
    shown(row.max_rel_error),
    shown(row.mean_abs_rel_error),
    readable(row.max_abs_error),
    String(row.worst_x),
  ]);
  return `${wrapped(`${asked.name}: relative error y/f(x) − 1 over all BF16 inputs of a sign with |x| in a range, each a group of its own`)}\n\n${textTable(header, cells)}\n\n${worst(rows)}\n${legend(asked, costs)}`;
}

/** The worst input of each method by absolute error. */
function worst(rows: readonly ErrorRow[]): string {
  const methods = [...new Set(rows.map(({ method }) => method))];
  const lines = methods.map((method) => {
    const own = rows.filter((row) => row.method === method);
    const top = own.reduce((a, b) => (b.max_abs_error > a.max_abs_error ? b : a));
    return `  ${method}: ${readable(top.max_abs_error)} for |x| in ${top.negative ? '−' : '+'}[${top.near}, ${top.far})`;
  });
  return `Largest absolute error:\n${lines.join('\n')}\n`;
}

export function softmaxText(
  asked: ApproximationRequest,
  rows: readonly SoftmaxRow[],
  { keys, seed }: { keys: number; seed: number },
  costs: MethodCosts,
): string {
  const header = [
    'method',
    'σ',
    'mean KL',
    'largest KL',
    'total variation',
    'largest',
    'certified',
    'flushed',
  ];
  const cells = rows.map((row) => [
    row.method,
    row.sigma,
    row.kl.toExponential(2),
    row.max_kl.toExponential(2),
    row.total_variation.toExponential(2),
    row.max_total_variation.toExponential(2),
    row.certified_total_variation?.toExponential(2) ?? '',
    row.flushed_mass.toExponential(2),
  ]);
  return `${wrapped(`softmax of ${rows[0].rows} rows of ${keys} normal scores of deviation σ, seed ${seed}, against the exact softmax (nats)`)}\n\n${textTable(header, cells)}\n\n${legend(asked, costs)}`;
}

function legend(asked: ApproximationRequest, costs: MethodCosts): string {
  const lines = Object.entries(labels(asked)).map(
    ([method, label]) => `${wrapped(`${method}: ${label}`, undefined, '  ')}\n`,
  );
  if (costs === undefined) return lines.join('');
  if (costs.length === 0)
    return `${lines.join('')}\nHardware: no compared design computes these methods (docs/vlp.md)\n`;
  const header = ['method', 'design', 'elements/ns', 'pJ/element', 'own mm²', 'elements/ns/mm²'];
  const cells = costs.map(({ method, design, elements_per_ns, energy_pJ, own_area_mm2 }) => [
    method,
    design,
    ...[elements_per_ns, energy_pJ, own_area_mm2, elements_per_ns / own_area_mm2].map(readable),
  ]);
  return `${lines.join('')}\n${wrapped(`Hardware (docs/vlp.md): ${asked.costs} of Llama 2 7B, batch 8, context 4096, corrected model`)}\n${textTable(header, cells)}\n`;
}

const shown = (share: number | string): string =>
  typeof share === 'string' ? share : Number.isNaN(share) ? '' : percentage(share);

function percentage(share: number): string {
  const percent = share * 100;
  if (Math.abs(percent) >= 1000) return `${percent.toExponential(1)} %`;
  return `${percent.toFixed(2)} %`;
}

const readableOrWord = (value: number | string): string =>
  typeof value === 'number' ? value.toPrecision(6) : value;
