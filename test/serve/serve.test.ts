import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { LONGEST_LINE } from '../../src/cli/serve/lines.ts';
import { MugiError } from '../../src/errors.ts';
import { designName, metrics } from '../../src/evaluate/metrics.ts';
import { random } from '../../src/number/random.ts';
import { answer } from '../../src/question/point.ts';
import { question, type QuestionInput } from '../../src/question/question.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { ended, repliesOf, type Reply, served, started } from './process.ts';

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A question about anything that can be asked; some have a mistake. */
function drawn(next: () => number): QuestionInput {
  const below = (n: number): number => Math.floor(next() * n);
  const one = <T>(...values: T[]): T => values[below(values.length)]!;
  const design = () =>
    one<string | object>(
      'mugi-256',
      `mugi-${one(8, 16, 32, 64, 100)}`,
      `sa-${4 + below(60)}x${4 + below(60)}${one('', '-os')}`,
      `carat-${one(32, 128)}@${one('2x2', '4x4')}`,
      'tensor',
      'best:sa-f-16',
      {
        base: 'mugi-256',
        name: 'changed',
        height: 8 * (1 + below(130)),
        sram: { output: { kib: one(64, 100, 256) } },
      },
    );
  const some = <T>(value: T): T | undefined => (next() < 0.4 ? value : undefined);
  const asked = {
    designs: one([design()], [design()], [design(), design()]),
    model: some(one('llama-2-7b', 'llama-2-13b', 'gpt-oss-20b', 'whisper-tiny', 'no-such-model')),
    baseline: next() < 0.1 ? 'sa-16' : undefined,
    batch: some(below(64)),
    context: some(1 + below(8192)),
    prefill: some(1 + below(100)),
    weightBits: some(1 + below(18)),
    preset: some(one<'corrected' | 'as-published'>('corrected', 'as-published')),
    technology: some(one('published', 'open-45')),
    dramBandwidth: some(next() * 1000),
  };
  return asJson(asked) as QuestionInput;
}

/** What the library says to a question: metrics of each design, or its mistake. */
function byLibrary(asked: QuestionInput): unknown {
  try {
    const given = question(asked);
    const evaluations = answer(given);
    if (given.baseline === undefined) return asJson(metrics(evaluations[0]!));
    return new Map(evaluations.map((one) => [designName(one), asJson(metrics(one))]));
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    return { code: error.details.code };
  }
}

