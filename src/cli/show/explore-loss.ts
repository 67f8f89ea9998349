import type { Arithmetic } from '../../accuracy/study/arithmetic-losses.ts';
import { measuredMethod } from '../../accuracy/score/measured-method.ts';
import { computedText } from '../../design/computed.ts';
import type { RacedArithmetic, Standing } from '../../explore/race.ts';
import type { Estimate } from '../../explore/measured-front.ts';
import type { Result, Sensitivity } from '../../explore/result.ts';
import { LOSS } from '../../explore/space/loss.ts';
import { readable } from '../../present/readable.ts';
import { quoted } from '../../question/shell.ts';
import { sourceText } from '../../question/text.ts';

const read = ({ arithmetic }: RacedArithmetic): Arithmetic => JSON.parse(arithmetic) as Arithmetic;

/** `vlp, 12 exponents, 256 rows, softmax bf16-cascade; bf16 chains of 256, groups of 256; windows auto`. */
const named = (one: RacedArithmetic): string => {
  const { windows, ...computed } = read(one);
  return `${computedText(computed)}${windows === undefined ? '' : `; windows ${windows}`}`;
};

/** What became of the arithmetic of each point that was raced, by its number. */
export function lossByPoint({ tally, raced }: Pick<Result, 'tally' | 'raced'>): Map<number, RacedArithmetic> {
  const known = new Map((raced?.arithmetics ?? []).map((one) => [one.arithmetic, one]));
  return new Map(
    tally.front.flatMap(({ index, arithmetic }) => {
      const one = known.get(arithmetic ?? '');
      return one === undefined ? [] : [[index, one] as const];
    }),
  );
}

/** Names of a point's keys, in JSON, CSV and tables. */
export function lossKeys(
  { space, raced }: Result,
  one: RacedArithmetic | undefined,
  design: string | object,
): Record<string, string | number> {
  const loss = one?.loss ?? undefined;
  if (raced === undefined || one === undefined || loss === undefined) return {};
  return {
    [LOSS]: loss.mean,
    [`${LOSS}_ci95`]: loss.ci95,
    loss_targets: one.targets,
    arithmetic: named(one),
    accuracy_command: accuracyCommand(space.plan, one, design),
  };
}

/** The command that measures the loss of a design again: its `over_stored`. */
function accuracyCommand(
  { loss, surroundings }: Result['space']['plan'],
  one: RacedArithmetic,
  design: string | object,
): string {
  const { functions, windows } = read(one);
  const model = loss?.model;
  const words = [
    'mugi',
    'accuracy',
    '--design',
    sourceText(design),
    ...(surroundings.preset === undefined ? [] : ['--preset', surroundings.preset]),
    '--method',
    measuredMethod({ method: functions }),
    '--tokens',
    String(loss?.tokens),
    ...(model === undefined ? [] : ['--model', model]),
    ...(loss?.text === undefined ? [] : ['--text', loss.text]),
    ...(loss?.head === undefined ? [] : ['--head', loss.head]),
    ...(windows === 'default' ? ['--windows', windows] : []),
  ];
  return words.map(quoted).join(' ');
}

/** `0.0232 ± 0.0135`. */
export const estimateText = (one: Estimate | null | undefined): string =>
  one === undefined || one === null ? '–' : `${readable(one.mean)} ± ${readable(one.ci95)}`;

export const lossText = (one: RacedArithmetic | undefined): string => estimateText(one?.loss);

/** What a parameter does to the loss, for programs. */
export const lossEffectJson = (loss: Sensitivity['loss']): object =>
  loss === undefined
    ? {}
    : {
        loss: {
          targets: loss.targets,
          mean: loss.mean,
          span: loss.span?.mean ?? null,
          span_ci95: loss.span?.ci95 ?? null,
        },
      };

/** The race for programs. */
export function raceJson({ tally, raced }: Result): object | undefined {
  if (raced === undefined) return undefined;
  const { model, data, targets, seed, budget, spent, arithmetics } = raced;
  const inside = new Map(tally.arithmetics);
  return {
    model,
    data,
    targets,
    seed,
    ...(budget === undefined ? {} : { budget }),
    spent,
    arithmetics: arithmetics.map((one) => ({
      arithmetic: named(one),
      standing: one.standing,
      points: inside.get(one.arithmetic) ?? 0,
      targets: one.targets,
      [LOSS]: one.loss?.mean ?? null,
      [`${LOSS}_ci95`]: one.loss?.ci95 ?? null,
    })),
  };
}

/** Bounds on the loss: points that they leave out of those that keep all others. */
export function lossBounds({
  space,
  tally,
  raced,
}: Result): { constraint: string; count: number; of: number }[] {
  const outside = new Set(
    raced?.arithmetics.filter(({ standing }) => standing === 'outside').map(({ arithmetic }) => arithmetic),
  );
  const sum = (counts: readonly [string, number][]): number => counts.reduce((all, [, one]) => all + one, 0);
  const all = tally.arithmetics ?? [];
  return (space.plan.loss?.bounds ?? []).map((constraint) => ({
    constraint,
    count: sum(all.filter(([arithmetic]) => outside.has(arithmetic))),
    of: sum(all),
  }));
}

const WORDS: Readonly<Record<Standing, string>> = {
  front: 'on the front',
  behind: 'behind it',
  outside: 'outside the bound',
  beaten: 'beaten early',
  cut: 'cut by the budget',
};

/** What the losses are of, in a line. */
export function raceText({ raced }: Result): string[] {
  if (raced === undefined) return [];
  const { model, data, targets, seed, budget, spent, arithmetics } = raced;
  const count = (value: number): string => value.toLocaleString('en-US');
  const standings = (Object.keys(WORDS) as Standing[]).flatMap((standing) => {
    const found = arithmetics.filter((one) => one.standing === standing).length;
    return found === 0 ? [] : [`${found} ${WORDS[standing]}`];
  });
  return [
    `loss above the stored ${model} on ${count(targets)} targets of its ${data} text, ± 95 %: ${arithmetics.length} ${arithmetics.length === 1 ? 'arithmetic' : 'arithmetics'}, ${standings.join(', ')}; ${count(spent)} targets scored (halving, seed ${seed}${budget === undefined ? '' : `, budget ${count(budget)}`})`,
  ];
}
