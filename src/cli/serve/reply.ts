import { answers } from '../../compare/answers.ts';
import { comparison } from '../../compare/comparison.ts';
import { comparisonJson } from '../../compare/comparison-rows.ts';
import { type ErrorDetails, MugiError } from '../../errors.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import { metrics } from '../../evaluate/metrics.ts';
import { notesOf } from '../../evaluate/price-notes.ts';
import { parseJson } from '../../json.ts';
import { toCommand } from '../../question/command.ts';
import { answer, type Sources } from '../../question/point.ts';
import { question, type QuestionInput } from '../../question/question.ts';
import { printableJson } from '../../shown.ts';
import { evaluationJson } from '../show/evaluate.ts';
import type { Line } from './lines.ts';

/** Objects of a question are nested less than this, those of models and designs included. */
const DEEPEST = 32;

export interface Replying {
  sources: Sources;
  /** Operators and components too, as `mugi evaluate --json` prints them. */
  full: boolean;
}

type Id = string | number;

/** The reply to a line: one line of JSON. Never throws. */
export function replyTo(line: Line, number: number, { sources, full }: Replying): string {
  let id: Id | null = null;
  try {
    const { id: own, ...asked } = objectOf(line, number);
    const named = own === undefined ? {} : { id: (id = idOf(own)) };
    return printableJson({ ...named, ...answered(asked, sources, full) });
  } catch (error) {
    return printableJson({ id, error: detailsOf(error, id === null ? number : undefined) });
  }
}

/** What answers a question: as `mugi evaluate --json` for one design without a baseline, else as `mugi compare --json`. */
export function answered(input: object, sources: Sources, full: boolean): object {
  const given = question(shallow(input) as QuestionInput);
  if (given.designs.length === 1 && given.baseline === undefined) {
    const [evaluation] = answer(given, sources);
    return full ? evaluationJson(evaluation) : summary(evaluation);
  }
  const { asked, evaluations, baseline, sources: names } = answers(given, sources);
  return comparisonJson(comparison(evaluations, baseline), toCommand(asked), names);
}

/** What `mugi evaluate --json` says of the inference as a whole. */
function summary(evaluation: Evaluation): object {
  const { provenance, method } = evaluation.priced.design;
  return { ...metrics(evaluation), provenance, method, notes: notesOf(evaluation) };
}

function objectOf(line: Line, number: number): Record<string, unknown> {
  if (typeof line !== 'string') throw line;
  const value = parseJson(line, `line ${number}`, 'a question as one JSON object');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'a question is an object',
      expected: 'a question as one JSON object, such as {"designs": ["mugi-256"]}',
      received: line,
    });
  }
  return value as Record<string, unknown>;
}

/** @throws MugiError for a question that is nested too deeply to be looked through */
export function shallow(asked: object): object {
  if (!deeper(asked, DEEPEST)) return asked;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the question is nested too deeply',
    expected: `at most ${DEEPEST} levels`,
  });
}

const deeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((part) => deeper(part, levels - 1)));

/** @throws MugiError for what would not come back as it was sent */
function idOf(id: unknown): Id {
  if (typeof id === 'string') return id;
  // Beyond 2^53 JSON's numbers are rounded.
  if (typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER) return id;
  throw new MugiError({
    code: 'invalid-value',
    message: 'id cannot be given back as it is',
    path: 'id',
    expected: 'a text, or a number within ±(2^53 − 1)',
    received: typeof id === 'number' ? String(id) : Array.isArray(id) ? 'a list' : typeof id,
  });
}

/** An error as data; `number` of the line where no id says which question it is. */
export function detailsOf(error: unknown, number?: number): ErrorDetails {
  const details =
    error instanceof MugiError
      ? error.details
      : new MugiError({
          code: 'internal',
          message: `internal error, please report it: ${(error as Error).message}`,
        }).details;
  if (number === undefined) return details;
  const [, column] = /^line \d+:\d+:(\d+)$/.exec(details.path ?? '') ?? [];
  if (column !== undefined)
    return { ...details, code: 'invalid-value', path: `line ${number}, column ${column}` };
  return {
    ...details,
    path: details.path === undefined ? `line ${number}` : `line ${number}: ${details.path}`,
  };
}