describe('mugi serve', () => {
  it('replies to 1,000 random questions as the library answers them, in order, ids echoed', async () => {
    const next = random(15);
    const questions = Array.from({ length: 1000 }, () => drawn(next));
    const idOf = (i: number): string | number => (i % 3 === 0 ? `q${i}` : i / 2);
    const input = questions.map((asked, i) => `${JSON.stringify({ id: idOf(i), ...asked })}\n`).join('');
    const { stdout, stderr, status } = await served(input);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const replies = repliesOf(stdout);
    expect(replies.map(({ id }) => id)).toEqual(questions.map((_, i) => idOf(i)));
    const kinds = { evaluate: 0, compare: 0, error: 0 };
    for (const [i, reply] of replies.entries()) {
      const expected = byLibrary(questions[i]!);
      if (reply.error !== undefined && expected instanceof Map) {
        // Two designs of one name have no common table.
        expect(reply.error.code).toBe('invalid-value');
        expect(new Set(expected.keys()).size).toBeLessThanOrEqual(2);
      } else if (reply.error !== undefined) {
        kinds.error++;
        expect({ code: reply.error.code }, JSON.stringify(questions[i])).toEqual(expected);
      } else if (expected instanceof Map) {
        kinds.compare++;
        for (const design of reply.designs as (Reply & { design: string })[])
          expect(design).toMatchObject(expected.get(design.design) as object);
      } else {
        kinds.evaluate++;
        expect(reply).toMatchObject(expected as object);
      }
    }
    for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(100);
  });

  it('says what evaluate --json and compare --json print', async () => {
    const run = await commandLine(process.cwd());
    // Whoever asks knows the question, and what it was answered from is the version's.
    const printed = async (command: string): Promise<object> => {
      const {
        question: _,
        inputs,
        ...answer
      } = JSON.parse(await outputOf(run, command.split(' '))) as {
        question: object;
        inputs: object;
      };
      expect(Object.keys(inputs)).toEqual(['technology published']);
      return answer;
    };
    const { stdout } = await served(
      '{"designs": ["sa-16"], "context": 256}\n{"designs": ["mugi-256", "sa-16"], "context": 256}\n',
      '--full',
    );
    const [evaluated, comparedTo] = repliesOf(stdout);
    expect(evaluated).toEqual(await printed('evaluate --design sa-16 --context 256 --json'));
    expect(comparedTo).toEqual(await printed('compare --designs mugi-256,sa-16 --context 256 --json'));
  });

  it('says of a design without its operators what evaluate --json notes, its prices too', async () => {
    const run = await commandLine(process.cwd());
    const command = 'evaluate --design sa-f-16 --technology published --context 256 --json';
    const printed = JSON.parse(await outputOf(run, command.split(' '))) as { notes: string[] };
    const { stdout } = await served('{"designs": ["sa-f-16"], "technology": "published", "context": 256}\n');
    expect(printed.notes).toContainEqual(expect.stringContaining('has no price for'));
    expect(repliesOf(stdout)[0]!.notes).toEqual(printed.notes);
  });

  it('replies to malformed lines with an error each, and goes on', async () => {
    const deep = `{"designs": ${'['.repeat(2e5)}${']'.repeat(2e5)}}`;
    const nested = `{"designs": [${'{"a":'.repeat(40)}1${'}'.repeat(40)}]}`;
    const long = `{"id": 1, "model": "${'x'.repeat(LONGEST_LINE)}"}`;
    const lines: [line: string | Uint8Array, code: string | undefined, path?: string][] = [
      ['', 'invalid-value', 'line 1, column 1'],
      ['{"id": 7, "batch": }', 'invalid-value', 'line 2, column 20'],
      ['[]', 'invalid-value', 'line 3'],
      ['null', 'invalid-value', 'line 4'],
      ['{"batch": NaN}', 'invalid-value', 'line 5, column 11'],
      ['{"id": "a", "designs": ["mugi-256"], "batch": 1e999}', 'invalid-value', 'batch'],
      ['{"id": "a", "__proto__": {"batch": 1}}', 'unknown-name', '__proto__'],
      ['{"id": 12345678901234567890}', 'invalid-value', 'line 8: id'],
      ['{"id": {"a": 1}}', 'invalid-value', 'line 9: id'],
      [deep, 'invalid-value', 'line 10'],
      [nested, 'invalid-value', 'line 11'],
      [long, 'invalid-value', 'line 12'],
      [Uint8Array.of(0x22, 0xff, 0x22), 'invalid-value', 'line 13'],
      ['{"id": "a", "designs": ["mugi-256"], "bacth": 1}', 'unknown-name', 'bacth'],
      ['{"id": "a", "model": "/dev/zero", "designs": ["mugi-256"]}', 'invalid-file', '/dev/zero'],
      ['{"id": "\\ud800\\u001b", "designs": ["mugi-256"]}\r', undefined],
    ];
    const input = Buffer.concat(
      lines.flatMap(([line]) => [Buffer.from(line as string), Buffer.from('\n')]).slice(0, -1),
    );
    const { stdout, status } = await served(input);
    expect(status).toBe(0);
    const replies = repliesOf(stdout);
    expect(replies.map(({ error }) => [error?.code, error?.path])).toEqual(
      lines.map(([, code, path]) => [code, path]),
    );
    expect(replies.map(({ id }) => id)).toEqual(
      lines.map(([line]) =>
        String(line).startsWith('{"id": "a"') ? 'a' : line === lines.at(-1)![0] ? '\ud800\u001b' : null,
      ),
    );
    expect(stdout.split('\n').every((line) => line.length < 20_000)).toBe(true);
  });

  it('replies at once, question by question', async () => {
    const server = started();
    const end = ended(server);
    const seen: string[] = [];
    server.stdout.on('data', (text: string) => seen.push(text));
    for (let i = 0; i < 3; i++) {
      server.stdin.write(`{"id": ${i}, "designs": ["mugi-256"]}\n`);
      await once(server.stdout, 'data');
      expect(repliesOf(seen.join('')).map(({ id }) => id)).toEqual(
        Array.from({ length: i + 1 }, (_, at) => at),
      );
    }
    server.stdin.end();
    expect((await end).status).toBe(0);
  });

  it('takes no more than is read of it', async () => {
    const server = started();
    let taken = 0;
    const line = Buffer.from('{"designs": ["mugi-256"]}\n');
    // Nobody reads: writing must stall long before all is written.
    const total = 20_000;
    const stalled = await new Promise<boolean>((resolve) => {
      const more = (): void => {
        while (taken < total) {
          taken++;
          if (!server.stdin.write(line)) break;
        }
        if (taken === total) resolve(false);
      };
      server.stdin.on('drain', more);
      more();
      setTimeout(() => resolve(true), 4000);
    });
    expect(stalled).toBe(true);
    expect(taken).toBeLessThan(total / 2);
    server.stdin.removeAllListeners('drain');
    const end = ended(server);
    server.stdin.end();
    expect(repliesOf((await end).stdout)).toHaveLength(taken);
  });

  it('ends quietly when its reader goes', async () => {
    const server = started();
    let stderr = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    server.stdin.on('error', () => {});
    server.stdin.write('{"designs": ["mugi-256"]}\n');
    await once(server.stdout, 'data');
    server.stdout.destroy();
    const timer = setInterval(() => server.stdin.write('{"designs": ["mugi-256"]}\n'), 20);
    const [status] = (await once(server, 'exit')) as [number];
    clearInterval(timer);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s with whole lines', async (signal) => {
    const server = started('--full');
    const end = ended(server);
    server.stdin.on('error', () => {});
    server.stdin.write('{"designs": ["mugi-256"]}\n'.repeat(20_000));
    await once(server.stdout, 'data');
    server.kill(signal);
    const { stdout, stderr, status } = await end;
    expect(status).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(stderr).toBe('mugi: interrupted; the replies until here are whole lines\n');
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(repliesOf(stdout).length).toBeGreaterThan(0);
  });
});
