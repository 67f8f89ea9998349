import { columnsOf } from '../../explore/chunk.ts';
import { trackedOf } from '../../explore/space/plan.ts';
import type { EvaluatedPoint } from '../../explore/front-points.ts';
import { type Result, sensitivities, type Sensitivity } from '../../explore/result.ts';
import type { Row } from '../../present/csv.ts';
import { readable } from '../../present/readable.ts';
import { wrapped } from '../../present/terminal.ts';
import { textTable } from '../../present/table.ts';
import { LOSS } from '../../explore/space/loss.ts';
import { spaceHead } from '../source/result-head.ts';
import {
  estimateText,
  lossBounds,
  lossByPoint,
  lossEffectJson,
  lossKeys,
  lossText,
  raceJson,
  raceText,
} from './explore-loss.ts';

/** A point of a result for programs: what it is, and its metrics as `evaluate --json` names them. */
const pointJson = (
  { point, parameters, design, metrics, commands, notes, models }: EvaluatedPoint,
  losses: Record<string, string | number>,
): object => {
  const { design: name, ...rest } = metrics;
  return {
    point,
    parameters,
    design: name,
    ...rest,
    ...losses,
    file: design,
    notes,
    ...(models === undefined ? { command: commands[0] } : { commands, models }),
  };
};

export function resultJson(result: Result, digest: string): object {
  const { space, exact, tally, front, nearest, searched } = result;
  const { plan } = space;
  const losses = lossByPoint(result);
  const json = (one: EvaluatedPoint): object =>
    pointJson(one, lossKeys(result, losses.get(one.point), one.design));
  const race = raceJson(result);
  return {
    ...spaceHead(plan),
    space: digest,
    points: space.size - tally.excluded,
    evaluated: tally.evaluated,
    exact,
    infeasible: tally.outside + tally.unbuildable,
    excluded: tally.excluded,
    unbuildable: { points: tally.unbuildable, reasons: Object.fromEntries(tally.reasons) },
    undefined: tally.undefined,
    within: [
      ...plan.within.map(({ text }, c) => ({ constraint: text, ...tally.broken[c] })),
      ...lossBounds(result).map(({ constraint, count }) => ({ constraint, count, alone: count })),
    ],
    objectives: [
      ...plan.objectives,
      ...(plan.loss?.objective ? [{ metric: LOSS, direction: 'minimise', measured: true }] : []),
    ],
    models: plan.models.map(({ name, weight }) => ({ model: name, weight })),
    ...(searched === undefined ? {} : { search: searched }),
    ...(race === undefined ? {} : { loss: race }),
    front: front.map(json),
    ...(nearest === undefined ? {} : { nearest: json(nearest) }),
    sensitivity: sensitivities(result).map(({ loss, ...one }) => ({ ...one, ...lossEffectJson(loss) })),
  };
}

/** One row a point of the front. */
export function frontRows(result: Result): Row[] {
  const losses = lossByPoint(result);
  return result.front.map(({ point, parameters, metrics, commands, design }) => ({
    point,
    ...Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name === 'design' ? 'start' : name, value]),
    ),
    ...metrics,
    ...lossKeys(result, losses.get(point), design),
    command: commands.join('; '),
  }));
}

const count = (value: number): string => value.toLocaleString('en-US');

/** @param width characters of a line; @param most rows of the front that are shown */
export function resultText(result: Result, { width, most }: { width: number; most: number }): string {
  const { space, front } = result;
  const { models } = space.plan;
  const names = models
    .map(({ name, weight }) => (models.length > 1 ? `${name} (${weight})` : name))
    .join(', ');
  const lines = [
    wrapped(`${names}: ${goalsOf(result)}`, width, '  '),
    wrapped(`${count(front.length)} designs on the front; ${howFar(result)}`, width),
    ...raceText(result).map((line) => wrapped(line, width)),
    ...reckoning(result, width),
  ];
  if (front.length > 0)
    lines.push('', frontTable(result, width, most), ...notes(result, width), '', ...effects(result, width));
  return `${lines.join('\n')}\n`;
}

