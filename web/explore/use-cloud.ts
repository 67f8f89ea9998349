import { useEffect, useMemo, useRef, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import type { Constraint } from '../../src/explore/constraint.ts';
import type { Plan } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { type Asked, type Counts, half, type Told } from './messages.ts';

/** A space with what is known of its points so far. */
export interface Cloud {
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

/** Between two drawings, at least, and as a multiple of what one took: without a GPU it keeps a processor from evaluating. */
const REST = { least: 1000, times: 6 };

/** Has a space evaluated in a worker; a new source or other limits stop what runs. */
export function useCloud(
  source: Source | undefined,
  limits: readonly Constraint[],
): { cloud?: Cloud; error?: MugiError } {
  const [shown, show] = useState<{ cloud?: Cloud; error?: MugiError }>({});
  const latest = useRef<{ cloud?: Cloud; error?: MugiError }>({});
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
  /** What a worker says is known at once, and more points are drawn a few times a second. */
  const hear = (data: Told): void => {
    latest.current = told(latest.current, data);
    if (data.kind !== 'points') draw();
    else resting.current ??= setTimeout(draw, Math.max(REST.least, REST.times * took.current));
  };
  const worker = useRef<Worker>(undefined);
  const run = useRef(0);
  const bounds = useRef(limits);
  bounds.current = limits;
  const ask = (asked: Asked): void => worker.current?.postMessage(asked);
  const helper = useRef<Worker>(undefined);
  /** A large space is halved between two workers; the first one finds the front. */
  const help = (plan: Plan, size: number): void => {
    helper.current = started(({ data }) => {
      if (data.run !== run.current || data.kind !== 'points') return;
      ask({ ...data, kind: 'helped' });
      hear(data);
    });
    const asked: Asked = { kind: 'help', run: run.current, plan, from: half(size) };
    helper.current.postMessage(asked, []);
  };

  useEffect(() => {
    const made = started(({ data }) => {
      if (data.run !== run.current) return;
      if (data.kind === 'begun' && data.halved) help(data.plan, data.size);
      hear(data);
    });
    worker.current = made;
    return () => {
      clearTimeout(resting.current);
      made.terminate();
      helper.current?.terminate();
    };
  }, []);

  useEffect(() => {
    run.current++;
    helper.current?.terminate();
    helper.current = undefined;
    if (source === undefined) {
      latest.current = {};
      draw();
    } else if ('plan' in source)
      ask({ kind: 'space', run: run.current, plan: source.plan, limits: bounds.current });
    else ask({ kind: 'file', run: run.current, ...source, limits: bounds.current });
  }, [source]);

  const text = useMemo(() => JSON.stringify(limits), [limits]);
  useEffect(() => {
    ask({ kind: 'limits', run: run.current, limits: bounds.current });
  }, [text]);
  return shown;
}

function started(listen: (event: MessageEvent<Told>) => void): Worker {
  const worker = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', listen);
  return worker;
}

function told(before: { cloud?: Cloud }, data: Told): { cloud?: Cloud; error?: MugiError } {
  if (data.kind === 'failed') return { error: new MugiError(data.details) };
  if (data.kind === 'begun') {
    const columns = new Map(
      data.metrics.map((name) => [name, new Float32Array(data.size).fill(Number.NaN)] as const),
    );
    return { cloud: { space: new Space(data.plan), columns, done: 0, version: 0 } };
  }
  const { cloud } = before;
  if (cloud === undefined) return before;
  const version = cloud.version + 1;
  if (data.kind === 'front') {
    return { cloud: { ...cloud, front: data.front, counts: data.counts } };
  }
  const columns = [...cloud.columns.values()];
  if (data.kind === 'coarse') {
    for (const [k, column] of columns.entries())
      for (const [i, point] of data.points.entries()) column[point] = data.values[k][i];
    return { cloud: { ...cloud, version } };
  }
  for (const [k, column] of columns.entries()) column.set(data.values[k], data.from);
  return { cloud: { ...cloud, version, done: cloud.done + (data.values[0]?.length ?? 0) } };
}
