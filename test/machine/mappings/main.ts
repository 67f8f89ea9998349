import { parseArgs } from 'node:util';
import type { Netlist } from '../../../src/hardware/synthesis/netlist.ts';
import { random } from '../../../src/number/random.ts';
import { effectOf, stuck } from './faults.ts';
import { arithmeticMappings, type Compared, gateMappings, nodeNetlist, rtlMappings } from './mappings.ts';

/*
 * `npm run nightly:mappings`: arithmetic = cycle model = RTL = gates on so many random mappings, nodes of all heights, with
 * planted faults that must be found. Prints a line a rung and height; ends with 1 where something differs, or is not found.
 */

const { values } = parseArgs({
  options: {
    arithmetic: { type: 'string', default: '10000000' },
    rtl: { type: 'string', default: '1000000' },
    gates: { type: 'string', default: '100000' },
    faults: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});

/** Shares of the mappings by height: a mapping of a tall node takes as much longer as it has more rows. */
const SHARES: Readonly<Record<'arithmetic' | 'rtl' | 'gates', Readonly<Record<number, number>>>> = {
  arithmetic: { 8: 0.4, 16: 0.25, 32: 0.15, 64: 0.1, 128: 0.06, 256: 0.04 },
  rtl: { 8: 0.6, 16: 0.25, 32: 0.09, 64: 0.04, 128: 0.015, 256: 0.005 },
  gates: { 8: 0.9, 16: 0.1 },
};

let failed = 0;

function say(rung: string, rows: number, began: number, { mappings, runs, difference }: Compared): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const found = difference === undefined ? 'equal' : `DIFFERS in run ${runs}: ${difference}`;
  process.stdout.write(
    `${rung.padEnd(34)} ${String(rows).padStart(3)} rows ${mappings} mappings in ${runs} runs, ${seconds} s: ${found}\n`,
  );
  if (difference !== undefined) failed += 1;
}

/** Mappings within which a planted fault must show: half as many miss one that shows behind 6,780. */
const FAULT_MAPPINGS = 10_000;

/**
 * Plants faults one at a time. Of those that change anything at all, four in five must show at the pins: where nine in ten
 * do, as has been seen, 20 faults fall short of that in one draw of 23, and where half do, they reach it in one of 170.
 */
function plantFaults(netlist: Netlist, rows: number, count: number): void {
  const next = random(seed);
  const tally = { seen: 0, silent: 0, idle: 0 };
  for (let i = 0; i < count; i++) {
    const fault = stuck(netlist, next);
    const effect = effectOf(netlist, fault.netlist, rows, FAULT_MAPPINGS, seed + i);
    tally[effect] += 1;
    if (effect !== 'seen') process.stdout.write(`${effect} in ${FAULT_MAPPINGS} mappings: ${fault.what}\n`);
  }
  const { seen, silent, idle } = tally;
  process.stdout.write(
    `planted faults on gates: ${seen} of ${count} found, ${silent} change flip-flops alone, ${idle} nothing\n`,
  );
  if (seen < 0.8 * (count - idle)) failed += 1;
}

const seed = Number(values.seed);
for (const rung of ['arithmetic', 'rtl'] as const)
  for (const [height, share] of Object.entries(SHARES[rung])) {
    const rows = Number(height);
    const [began, count] = [performance.now(), Math.ceil(Number(values[rung]) * share)];
    if (count === 0) continue;
    const run = rung === 'rtl' ? rtlMappings : arithmeticMappings;
    const words = rung === 'rtl' ? 'cycle model = RTL' : 'arithmetic = cycle model';
    say(words, rows, began, run(rows, count, seed * 1000 + rows));
  }

if (Number(values.gates) > 0) {
  for (const [height, share] of Object.entries(SHARES.gates)) {
    const rows = Number(height);
    const netlist = await nodeNetlist(rows);
    const began = performance.now();
    say('cycle model = gates', rows, began, gateMappings(netlist, rows, Number(values.gates) * share, seed));
    if (rows === 8) plantFaults(netlist, rows, Number(values.faults));
  }
}
if (failed > 0) process.exitCode = 1;