/** What is wanted, in words. */
export const goalsOf = ({ space: { plan } }: Result): string =>
  [
    ...plan.objectives.map(({ metric, direction }) => `${direction} ${metric}`),
    ...(plan.loss?.objective ? [`minimise ${LOSS}`] : []),
  ].join(', ');

/** How far a front is that of the space, in words. */
export function howFar({ space, exact, tally, searched, raced }: Result): string {
  if (exact) return `this front is exact over ${count(space.size - tally.excluded)} designs`;
  const cut = raced?.arithmetics.filter(({ standing }) => standing === 'cut').length ?? 0;
  const left = cut === 0 ? '' : ` ${cut} arithmetics not measured to the end, for the budget:`;
  if (searched === undefined)
    return `all ${count(tally.evaluated)} designs evaluated,${left} better ones may exist`;
  return `${count(tally.evaluated)} of ${count(space.size)} designs evaluated (NSGA-II, seed ${searched.seed}, budget ${count(searched.budget)}):${left} better ones may exist`;
}

/** Where the points went that are not inside. */
function reckoning(result: Result, width: number): string[] {
  const { space, tally, front, nearest } = result;
  const lines: string[] = [];
  if (tally.excluded > 0 && tally.excluded === space.size)
    lines.push(`no combination is left: the conditions leave out all ${count(tally.excluded)}`);
  else if (tally.excluded > 0) lines.push(`${count(tally.excluded)} combinations left out by conditions`);
  if (tally.unbuildable > 0) {
    const [[reason] = ['']] = tally.reasons.toSorted((a, b) => b[1] - a[1]);
    lines.push(`${count(tally.unbuildable)} cannot be built or priced, most of them: ${reason}`);
  }
  if (tally.undefined > 0) lines.push(`${count(tally.undefined)} have no finite number for an objective`);
  space.plan.within.forEach(({ text }, c) => {
    const { count: broken, alone } = tally.broken[c];
    lines.push(
      `${text} leaves out ${count(broken)} of ${count(tally.evaluated)} evaluated, ${count(alone)} of them alone`,
    );
  });
  for (const { constraint, count: broken, of } of lossBounds(result))
    lines.push(`${constraint} leaves out ${count(broken)} of ${count(of)} that keep all other bounds`);
  const said = lines.map((line) => wrapped(line, width));
  if (front.length > 0 || nearest === undefined) return said;
  const { metrics, parameters, commands } = nearest;
  const loss = lossByPoint(result).get(nearest.point);
  const values = [
    ...space.plan.within.map(
      ({ metric }) => `${metric} ${readable((metrics as unknown as Record<string, number>)[metric])}`,
    ),
    ...(loss === undefined ? [] : [`${LOSS} ${lossText(loss)}`]),
  ].join(', ');
  const of = Object.entries(parameters)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return [
    ...said,
    '',
    wrapped(`nothing keeps all bounds; nearest is point ${nearest.point}: ${of}`, width, '  '),
    wrapped(`  with ${values}`, width),
    `  ${commands[0]}`,
  ];
}

