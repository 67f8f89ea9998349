import { fromBits } from '../../number/bf16.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import type { ArrayOutcome } from '../../simulate/array.ts';
import type { Outcome } from '../../simulate/run.ts';

/** What both a run of the node and one of a compared design's array show. */
export type Shown = (Outcome | ArrayOutcome) & { frames?: number };

/** What was run. */
export interface Ran {
  operation: string;
  design: string;
  preset: string;
  arithmetic: string;
}

export function outcomeJson({ operation, design, preset, arithmetic }: Ran, outcome: Shown): object {
  const { output, cycles, frames, utilization, activity, equal, height, width } = outcome;
  return {
    operation,
    design,
    inputs: outcome.inputs,
    preset,
    arithmetic,
    sums: outcome.sums,
    result_bits: Array.from({ length: height }, (_, i) => [...output.subarray(i * width, (i + 1) * width)]),
    cycles,
    frames,
    utilization,
    activity,
    equals_arithmetic: equal,
  };
}

export function outcomeText({ operation, design }: Ran, outcome: Shown, picture?: string): string {
  const { output, cycles, frames, utilization, activity, equal, height, width, sums } = outcome;
  const shown = [...output.subarray(0, Math.min(width, 8))].map((bits) => readable(fromBits(bits))).join(' ');
  const rows: [string, string | number][] = [
    ['cycles', String(cycles)],
    ...(frames === undefined ? [] : ([['frames of 8 cycles', String(frames)]] satisfies [string, string][])),
    ['utilization', `${(utilization * 100).toFixed(1)} %`],
    ['equals the arithmetic', equal ? 'yes, every bit' : 'NO'],
    ...(sums === undefined ? [] : ([['partial sums', sums]] satisfies [string, string][])),
    ...Object.entries(activity)
      .filter(([, count]) => count > 0)
      .map(([name, count]): [string, string] => [name, String(count)]),
  ];
  const { window, anchor, method } = outcome.inputs;
  const by = method === undefined ? '' : `, ${String(method)}`;
  const lut = window === undefined ? by : `, LUT window ${String(window)}, anchor ${String(anchor)}`;
  return [
    ...(picture === undefined ? [] : [picture, '']),
    `${operation} on ${design}: ${height} × ${width} results${lut}`,
    textTable(['quantity', 'value'], rows),
    `first results: ${shown}${width > 8 ? ' …' : ''}`,
    '',
  ].join('\n');
}
