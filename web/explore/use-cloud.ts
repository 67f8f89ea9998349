import { useEffect, useMemo, useRef, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import type { Constraint } from '../../src/explore/constraint.ts';
import type { Plan } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { shownSpace } from './check-shown.ts';
import type { Asked, Counts, Told } from './messages.ts';
import { Part, workersFor } from './part.ts';

/** A space with what is known of its points so far. */
export interface Cloud {
  run: number;
  space: Space;
  /** Metrics by name: a value a point, NaN where there is none (yet). */
  columns: ReadonlyMap<string, Float32Array>;
  /** Points evaluated; further ones are known from the first look. */
  done: number;
  /** Rises with every change of the columns, whose arrays stay. */
  version: number;
  front?: Int32Array;
  counts?: Counts;
}

/** What is shown: a plan, or a file of points. */
export type Source = { plan: Plan } | { name: string; bytes: ArrayBuffer };

/** Designs of a space of usual size. */
const USUAL = 100_000;

/** Between two drawings, at least, and as a multiple of what one took: without a GPU it keeps a processor from evaluating. */
const REST = { least: 1000, times: 6 };

interface Shown {
  cloud?: Cloud;
  error?: MugiError;
}

/** Has a space evaluated, in a worker a core where it is large; a new source or other limits stop what runs. */
export function useCloud(source: Source | undefined, limits: readonly Constraint[]): Shown {
  const [shown, show] = useState<Shown>({});
  const latest = useRef<Shown>({});
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const took = useRef(0);
  const draw = (): void => {
    clearTimeout(resting.current);
    resting.current = undefined;
    const begin = performance.now();
    show(latest.current);
    // The picture is drawn in the frame behind the one in which the page changes.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => setTimeout(() => (took.current = performance.now() - begin))),
    );
  };
  const tellAll = (next: Shown): void => {
    latest.current = next;
    draw();
  };
  const workers = useRef<Worker[]>([]);
  const run = useRef(0);
  const asked = useRef(0);
  const bounds = useRef(limits);
  bounds.current = limits;
  const ask = (which: number, message: Asked): void => {
    (workers.current[which] ??= started(hear)).postMessage(message, []);
  };
  /** What a worker says is known at once, and more points are drawn a few times a second. */
  const hear = ({ data }: MessageEvent<Told>): void => {
    if (data.run !== run.current) return;
    if (data.kind === 'found') return ask(0, data);
    const before = latest.current;
    latest.current = told(before, data);
    if (latest.current === before) return;
    // A space of which nothing is known yet is not worth a drawing; its first points are.
    const first = data.kind === 'coarse' && before.cloud?.version === 0;
    if (first || data.kind === 'front' || data.kind === 'failed') draw();
    else resting.current ??= setTimeout(draw, Math.max(REST.least, REST.times * took.current));
  };

  useEffect(() => {
    // They start while the first space is read.
    const usual = workersFor(USUAL, navigator.hardwareConcurrency);
    for (let which = 0; which < usual; which++) workers.current[which] ??= started(hear);
    return () => {
      clearTimeout(resting.current);
      for (const worker of workers.current) worker.terminate();
      workers.current = [];
    };
  }, []);

  useEffect(() => {
    run.current++;
    const common = { run: run.current, limits: bounds.current, asked: asked.current };
    if (source === undefined) return tellAll({});
    if (!('plan' in source)) return ask(0, { kind: 'file', ...common, ...source });
    const { plan } = source;
    try {
      const of = workersFor(shownSpace(plan).size, navigator.hardwareConcurrency);
      for (let which = 0; which < of; which++) ask(which, { kind: 'space', ...common, plan, of, which });
    } catch (error) {
      if (!(error instanceof MugiError)) throw error;
      tellAll({ error });
    }
    return undefined;
  }, [source]);

  const text = useMemo(() => JSON.stringify(limits), [limits]);
  useEffect(() => {
    asked.current++;
    const message: Asked = { kind: 'limits', run: run.current, limits: bounds.current, asked: asked.current };
    for (const worker of workers.current) worker.postMessage(message, []);
  }, [text]);
  return shown;
}

function started(listen: (event: MessageEvent<Told>) => void): Worker {
  const worker = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', listen);
  return worker;
}

function told(before: Shown, data: Exclude<Told, { kind: 'found' }>): Shown {
  if (data.kind === 'failed') return { error: new MugiError(data.details) };
  const { cloud } = before;
  if (data.kind === 'begun') {
    const { run, plan } = data;
    if (cloud?.run === run) return before;
    const columns = new Map(
      data.metrics.map((name) => [name, new Float32Array(data.size).fill(Number.NaN)] as const),
    );
    return { cloud: { run, space: new Space(plan), columns, done: 0, version: 0 } };
  }
  if (cloud === undefined) return before;
  const version = cloud.version + 1;
  if (data.kind === 'front') {
    return { cloud: { ...cloud, front: data.front, counts: data.counts } };
  }
  const columns = [...cloud.columns.values()];
  const { values } = data;
  if (data.kind === 'coarse') {
    for (const [k, column] of columns.entries())
      for (const [i, point] of data.points.entries()) column[point] = values[k][i];
    return { cloud: { ...cloud, version } };
  }
  const { from, of, which } = data;
  const part = new Part(cloud.space.size, of, which);
  const to = from + (values[0]?.length ?? 0);
  for (const [k, column] of columns.entries())
    for (const { own, index, length } of part.ranges(from, to))
      column.set(values[k].subarray(own - from, own - from + length), index);
  return { cloud: { ...cloud, version, done: cloud.done + to - from } };
}
