import { readLiberty } from '../../../src/hardware/liberty/read.ts';
import { open45Liberty } from '../../../src/hardware/liberty/open-45.ts';
import { gateClocks } from '../../../src/hardware/synthesis/clock-gating.ts';
import type { Netlist } from '../../../src/hardware/synthesis/netlist.ts';
import { GateSimulator } from '../../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { synthesise } from '../../../src/hardware/synthesis/synthesise.ts';
import { IDLE_FUNCTION } from '../../../src/machine/mugi/configuration.ts';
import { nodeModule } from '../../../src/machine/mugi/node-module.ts';
import type { NodeConfiguration } from '../../../src/machine/mugi/node.ts';
import { type GemmJob, runGemm } from '../../../src/machine/mugi/program/gemm.ts';
import { functionCost, gemmCost, softmaxCost } from '../../../src/machine/mugi/program/latency.ts';
import { type NonlinearJob, runNonlinear } from '../../../src/machine/mugi/program/nonlinear.ts';
import type { Observer } from '../../../src/machine/mugi/program/run.ts';
import { nodeRtl, rtlLockstep } from '../../../src/machine/mugi/proof/co-simulation.ts';
import {
  functionDefinition,
  gemmDefinition,
  softmaxDefinition,
} from '../../../src/machine/mugi/proof/definition.ts';
import { gateLockstep } from '../../../src/machine/mugi/proof/gate-run.ts';
import { expFunction, geluFunction, patterns, random, siluFunction, weights } from '../mugi/reference.ts';

/*
 * The ladder of the node on random work of both modes: arithmetic = cycle model = RTL = gates. What is counted is mappings:
 * frames in which the array takes a code.
 */

/** Work for a node: what runs, what must come out, and the closed form of its cycles. */
export interface Work {
  configuration: NodeConfiguration;
  run(observe?: Observer): { output: Uint16Array; cycles: number; activity: { mappings: number } };
  defined(): Uint16Array;
  cycles: number;
}

/** A GEMM whose groups and chains of sums end anywhere, ragged in every axis. */
function product(next: () => number, rows: number, whole: Whole): Work {
  const [m, k, n] = [
    whole(1, 17),
    next() < 0.2 ? whole(200, 600) : whole(1, 48),
    whole(1, Math.ceil(1.6 * rows)),
  ];
  const job: GemmJob = {
    rows,
    m,
    k,
    n,
    groupSize: next() < 0.5 ? k : whole(1, k),
    ...(next() < 0.5 ? {} : { chain: whole(1, 300) }),
    activations: patterns(next, m * k, next() < 0.7),
    weights: weights(next, n * k),
    accumulation: 'bf16',
  };
  if (next() < 0.7) job.scales = patterns(next, n * Math.ceil(k / job.groupSize!), next() < 0.2);
  return {
    configuration: { ...IDLE_FUNCTION, rows, accumulation: 'bf16' },
    run: (observe) => runGemm(job, observe),
    defined: () => gemmDefinition(job),
    cycles: gemmCost(job).cycles,
  };
}

/** Softmax, masked or not, or a function, with any window that the table holds. */
function lookUp(next: () => number, rows: number, whole: Whole): Work {
  const anchor = next() < 0.6 ? 'max' : 'min';
  const softmax = next() < 0.5;
  const [lo, size] = [whole(-8, -3), whole(8, 12)];
  const make = softmax ? expFunction : [siluFunction, geluFunction, expFunction][whole(0, 2)]!;
  const fn = make(lo, lo + size - 1, anchor);
  const [height, width] = softmax
    ? [whole(1, Math.ceil(1.6 * rows)), whole(1, 60)]
    : [whole(1, 6), whole(1, 4 * rows)];
  const input = patterns(next, height * width, next() < 0.7);
  const job: NonlinearJob = { rows, softmax, function: fn, input, height, width, accumulation: 'bf16' };
  if (softmax && next() < 0.5) job.mask = Uint8Array.from(input, () => (next() < 0.3 ? 1 : 0));
  const { window, outside } = fn;
  const shape = { rows, height, width, accumulation: 'bf16' } as const;
  return {
    configuration: { rows, window, outside, accumulation: 'bf16' },
    run: (observe) => runNonlinear(job, observe),
    defined: () => (softmax ? softmaxDefinition(job) : functionDefinition(job)),
    cycles: softmax
      ? softmaxCost(shape).cycles
      : functionCost(shape, fn.positive === undefined ? 1 : 2).cycles,
  };
}

