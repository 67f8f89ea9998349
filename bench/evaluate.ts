/**
 * Speed of one whole-LLM evaluation, warm, on one core: names to numbers; the workload of a model in use is remembered,
 * as between the designs of a comparison. The last line is the same inference position by position, which is what a
 * decode sum without closed forms costs.
 */
import { Bench } from 'tinybench';
import { evaluate } from '../src/evaluate/evaluate.ts';
import { evaluatePoint, type Point } from '../src/question/point.ts';
import { preset } from '../src/published/preset.ts';
import { textTable } from '../src/present/table.ts';
import type { Operator } from '../src/workload/operator.ts';

const model = 'llama-2-70b';
const points: [string, Point][] = [
  ['mugi-256, as published', { design: 'mugi-256', model, preset: preset('as-published') }],
  ['mugi-256, corrected', { design: 'mugi-256', model, preset: preset('corrected') }],
  ['sa-16, as published', { design: 'sa-16', model, preset: preset('as-published') }],
  ['mugi-256@4x4, as published', { design: 'mugi-256@4x4', model, preset: preset('as-published') }],
  ['mugi-256@4x4, corrected', { design: 'mugi-256@4x4', model, preset: preset('corrected') }],
];
const bench = new Bench({ time: 1000, warmupTime: 500 });
for (const [name, point] of points) {
  bench.add(name, () => {
    evaluatePoint(point);
  });
}

const chosen = preset('as-published');
const { priced, workload } = evaluatePoint(points[0][1]);
const isRange = (value: unknown): value is { from: number; to: number } =>
  typeof value === 'object' && value !== null;
function eachPosition(operator: Operator): Operator[] {
  const fields = operator as unknown as Record<string, unknown>;
  const key = ['columns', 'k', 'n'].find((name) => isRange(fields[name]));
  const range = key === undefined ? undefined : fields[key];
  if (key === undefined || !isRange(range)) return [operator];
  const { from, to } = range;
  return Array.from({ length: to - from + 1 }, (_, i) => ({ ...operator, [key]: from + i }) as Operator);
}
const looped = { ...workload, operators: workload.operators.flatMap(eachPosition) };
bench.add('mugi-256, as published, position by position', () => {
  evaluate(priced, looped, chosen);
});

await bench.run();
const median = (name: string): number => {
  const result = bench.getTask(name)!.result;
  if (!('latency' in result)) throw new Error(`${name} did not finish`);
  return result.latency.p50 * 1e3;
};
const reference = median('mugi-256, as published');
console.log(`Llama 2 70B (GQA), batch 8, 4096 tokens, 4032 decode positions; Node ${process.version}\n`);
console.log(
  textTable(
    ['evaluation', 'median (µs)', 'points/s', 'ratio'],
    bench.tasks.map(({ name }) => [name, median(name), 1e6 / median(name), median(name) / reference]),
  ),
);
