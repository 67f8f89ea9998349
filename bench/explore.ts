/**
 * Speed of `mugi explore` on a space of a million whole-LLM designs: on one core with the work that neighbours share, on
 * all cores with files as the command runs it, and beside it a sample of the same points one by one, as `evaluatePoint`
 * answers them. Every sampled point is held to be equal in every bit.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluatedPoint } from '../src/explore/front-points.ts';
import { planOf, trackedOf } from '../src/explore/space/plan.ts';
import { Space } from '../src/explore/space/space.ts';
import { Walker } from '../src/explore/walk.ts';
import { textTable } from '../src/present/table.ts';
import { explore } from '../src/scale/run.ts';

const space = new Space(
  planOf({
    model: 'llama-2-7b',
    batch: 4,
    vary: {
      height: '32..512:32',
      'sram.*': '16..1024',
      mesh: '1x1,2x1,2x2,4x2,4x4,8x4,8x8,16x8,16x16',
      dramBandwidth: '64..1k:*1.15',
    },
    within: 'area_mm2<=100',
  }),
);
const names = trackedOf(space.plan);

/** Seconds and CPU seconds of some work. */
async function timed(work: () => unknown): Promise<{ wall: number; cpu: number }> {
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - begun) / 1e3, cpu: (user + system) / 1e6 };
}

const STEP = 997;
const sample = Array.from({ length: 2000 }, (_, i) => (i * STEP) % space.size);
const walker = new Walker(space);
const answers: (Record<string, unknown> | undefined)[] = [];
const alone = await timed(() => {
  for (const index of sample) {
    try {
      answers.push(evaluatedPoint(space, index).metrics);
    } catch {
      answers.push(undefined);
    }
  }
});
const differs = (index: number, i: number): boolean => {
  const outcome = walker.at(index);
  const one = answers[i];
  if (one === undefined) return outcome !== 'unbuildable';
  return names.some((name, k) => !Object.is(one[name], walker.values[k]));
};
const odd = sample.filter(differs).length;
const shared = await timed(() => {
  for (let index = 0; index < 200_000; index++) walker.at(index);
});
const folder = mkdtempSync(join(tmpdir(), 'mugi-bench-'));
const whole = await timed(() => explore(space, { folder: join(folder, 'points') }));
rmSync(folder, { recursive: true, force: true });

const perSecond = (points: number, seconds: number): number => Math.round(points / seconds);
const base = sample.length / alone.cpu;
const row = (
  what: string,
  points: number,
  { wall, cpu }: { wall: number; cpu: number },
): (string | number)[] => [
  what,
  points,
  wall.toFixed(1),
  perSecond(points, wall),
  perSecond(points, cpu),
  `${(points / cpu / base).toFixed(1)}×`,
];
console.log(`${space.size} designs, ${availableParallelism()} cores, Node ${process.version}\n`);
console.log(
  textTable(
    ['evaluation', 'points', 'seconds', 'points/s', 'points/CPU second', 'ratio'],
    [
      row('one by one', sample.length, alone),
      row('neighbours, one core', 200_000, shared),
      row('all of it: cores, fronts, Parquet', space.size, whole),
    ],
  ),
);
console.log(
  `\npeak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB; sampled points that differ: ${odd}`,
);
if (odd > 0) process.exitCode = 1;
