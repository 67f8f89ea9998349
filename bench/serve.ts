/**
 * What a question costs through `mugi serve`: the same questions by the library, by one server that is asked all at once,
 * by one that is asked one by one, and by a process each, side by side.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { metrics } from '../src/evaluate/metrics.ts';
import { textTable } from '../src/present/table.ts';
import { answer } from '../src/question/point.ts';
import { question, type QuestionInput } from '../src/question/question.ts';

const QUESTIONS = 20_000;
const ROUND_TRIPS = 5_000;
const PROCESSES = 5;

const script = fileURLToPath(new URL('../bin/mugi.js', import.meta.url));
const asked = (i: number): QuestionInput => ({
  model: 'llama-2-7b',
  batch: 1 + (i % 64),
  designs: [{ base: 'mugi-256', name: `height-${i}`, height: 8 * (1 + (i % 128)) }],
});
const line = (i: number): string => `${JSON.stringify({ id: i, ...asked(i) })}\n`;

type Server = ChildProcessByStdio<Writable, Readable, null>;
const started = async (): Promise<Server> => {
  const server = spawn(process.execPath, [script, 'serve', '--jsonl'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // Starting is measured with the processes.
  server.stdin.write(line(0));
  await once(server.stdout, 'data');
  return server;
};

const rows: [name: string, count: number, seconds: number][] = [];
async function measure(name: string, count: number, work: () => void | Promise<void>): Promise<void> {
  const from = performance.now();
  await work();
  rows.push([name, count, (performance.now() - from) / 1e3]);
}

const byLibrary = (count: number): void => {
  for (let i = 0; i < count; i++) metrics(answer(question(asked(i)))[0]);
};
byLibrary(2000);
await measure('library, in this process', QUESTIONS, () => byLibrary(QUESTIONS));

const all = await started();
await measure('mugi serve, all at once', QUESTIONS, async () => {
  let replies = 0;
  all.stdout.on('data', (chunk: Buffer) => (replies += chunk.filter((byte) => byte === 0x0a).length));
  for (let i = 0; i < QUESTIONS; i++) if (!all.stdin.write(line(i))) await once(all.stdin, 'drain');
  all.stdin.end();
  await once(all, 'close');
  if (replies !== QUESTIONS) throw new Error(`${replies} replies to ${QUESTIONS} questions`);
});

const one = await started();
const lines = createInterface(one.stdout)[Symbol.asyncIterator]();
await measure('mugi serve, one by one', ROUND_TRIPS, async () => {
  for (let i = 0; i < ROUND_TRIPS; i++) {
    one.stdin.write(line(i));
    await lines.next();
  }
});
one.stdin.end();

await measure('mugi evaluate, a process each', PROCESSES, () => {
  for (let i = 0; i < PROCESSES; i++) {
    const words = ['evaluate', '--model', 'llama-2-7b', '--batch', String(1 + i), '--json'];
    if (spawnSync(process.execPath, [script, ...words]).status !== 0) throw new Error('mugi evaluate failed');
  }
});

const [, count, seconds] = rows[0];
console.log(`Llama 2 7B on changed designs, 4096 tokens; Node ${process.version}\n`);
console.log(
  textTable(
    ['way', 'questions', 'questions/s', 'time of one over the library'],
    rows.map(([name, n, s]) => [name, n, n / s, s / n / (seconds / count)]),
  ),
);