/** The front as far as it fits: rows spread over it, columns from the left. */
function frontTable(result: Result, width: number, most: number): string {
  const { space, front, raced } = result;
  const { objectives } = space.plan;
  const losses = lossByPoint(result);
  const goal = objectives[0].metric;
  const number = (point: EvaluatedPoint, name: string): number =>
    (point.metrics as unknown as Record<string, number>)[name];
  const sorted = front.toSorted((a, b) => number(a, goal) - number(b, goal) || a.point - b.point);
  const step = Math.max(1, (sorted.length - 1) / Math.max(1, most - 1));
  const shown =
    sorted.length <= most ? sorted : Array.from({ length: most }, (_, i) => sorted[Math.round(i * step)]);
  const parameters = columnsOf(space).filter(
    (name) => new Set(front.map((point) => point.parameters[name])).size > 1 || front.length === 1,
  );
  const metrics = [...objectives.map(({ metric }) => metric), ...trackedOf(space.plan)];
  const columns: { head: string; cell: (point: EvaluatedPoint) => string }[] = [
    { head: 'point', cell: ({ point }) => String(point) },
    ...(raced === undefined
      ? []
      : [{ head: LOSS, cell: ({ point }: EvaluatedPoint) => lossText(losses.get(point)) }]),
    ...[...new Set(metrics)].map((name) => ({
      head: name,
      cell: (point: EvaluatedPoint) => readable(number(point, name)),
    })),
    ...parameters.map((name) => ({
      head: name,
      cell: (point: EvaluatedPoint) => String(point.parameters[name] ?? '–'),
    })),
  ];
  // Parameters are what a front is read for: metrics beside the objectives give way to them.
  const goals = objectives.length + (raced === undefined ? 0 : 1);
  const order = [
    ...columns.slice(0, 1 + goals),
    ...columns.slice(columns.length - parameters.length),
    ...columns.slice(1 + goals, columns.length - parameters.length),
  ];
  let used = 0;
  const fitting = order.filter(({ head, cell }) => {
    const wide = 2 + Math.max(head.length, ...shown.map((point) => cell(point).length));
    if (used + wide > width) return false;
    used += wide;
    return true;
  });
  const kept = columns.filter((column) => fitting.includes(column));
  const table = textTable(
    kept.map(({ head }) => head),
    shown.map((point) => kept.map(({ cell }) => cell(point))),
  );
  const notes = [
    ...(shown.length < front.length
      ? [`${shown.length} of ${front.length} points, spread over the front; --rows shows more, --csv all`]
      : []),
    ...(kept.length < columns.length
      ? [
          `no room for ${columns
            .filter((column) => !kept.includes(column))
            .map(({ head }) => head)
            .join(', ')}`,
        ]
      : []),
  ];
  return [table, ...notes.map((note) => wrapped(note, width))].join('\n');
}

/** What to know of the numbers of the front, each said once. */
function notes({ front }: Result, width: number): string[] {
  const said = new Map<string, number>();
  for (const { cautions } of front) for (const note of cautions) said.set(note, (said.get(note) ?? 0) + 1);
  return [...said].map(([note, times]) =>
    wrapped(`note${times === front.length ? '' : `, ${count(times)} of these`}: ${note}`, width, '      '),
  );
}

const lossSpan = ({ loss }: Sensitivity): number => loss?.span?.mean ?? 0;

/** What each parameter does, strongest first. */
function effects(result: Result, width: number): string[] {
  const { objectives } = result.space.plan;
  const all = sensitivities(result).filter(({ values }) => values.length > 1);
  if (all.length === 0) return [];
  const several = result.space.blocks.length > 1;
  const targets = all.find(({ loss }) => loss !== undefined)?.loss?.targets;
  const rows = all
    .toSorted((a, b) => Math.max(...b.span) - Math.max(...a.span) || lossSpan(b) - lossSpan(a))
    .map(({ design, parameter, span, loss }) => [
      ...(several ? [design] : []),
      parameter,
      ...(targets === undefined ? [] : [estimateText(loss?.span)]),
      ...span.map((one) => `${readable(one)}×`),
    ]);
  const header = [
    ...(several ? ['design'] : []),
    'parameter',
    ...(targets === undefined ? [] : [LOSS]),
    ...objectives.map(({ metric }) => metric),
  ];
  const losses =
    targets === undefined
      ? ''
      : `; of the loss largest mean less smallest, ± 95 %, on the ${count(targets)} targets that all ran`;
  return [
    wrapped(
      `How far each parameter moves an objective (largest mean over smallest, all points inside${losses}):`,
      width,
    ),
    textTable(header, rows),
  ];
}
