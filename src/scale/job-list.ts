import { MugiError, unknownName } from '../errors.ts';
import { numberList } from '../explore/values.ts';
import { quoted, wordsOf } from '../question/shell.ts';

/** One command of a list. */
export interface Job {
  /** Its words behind `mugi`. */
  words: readonly string[];
  /** What a list in braces put into it, by the flag that it belongs to. */
  varied: Readonly<Record<string, string>>;
  /** Files and folders that it writes beside what it prints. */
  writes?: readonly string[];
}

/** A job with the paths that it writes: those behind some of its flags. */
export function withOutputs(job: Job, flags: ReadonlySet<string>): Job {
  const writes = job.words.flatMap((word, i) => {
    const [, name = word, path = job.words[i + 1]] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    // A dash alone is standard output.
    return flags.has(name) && path !== undefined && path !== '-' ? [path] : [];
  });
  return writes.length === 0 ? job : { ...job, writes };
}

/** More commands are no list that anybody wrote. */
const MOST = 100_000;

/** A list in braces: `{a,b}`, or one range, `{1k..8k}`. Braces with a quote in them are JSON. */
const BRACES = /\{([^{}"]*(?:,|\.\.)[^{}"]*)\}/;

/** Flags of output: what a job prints is kept as JSON. */
const OUTPUTS = ['--json', '--csv'];

/**
 * The commands of a list: one a line, `#` before a remark; `{a,b}` and `{1k..8k}` in a word stand for one command each,
 * and several of them for all combinations.
 * @param commands names of the commands that may be jobs
 * @param where names a line in an error
 */
export function jobsOf(
  lines: readonly string[],
  commands: readonly string[],
  where: (line: number) => string,
): Job[] {
  const jobs = new Map<string, Job>();
  lines.forEach((line, i) => {
    if (/^\s*(#|$)/.test(line)) return;
    const at = where(i + 1);
    for (const job of expanded(lineWords(line, commands, at), at)) {
      jobs.set(JSON.stringify(job.words), job);
      checkCount(jobs.size, at);
    }
  });
  if (jobs.size > 0) return [...jobs.values()];
  throw new MugiError({
    code: 'invalid-value',
    message: 'the list holds no command',
    path: where(1),
    expected: 'one command with its flags a line; a list in braces makes a job of each of its values',
  });
}

function lineWords(line: string, commands: readonly string[], path: string): string[] {
  let words: string[];
  try {
    words = wordsOf(line);
  } catch (error) {
    throw error instanceof MugiError ? new MugiError({ ...error.details, path }) : error;
  }
  if (words[0] === 'npx') words.shift();
  if (words[0] === 'mugi') words.shift();
  const [name = ''] = words;
  if (!commands.includes(name)) throw unknownName('command of a job', name, commands, path);
  const output = words.find((word) => OUTPUTS.includes(word));
  if (output === undefined) return words;
  throw new MugiError({
    code: 'invalid-value',
    message: `${output} has no place in a job, whose result is kept as JSON`,
    path,
    expected: `the command without ${output}`,
  });
}

/** All combinations of the lists in the words. */
function expanded(words: readonly string[], path: string): Job[] {
  let jobs: { words: string[]; varied: Record<string, string> }[] = [{ words: [], varied: {} }];
  words.forEach((word, i) => {
    const key =
      word.startsWith('--') && word.includes('=') ? word.slice(2, word.indexOf('=')) : nameAt(words, i);
    const forms = formsOf(word, path);
    checkCount(jobs.length * forms.length, path);
    jobs = jobs.flatMap((job) =>
      forms.map((form) => ({
        words: [...job.words, form],
        varied: forms.length > 1 ? { ...job.varied, [key]: form.replace(/^--[^=]+=/, '') } : job.varied,
      })),
    );
  });
  return jobs;
}

const nameAt = (words: readonly string[], i: number): string => {
  const before = words[i - 1];
  return before?.startsWith('--') === true ? before.slice(2) : `word ${i}`;
};

/** A word with each of its lists replaced by one of its items. */
function formsOf(word: string, path: string): string[] {
  const match = BRACES.exec(word);
  if (match === null) return [word];
  const [list, inside = ''] = match;
  // Of several items each stands as it is: windows are written with two points too.
  const items = inside.includes(',')
    ? inside.split(',').map((item) => item.trim())
    : numberList(inside, path).map(String);
  const before = word.slice(0, match.index);
  const rest = formsOf(word.slice(match.index + list.length), path);
  checkCount(items.length * rest.length, path);
  return items.flatMap((item) => rest.map((end) => `${before}${item}${end}`));
}

/** @throws MugiError for more jobs than any list has, before they are made */
function checkCount(count: number, path: string): void {
  if (count <= MOST) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the list stands for too many jobs',
    path,
    expected: `at most ${MOST}`,
    received: String(count),
  });
}

/** A job as a shell takes it. */
export const jobText = ({ words }: Job): string => ['mugi', ...words].map(quoted).join(' ');
