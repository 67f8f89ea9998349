import { MugiError } from '../errors.ts';
import { question, type Question, type QuestionInput } from '../question/question.ts';
import type { ResultRow } from './result-rows.ts';

/** One reason for a move, and the relative change that it alone makes. */
export interface Cause {
  /** A key of the question, whose values are among the reasons; `together`; or what no question explains. */
  name: string;
  change: number | null;
}

/** The numbers of this version for a question about one design. */
export type Evaluated = (asked: QuestionInput) => Readonly<Record<string, unknown>>;

/** Changes below this are rounding: a product of ratios is not exact. */
const ROUNDING = 1e-12;

/**
 * Why the numbers of a row differ: each key of the question that differs is changed alone and evaluated again; what all
 * of them do beside their product is called together, and what evaluating both again does not explain is the version's.
 * @param drift what a difference is called that no question explains
 * @returns the causes of a number, largest first; none where the results do not say their questions
 */
export function causesOf(
  a: ResultRow,
  b: ResultRow,
  evaluated: Evaluated,
  drift: string,
  note: (text: string) => void,
): (number: string) => Cause[] {
  if (a.question === undefined || b.question === undefined) return () => [];
  let answers: { now: Answer; later: Answer; alone: [string, Answer | undefined][] };
  try {
    const [from, to] = [question(a.question), question(b.question)];
    const alone = differing(from, to).map((key): [string, Answer | undefined] => [
      key,
      attempt(() => evaluated({ ...from, [key]: to[key] } as QuestionInput)),
    ]);
    answers = { now: evaluated(from), later: evaluated(to), alone };
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    note(`not evaluated again: ${error.message}`);
    return () => [];
  }
  const { now, later, alone } = answers;
  return (number) => {
    const ratio = (one: unknown, other: unknown): number | null =>
      typeof one === 'number' && typeof other === 'number' && one !== 0 ? other / one : null;
    const causes = alone.flatMap(([name, answer]): Cause[] => {
      if (answer === undefined) return [{ name: `${name} (not possible alone)`, change: null }];
      const by = ratio(now[number], answer[number]);
      return by === null ? [] : [{ name, change: by - 1 }];
    });
    const product = causes.reduce((all, { change }) => all * (1 + (change ?? 0)), 1);
    const whole = ratio(now[number], later[number]);
    if (alone.length > 1 && whole !== null) causes.push({ name: 'together', change: whole / product - 1 });
    // What today's version says of the first, over what the first said, and the same backwards for the second.
    const [first, second] = [ratio(a.numbers[number], now[number]), ratio(later[number], b.numbers[number])];
    if (first !== null && second !== null) causes.push({ name: drift, change: first * second - 1 });
    return causes
      .filter(({ change }) => change === null || Math.abs(change) > ROUNDING)
      .sort((x, y) => Math.abs(y.change ?? 0) - Math.abs(x.change ?? 0));
  };
}

type Answer = Readonly<Record<string, unknown>>;

/** Keys of a question that make no number of one design. */
const IDLE: readonly string[] = ['version', 'baseline'];

const differing = (a: Question, b: Question): (keyof Question)[] =>
  ([...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof Question)[]).filter(
    (key) => !IDLE.includes(key) && JSON.stringify(a[key]) !== JSON.stringify(b[key]),
  );

function attempt(make: () => Answer): Answer | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof MugiError) return undefined;
    throw error;
  }
}
