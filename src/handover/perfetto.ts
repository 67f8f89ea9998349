import { RESOURCES } from '../design/design.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluate/evaluation.ts';
import { loads } from '../evaluate/execute/execution.ts';
import { facts } from '../evaluate/metrics.ts';
import { cycles, cyclesToSeconds } from '../units.ts';

/**
 * An event of the Trace Event Format, which Perfetto and chrome://tracing read: complete (`X`), of a counter (`C`), or a
 * name of a track (`M`). Times are microseconds.
 */
export interface TraceEvent {
  name: string;
  ph: 'X' | 'C' | 'M';
  pid: number;
  tid?: number;
  ts?: number;
  dur?: number;
  cat?: string;
  args: Record<string, unknown>;
}

const MICROSECONDS = 1e6;
const CHIP = 1;
/** Tracks from above: phases, operators, then each resource. */
const TRACKS = { phases: 1, operators: 2, resources: 3 } as const;

/**
 * The operators of an inference on a time line: one slice each, with all its executions in all layers, in the order of
 * the evaluation, prefill before decode. Below them the time that each resource alone would take, and as counters the
 * power and the off-chip traffic. Slices of operators add up to `time_s`, and their energies to `energy_dynamic_J`.
 */
export function perfettoTrace(evaluation: Evaluation): object {
  const events: TraceEvent[] = [
    named('process_name', `${facts(evaluation).design}: ${evaluation.workload.model}`),
    ...['phases', 'operators', ...RESOURCES].flatMap((name, i) => [
      named('thread_name', name, i + 1),
      { name: 'thread_sort_index', ph: 'M' as const, pid: CHIP, tid: i + 1, args: { sort_index: i } },
    ]),
  ];
  let now = 0;
  for (const phase of ['prefill', 'decode'] as const) {
    const from = now;
    for (const one of evaluation.operators.filter(({ operator }) => operator.phase === phase)) {
      if (one.time === 0) continue;
      events.push(...slices(one, now, evaluation));
      now += one.time * MICROSECONDS;
    }
    if (now > from) events.push(slice(TRACKS.phases, phase, from, now - from, {}));
  }
  for (const name of ['power_W', 'dram_GBps']) events.push(counter(name, now, 0));
  return { displayTimeUnit: 'ms', otherData: facts(evaluation), traceEvents: events };
}

function slices(one: OperatorEvaluation, from: number, { priced, leakage }: Evaluation): TraceEvent[] {
  const { operator, bound, work, energy, time, utilisation } = one;
  const { input, weight, output } = work.dram;
  const bytes = (input + weight + output) / 8;
  const args = {
    group: operator.group,
    executions: operator.repeat * operator.layers,
    cycles: one.cycles,
    bound,
    macs: work.macs,
    utilisation,
    energy_J: energy,
    dram_bytes: bytes,
  };
  const busy = Object.entries(loads(work)).flatMap(([resource, load], i) => {
    const duration = cyclesToSeconds(cycles(load), priced.technology.clock) * MICROSECONDS;
    const track = TRACKS.resources + i;
    return load > 0 ? [slice(track, operator.name, from, duration, { resource, cycles: load })] : [];
  });
  return [
    slice(TRACKS.operators, operator.name, from, time * MICROSECONDS, args),
    ...busy,
    counter('power_W', from, energy / time + leakage),
    counter('dram_GBps', from, bytes / time / 1e9),
  ];
}

const slice = (
  tid: number,
  name: string,
  ts: number,
  dur: number,
  args: Record<string, unknown>,
): TraceEvent => ({
  name,
  cat: 'operator',
  ph: 'X',
  pid: CHIP,
  tid,
  ts,
  dur,
  args,
});

const counter = (name: string, ts: number, value: number): TraceEvent => ({
  name,
  ph: 'C',
  pid: CHIP,
  ts,
  args: { [name]: value },
});

const named = (name: string, text: string, tid?: number): TraceEvent => ({
  name,
  ph: 'M',
  pid: CHIP,
  ...(tid === undefined ? {} : { tid }),
  args: { name: text },
});
