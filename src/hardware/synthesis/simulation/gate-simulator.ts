import { MugiError } from '../../../errors.ts';
import type { Library } from '../../liberty/library.ts';
import type { Counts } from '../energy.ts';
import { ALWAYS, type Run, schedule } from './gate-program.ts';
import type { Netlist } from '../netlist.ts';

/** Number of bits that are one. */
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Gates under a stimulus, with what the meter counts. */
export interface Simulation extends Counts {
  poke(port: string, values: readonly (number | bigint)[]): void;
  peek(port: string, lane?: number): bigint;
  settle(): void;
  step(): void;
  clearToggles(): void;
}

/** Most stimuli that a simulator takes side by side: the bits of a word. */
const MAX_LANES = 32;

/**
 * Simulates a mapped netlist under up to 32 independent stimuli at once: bit i of each net's word belongs to lane i.
 * Zero delay, two values, flip-flops start as if they had taken zeros. Counts toggles, which the energy estimate needs, in the lanes
 * that are driven and in no other: a counter runs in a lane without stimulus too.
 */
export class GateSimulator implements Simulation {
  readonly netlist: Netlist;
  /** Stimuli side by side; every `poke` gives each a value. */
  readonly lanes: number;
  /** Toggles of each net since the last `clearToggles`, over all lanes. */
  readonly toggles: Float64Array;
  cycles = 0;
  /** Clock edges that each flip-flop got, and transitions of its data while it got none, likewise; by `sequential`. */
  readonly clocked: Float64Array;
  readonly stopped: Float64Array;
  /** Which gate of the netlist each flip-flop is. */
  readonly sequential: readonly number[];
  /** A bit for each lane that is driven. */
  readonly #driven: number;
  readonly #nets: Int32Array;
  readonly #before: Int32Array;
  readonly #program: Int32Array;
  readonly #runs: readonly Run[];
  readonly #flopData: Int32Array;
  readonly #flopEnable: Int32Array;
  readonly #flopOutput: Int32Array;
  readonly #next: Int32Array;

  /** @throws MugiError if `lanes` is not a whole number from 1 to 32. */
  constructor(netlist: Netlist, library: Library, { lanes = 1 }: { lanes?: number } = {}) {
    if (!Number.isInteger(lanes) || lanes < 1 || lanes > MAX_LANES) {
      throw new MugiError({
        code: 'invalid-value',
        message: 'a simulator takes some whole number of stimuli side by side',
        path: 'lanes',
        expected: `1 to ${MAX_LANES}`,
        received: String(lanes),
      });
    }
    this.netlist = netlist;
    this.lanes = lanes;
    this.#driven = lanes === MAX_LANES ? -1 : (1 << lanes) - 1;
    const { program, runs, flops, nets } = schedule(netlist, library);
    this.#nets = new Int32Array(nets);
    this.#nets[1] = -1;
    for (const { output, start } of flops) this.#nets[output] = start;
    this.#before = this.#nets.slice();
    this.toggles = new Float64Array(nets);
    this.#program = program;
    this.#runs = runs;
    this.#flopData = Int32Array.from(flops, ({ data }) => data);
    this.#flopEnable = Int32Array.from(flops, ({ enable }) => enable);
    this.sequential = flops.map(({ gate }) => gate);
    this.clocked = new Float64Array(flops.length);
    this.stopped = new Float64Array(flops.length);
    this.#flopOutput = Int32Array.from(flops, ({ output }) => output);
    this.#next = new Int32Array(flops.length);
  }

  /** Sets an input, one value per lane; numbers up to 32 bits or bigints. */
  poke(port: string, values: readonly (number | bigint)[]): void {
    const nets = this.#port(this.netlist.inputs, port);
    if (values.length !== this.lanes) {
      throw new MugiError({
        code: 'invalid-value',
        message: `every lane must be driven`,
        path: port,
        expected: `${this.lanes} values`,
        received: `${values.length} values`,
      });
    }
    nets.forEach((net, bit) => {
      let word = 0;
      for (let lane = 0; lane < values.length; lane++) {
        const value = values[lane];
        const set =
          typeof value === 'number' && bit < 32
            ? (value >>> bit) & 1
            : Number((BigInt(value) >> BigInt(bit)) & 1n);
        word |= set << lane;
      }
      this.#nets[net] = word;
    });
  }

  /** The value of an output in one lane. Call `settle` or `step` after poking. */
  peek(port: string, lane = 0): bigint {
    const nets = this.#port(this.netlist.outputs, port);
    return nets.reduce(
      (value, net, bit) => value | (BigInt((this.#nets[net] >>> lane) & 1) << BigInt(bit)),
      0n,
    );
  }

  settle(): void {
    const nets = this.#nets;
    const program = this.#program;
    for (const { loop, from, to } of this.#runs) loop(nets, program, from, to);
  }

  /** One clock edge of all lanes, counting the toggles of the cycle that it ends. */
  step(): void {
    this.settle();
    const nets = this.#nets;
    const before = this.#before;
    const driven = this.#driven;
    const [next, data, enable, output] = [this.#next, this.#flopData, this.#flopEnable, this.#flopOutput];
    for (let i = 0; i < next.length; i++) {
      if (enable[i] === ALWAYS) {
        next[i] = nets[data[i]];
        continue;
      }
      const on = nets[enable[i]];
      next[i] = (nets[data[i]] & on) | (nets[output[i]] & ~on);
      if ((on & driven) !== 0) this.clocked[i] += ones(on & driven);
      const moved = (nets[data[i]] ^ before[data[i]]) & ~on & driven;
      if (moved !== 0) this.stopped[i] += ones(moved);
    }
    for (let i = 2; i < nets.length; i++) {
      const changed = (nets[i] ^ before[i]) & driven;
      if (changed === 0) continue;
      before[i] = nets[i];
      this.toggles[i] += ones(changed);
    }
    for (let i = 0; i < next.length; i++) nets[output[i]] = next[i];
    this.cycles++;
  }

  /** Values of the flip-flops, a bit a lane; by `sequential`. */
  state(): Int32Array {
    return this.#flopOutput.map((net) => this.#nets[net]);
  }

  clearToggles(): void {
    this.toggles.fill(0);
    this.clocked.fill(0);
    this.stopped.fill(0);
    this.cycles = 0;
  }

  #port(ports: ReadonlyMap<string, readonly number[]>, name: string): readonly number[] {
    const nets = ports.get(name);
    if (nets !== undefined) return nets;
    throw new MugiError({
      code: 'unknown-name',
      message: `the netlist has no such port "${name}"`,
      received: name,
    });
  }
}