type Whole = (from: number, to: number) => number;

/** Work of both modes by turns, without end. */
export function* worksOf(rows: number, seed: number): Generator<Work> {
  const next = random(seed);
  const whole: Whole = (from, to) => from + Math.floor(next() * (to - from + 1));
  for (;;) {
    yield product(next, rows, whole);
    yield lookUp(next, rows, whole);
  }
}

/** How far two forms were compared, and where they differ first. */
export interface Compared {
  mappings: number;
  runs: number;
  difference?: string;
}

/** Takes works until so many mappings are done, or one of them differs. */
function compare(
  rows: number,
  mappings: number,
  seed: number,
  differs: (work: Work) => { mappings: number; difference: string | undefined },
): Compared {
  const done: Compared = { mappings: 0, runs: 0 };
  for (const work of worksOf(rows, seed)) {
    const { mappings: more, difference } = differs(work);
    done.mappings += more;
    done.runs += 1;
    if (difference !== undefined) return { ...done, difference };
    if (done.mappings >= mappings) return done;
  }
  return done;
}

/** Definition = cycle model, results in every bit, and its cycles = closed form. @param spoil plants a fault */
export const arithmeticMappings = (
  rows: number,
  mappings: number,
  seed: number,
  spoil: (output: Uint16Array) => void = () => {},
): Compared =>
  compare(rows, mappings, seed, (work) => {
    const run = work.run();
    const wanted = work.defined();
    spoil(run.output);
    const at = run.output.findIndex((bits, i) => bits !== wanted[i]);
    const difference =
      at >= 0
        ? `result ${at}: ${run.output[at]} for ${wanted[at]}`
        : run.cycles === work.cycles
          ? undefined
          : `${run.cycles} cycles for ${work.cycles}`;
    return { mappings: run.activity.mappings, difference };
  });

/** Cycle model = hardware in every cycle. */
const hardwareMappings = (
  rows: number,
  mappings: number,
  seed: number,
  lockstep: (configuration: NodeConfiguration) => {
    observe: Observer;
    difference(): { cycle: number; what: string } | undefined;
  },
): Compared =>
  compare(rows, mappings, seed, (work) => {
    const { observe, difference } = lockstep(work.configuration);
    const { activity } = work.run(observe);
    const found = difference();
    return { mappings: activity.mappings, difference: found && `cycle ${found.cycle}: ${found.what}` };
  });

/** Cycle model = RTL in every cycle. @param seen plants a fault in the configuration of the RTL */
export const rtlMappings = (
  rows: number,
  mappings: number,
  seed: number,
  seen: (configuration: NodeConfiguration) => NodeConfiguration = (own) => own,
): Compared => {
  const rtl = nodeRtl(rows);
  return hardwareMappings(rows, mappings, seed, (own) => rtlLockstep(seen(own), rtl));
};

const liberty = open45Liberty();
export const library = readLiberty(liberty, 'open-45');

/** The node as cells of our library, clock gates in place. */
export async function nodeNetlist(rows: number): Promise<Netlist> {
  const { netlist } = await synthesise(nodeModule(rows), { liberty, gating: true });
  return gateClocks(netlist, library).netlist;
}

/** Cycle model = gates in every cycle. */
export const gateMappings = (
  netlist: Netlist,
  rows: number,
  mappings: number,
  seed: number,
  gates = new GateSimulator(netlist, library),
): Compared => hardwareMappings(rows, mappings, seed, (own) => gateLockstep(own, gates));
