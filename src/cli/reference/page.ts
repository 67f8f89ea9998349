import { METRICS } from '../../evaluate/metrics.ts';
import type { ProgressLine } from '../../present/progress-lines.ts';
import { COMMAND_KEYS } from './keys/index.ts';

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const PROGRESS_KEYS: Readonly<Record<'command' | keyof ProgressLine, string>> = {
  command: 'the command that runs',
  phase:
    'the part of its work: weights, calibration, prompt, losses, profile, mask, explore, …; estimate, before it begins',
  done: 'how much of the phase is done',
  total: 'of how much',
  unit: 'what they count, where that has a name',
  elapsed_s: 'seconds of the phase so far',
  left_s:
    'seconds that are left at the pace of this run; null before it has done anything, and of calibration, which ends when it has read enough',
  estimate_s: 'of an estimate: seconds',
  memory_bytes: 'of an estimate: bytes that are held at once',
  note: 'a remark in words',
};

const code = (text: string): string => `\`${text}\``;

/** `docs/json.md`: every metric and every key, from the lists that the commands print by. */
export function jsonPage(): string {
  const metrics = METRICS.map(({ name, label, unit, formula, ...metric }) => [
    code(name),
    label,
    unit,
    'better' in metric ? (metric.better ?? '') : '',
    formula,
  ]);
  const names = new Set<string>(METRICS.map(({ name }) => name));
  const commands = Object.entries(COMMAND_KEYS).flatMap(([command, keys]) => {
    const own = Object.entries(keys).filter(([key]) => !names.has(key.replace(/^designs\[\]\./, '')));
    const shared = Object.keys(keys).filter((key) => !own.some(([name]) => name === key));
    return [
      `## mugi ${command}`,
      '',
      ...metricsIn(shared),
      table(
        ['key', 'meaning'],
        own.map(([key, meaning]) => [code(key), meaning]),
      ),
      '',
    ];
  });
  return [
    '# JSON keys',
    '',
    'What `--json` prints, command by command. `[]` is each entry of a list, `*` any key, `**` any path. Errors are one object',
    '`{"error": {code, message, path, expected, received, nearest}}` on standard error. This page is made from the lists in',
    '`src/evaluate/metrics.ts` and `src/cli/reference` by `node scripts/json-page.ts`, and a test holds it to what the commands',
    'print. The keys of `mugi synth` stand in [synthesis.md](synthesis.md), those of `mugi models` in its `definitions`, and the',
    'schemas of what mugi reads are printed by `mugi schema`.',
    '',
    '## Progress',
    '',
    'With `--json`, where standard error is no terminal, whatever a command says while it runs is a JSON object a line there:',
    'work that takes more than a second once a second, remarks as they come, an error last. Standard output stays the one',
    'document of the result. Lines that do not begin with `{` are of the process: an interruption, a cache that cannot be written.',
    '',
    table(
      ['key', 'meaning'],
      Object.entries(PROGRESS_KEYS).map(([key, meaning]) => [code(key), meaning]),
    ),
    '',
    '## Metrics',
    '',
    'Of `mugi evaluate`, of every design of `mugi compare`, of `metrics()` in the library; `mugi evaluate --why NAME` explains one.',
    '',
    table(['name', 'what it is', 'unit', 'better', 'formula'], metrics),
    '',
    ...commands,
  ].join('\n');
}

/** That metrics are among the keys: all of them, or those that are. */
function metricsIn(keys: readonly string[]): string[] {
  if (keys.length === 0) return [];
  const names = keys.length < METRICS.length ? `${keys.map(code).join(' and ')} of the` : 'The';
  return [`${names} metrics, and:`, ''];
}
