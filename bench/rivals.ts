/**
 * Energy of a multiply-accumulate of the rivals' datapaths, by the meter, library and policy of the Mugi node: at zero
 * delay, timed, and with the estimates of clock tree and wires between tiles. Weights are INT4, drawn anew after each
 * batch: an array takes them in as many cycles as it has rows, in which nothing is multiplied (no second weight register);
 * the column of the SIMD array takes them in the cycle in which it needs them. Datapaths alone: no weight buffer, no sums
 * across tiles, no nonlinear hardware, which the node has. Some five minutes.
 */
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { bufferNetlist } from '../src/hardware/synthesis/buffering.ts';
import { gateClocks } from '../src/hardware/synthesis/clock-gating.ts';
import { type EnergyParts, energyParts } from '../src/hardware/synthesis/estimates.ts';
import { GateSimulator, type Simulation } from '../src/hardware/synthesis/gate-simulator.ts';
import { WIRES } from '../src/hardware/synthesis/policy.ts';
import { moduleCosts, synthesise } from '../src/hardware/synthesis/synthesise.ts';
import { TimedSimulator } from '../src/hardware/synthesis/timed-simulator.ts';
import { BUFFERED_PERIOD } from '../src/machine/catalogue/characterise.ts';
import { normalBits, type Random, uniform } from '../src/machine/catalogue/stimulus.ts';
import { fignaArrayModule } from '../src/machine/figna/figna-array.ts';
import { int4ToBf16 } from '../src/machine/part/int4-to-bf16.ts';
import { systolicArrayModule } from '../src/machine/systolic/systolic-array.ts';
import { dotProductModule } from '../src/machine/tensor/dot-product.ts';
import { textTable } from '../src/present/table.ts';

const SIZE = 8;
const BATCHES = [1, 8, 16];
/** Multiplying cycles that count, about, and cycles before. */
const MEASURED = 512;
const WARM_UP = 64;
const text = open45Liberty();
const library = readLiberty(text, 'open-45');

/** Sets the pins in one cycle of a period of loading and a batch. */
type Drive = (gates: Simulation, phase: number, random: Random) => void;

const bus = (values: readonly number[], width: number): bigint =>
  values.reduceRight((all, value) => (all << BigInt(width)) | BigInt(value), 0n);
const fresh = (draw: () => number): number[] => Array.from({ length: SIZE }, draw);
const nibble = (random: Random): number => (Math.floor(random() * 15) - 7) & 15;

/** A weight-stationary array: weights enter while `load` is high, activations rest meanwhile. */
const stationary: Drive = (gates, phase, random) => {
  const loading = phase < SIZE;
  gates.poke('load', [loading ? 1 : 0]);
  if (loading)
    gates.poke('nibble', [
      bus(
        fresh(() => nibble(random)),
        4,
      ),
    ]);
  else
    gates.poke('activation', [
      bus(
        fresh(() => normalBits(random)),
        16,
      ),
    ]);
};
/** A column of the SIMD array: the weights of its dot product stand still for a batch. */
const simd: Drive = (gates, phase, random) => {
  if (phase === 0)
    gates.poke('b', [
      bus(
        fresh(() => int4ToBf16(nibble(random))),
        16,
      ),
    ]);
  gates.poke('a', [
    bus(
      fresh(() => normalBits(random)),
      16,
    ),
  ]);
  gates.poke('partial', [BigInt(normalBits(random))]);
};

function measured(simulation: Simulation, drive: Drive, loading: number, batch: number): EnergyParts {
  const random = uniform(45);
  const period = loading + batch;
  if (simulation.netlist.inputs.has('reset')) {
    simulation.poke('reset', [1]);
    simulation.step();
    simulation.poke('reset', [0]);
  }
  const cycles = Math.ceil(MEASURED / batch) * period;
  const warmUp = Math.ceil(WARM_UP / period) * period;
  for (let cycle = 0; cycle < warmUp + cycles; cycle++) {
    if (cycle === warmUp) simulation.clearToggles();
    drive(simulation, cycle % period, random);
    simulation.step();
  }
  return energyParts(simulation, library, WIRES.perFanout);
}

const rows: (string | number)[][] = [];
for (const [name, module, drive, loading, width] of [
  ['systolic array 8 × 8, BF16', systolicArrayModule(SIZE), stationary, SIZE, SIZE * SIZE],
  ['integer array 8 × 8 after FIGNA', fignaArrayModule(SIZE), stationary, SIZE, SIZE * SIZE],
  ['column of 8 of a SIMD array, BF16', dotProductModule(SIZE), simd, 0, SIZE],
] as const) {
  const { netlist: mapped } = await synthesise(module, { liberty: text, gating: true });
  const { netlist } = bufferNetlist(gateClocks(mapped, library).netlist, library, {
    period: BUFFERED_PERIOD,
  });
  const area = moduleCosts(netlist, library).reduce((sum, cost) => sum + cost.area, 0);
  for (const batch of BATCHES) {
    const perMac = (loading + batch) / batch / width;
    const zero = measured(new GateSimulator(netlist, library), drive, loading, batch);
    const timed = measured(new TimedSimulator(netlist, library), drive, loading, batch).total;
    rows.push([
      `${name}, batch ${batch}`,
      ...[
        zero.total,
        zero.data + zero.wires + zero.data_pins,
        zero.clock,
        zero.clock_gates,
        timed,
        timed + zero.clock_tree + zero.tile_wires,
      ].map((energy) => (energy * perMac).toFixed(2)),
      (area / width).toFixed(0),
    ]);
  }
}
console.log(
  textTable(['pJ a MAC', 'total', 'data', 'clock', 'gates', 'timed', 'with estimates', 'um2 a MAC'], rows),
);
