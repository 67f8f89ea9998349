import { useEffect, useMemo, useRef, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import type { Constraint } from '../../src/explore/constraint.ts';
import type { Plan } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import type { Asked, Counts, Told } from './messages.ts';

/** A space with what is known of its points so far. */
export interface Cloud {
  space: Space;
  /** Metrics by name: a value a point, NaN where there is none (yet). */
  columns: ReadonlyMap<string, Float32Array>;
  /** Points evaluated in order; further ones are known from the first look. */
  done: number;
  /** Rises with every change of the columns, whose arrays stay. */
  version: number;
  front?: Int32Array;
  counts?: Counts;
}

/** What is shown: a plan, or a file of points. */
export type Source = { plan: Plan } | { name: string; bytes: ArrayBuffer };

/** Has a space evaluated in a worker; a new source or other limits stop what runs. */
export function useCloud(
  source: Source | undefined,
  limits: readonly Constraint[],
): { cloud?: Cloud; error?: MugiError } {
  const [shown, show] = useState<{ cloud?: Cloud; error?: MugiError }>({});
  const worker = useRef<Worker>(undefined);
  const run = useRef(0);
  const bounds = useRef(limits);
  bounds.current = limits;
  const ask = (asked: Asked): void => worker.current?.postMessage(asked);

  useEffect(() => {
    const made = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      if (data.run === run.current) show((before) => told(before, data));
    });
    return () => made.terminate();
  }, []);

  useEffect(() => {
    run.current++;
    if (source === undefined) show({});
    else if ('plan' in source)
      ask({ kind: 'space', run: run.current, plan: source.plan, limits: bounds.current });
    else ask({ kind: 'file', run: run.current, ...source, limits: bounds.current });
  }, [source]);

  const text = useMemo(() => JSON.stringify(limits), [limits]);
  useEffect(() => {
    ask({ kind: 'limits', run: run.current, limits: bounds.current });
  }, [text]);
  return shown;
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
  return { cloud: { ...cloud, version, done: data.from + (data.values[0]?.length ?? 0) } };
}
