import { toBits } from '../../number/bf16.ts';
import type { AnyModule } from '../../hardware/index.ts';
import type { GateSimulator } from '../../hardware/synthesis/simulation/gate-simulator.ts';

/** Uniform numbers in [0, 1), the same on every machine. */
export type Random = () => number;

/** What an input carries in each cycle. Uniform random bits unless said otherwise. */
export type Drive =
  /** BF16 of a standard normal deviate. */
  | 'bf16'
  | 'high'
  | 'low'
  /** High while the pipeline is filled and weights are loaded, then low. */
  | 'loading'
  /** A whole number between both ends. */
  | readonly [number, number]
  /** The value in a cycle, counted from the start; `index` is the lane of a vector port. */
  | ((cycle: number, random: Random, index: number) => number | bigint);

export type Drives = Readonly<Record<string, Drive>>;

/** Cycles before the count begins (pipelines fill, weights are loaded), and cycles that count. */
const WARM_UP = 64;
export const LOADING = 40;
export const MEASURED = 128;
/** Independent streams, side by side in the words of the gate simulator. */
export const STREAMS = 32;
const SEED = 45;

/** A small generator (xorshift). */
function uniform(seed: number): Random {
  let state = (seed * 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** BF16 of a standard normal deviate (Box and Muller). */
const normalBits = (random: Random): number =>
  toBits(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

function draw(drive: Drive | undefined, width: number, cycle: number, random: Random, index: number): bigint {
  if (drive === undefined) {
    let value = 0n;
    for (let bit = 0; bit < width; bit += 16) value = (value << 16n) | BigInt(Math.floor(random() * 65536));
    return BigInt.asUintN(width, value);
  }
  if (drive === 'bf16') return BigInt(normalBits(random));
  if (drive === 'high') return 1n;
  if (drive === 'low') return 0n;
  if (drive === 'loading') return cycle < LOADING ? 1n : 0n;
  if (typeof drive === 'function') return BigInt(drive(cycle, random, index));
  return BigInt(drive[0] + Math.floor(random() * (drive[1] - drive[0] + 1)));
}

/** Runs the stimulus on mapped gates of `STREAMS` lanes; afterwards the simulator's toggles are those of MEASURED cycles. */
export function stimulate(gates: GateSimulator, module: AnyModule, drives: Drives): void {
  const random = uniform(SEED);
  const streams = Array.from({ length: STREAMS }, (_, i) => i);
  if (gates.netlist.inputs.has('reset')) {
    gates.poke(
      'reset',
      streams.map(() => 1),
    );
    gates.step();
    gates.poke(
      'reset',
      streams.map(() => 0),
    );
  }
  for (let cycle = 0; cycle < WARM_UP + MEASURED; cycle++) {
    if (cycle === WARM_UP) gates.clearToggles();
    for (const { name, width, lanes = 1 } of module.inputs) {
      const values = streams.map(() => {
        let bus = 0n;
        for (let index = lanes - 1; index >= 0; index--) {
          bus = (bus << BigInt(width)) | draw(drives[name], width, cycle, random, index);
        }
        return bus;
      });
      gates.poke(name, values);
    }
    gates.step();
  }
}
