import { describe, expect, it } from 'vitest';
import { rowModule } from '../../src/machine/mugi/row.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { planTree, type Sink, type TreeBuffer } from '../../src/hardware/synthesis/timing/buffer-tree.ts';
import { bufferNetlist } from '../../src/hardware/synthesis/timing/buffering.ts';
import { drivesOf } from '../../src/hardware/synthesis/timing/drive.ts';
import { GateSimulator } from '../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { flattenNetlist, type YosysJson } from '../../src/hardware/synthesis/netlist.ts';
import { moduleCosts, synthesise } from '../../src/hardware/synthesis/synthesise.ts';
import { analyseTiming, netLoads } from '../../src/hardware/synthesis/timing/timing.ts';
import { generator } from './support/bf16.ts';

const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');
const drives = drivesOf(library);
const WIRE = 1;

/** One flip-flop that a gate in front of it feeds, and `count` inverters with flip-flops on its output. */
function fanOut(count: number): YosysJson {
  const cells: Record<string, { type: string; connections: Record<string, number[]> }> = {
    source: { type: 'DFF_X1', connections: { D: [2], CK: [3], Q: [4] } },
    weak: { type: 'NOR4_X1', connections: { A: [4], B: [2], C: [2], D: [2], Z: [5] } },
  };
  for (let i = 0; i < count; i++) {
    cells[`inverter_${i}`] = { type: 'INV_X1', connections: { A: [5], Z: [10 + 2 * i] } };
    cells[`sink_${i}`] = {
      type: 'DFF_X1',
      connections: { D: [10 + 2 * i], CK: [3], Q: [11 + 2 * i] },
    };
  }
  const ports = {
    d: { direction: 'input', bits: [2] },
    clock: { direction: 'input', bits: [3] },
    q: { direction: 'output', bits: Array.from({ length: count }, (_, i) => 11 + 2 * i) },
  } as const;
  return { creator: 'test', modules: { top: { ports, cells, netnames: {} } } };
}

describe('a planned buffer tree', () => {
  const driver = drives.of(library.cells.get('INV_X8')!);
  const sinks: Sink[] = Array.from({ length: 200 }, (_, i) => ({
    required: 1 + 0.01 * ((i * 37) % 200),
    capacitance: 2 + (i % 3),
  }));
  const plan = planTree(sinks, driver, drives.buffers, { wire: WIRE, gain: 0 })!;

  it('reaches every sink once, and leaves the most urgent one on the driver', () => {
    const reached: number[] = [];
    const walk = ({ sinks: own, buffers }: TreeBuffer): void => {
      reached.push(...own);
      buffers.forEach(walk);
    };
    plan.buffers.forEach(walk);
    expect(new Set(reached).size).toBe(reached.length);
    expect(reached.length).toBeGreaterThan(150);
    expect(reached).not.toContain(sinks.findIndex(({ required }) => required === 1));
  });

  it('promises the start time that its own delays add up to', () => {
    const { buffer } = plan;
    const input = buffer.capacitance + WIRE;
    const behind = (tree: TreeBuffer): number => {
      const hung = tree.sinks.map((i) => sinks[i]);
      const load = hung.reduce((sum, { capacitance }) => sum + capacitance, 0) + tree.buffers.length * input;
      const first = Math.min(...hung.map(({ required }) => required), ...tree.buffers.map(behind));
      return first - buffer.intrinsic - buffer.resistance * load;
    };
    const inside = new Set<number>();
    const collect = (tree: TreeBuffer): void => {
      for (const sink of tree.sinks) inside.add(sink);
      tree.buffers.forEach(collect);
    };
    plan.buffers.forEach(collect);
    const direct = sinks.filter((_, i) => !inside.has(i));
    const load = direct.reduce((sum, { capacitance }) => sum + capacitance, 0) + plan.buffers.length * input;
    const first = Math.min(...direct.map(({ required }) => required), ...plan.buffers.map(behind));
    expect(plan.required).toBeCloseTo(first - driver.intrinsic - driver.resistance * load, 9);
  });

  it('is none where the driver alone is faster', () => {
    expect(planTree(sinks.slice(0, 2), driver, drives.buffers, { wire: WIRE, gain: 0 })).toBeUndefined();
  });
});

describe('buffering a netlist', () => {
  it('makes a heavy net fast, with no load above what its driver should bear', () => {
    const before = flattenNetlist(fanOut(2000), 'top');
    const { netlist, buffers } = bufferNetlist(before, library, { period: 2 });
    const [slow, fast] = [analyseTiming(before, library), analyseTiming(netlist, library)];
    expect(slow.period).toBeGreaterThan(20);
    expect(fast.period).toBeLessThan(1);
    expect(netlist.gates.length).toBe(before.gates.length + buffers);
    const loads = netLoads(netlist, library, WIRE);
    const signals = netlist.gates.map(({ pins }) => pins.Q ?? pins.Z);
    expect(Math.max(...signals.map((net) => loads[net]))).toBeLessThan(400);
    // The clock is ideal and stays one net.
    const [clock] = netlist.inputs.get('clock')!;
    expect(netlist.gates.filter(({ pins }) => pins.CK === clock).length).toBe(2001);
    expect(fast.paths[0].steps.some(({ net }) => net.endsWith('$buffer'))).toBe(true);
  });

  it('changes nothing where there is nothing to do', () => {
    const before = flattenNetlist(fanOut(2), 'top');
    const after = bufferNetlist(before, library, { period: 2 });
    expect([after.buffers, after.resized, after.netlist.gates]).toEqual([0, 0, before.gates]);
  });

  it('leaves the function of a mapped row as it was, while better drives make it faster', async () => {
    const { netlist: before } = await synthesise(rowModule, { liberty });
    // A period that nothing can meet makes every measure act.
    const { netlist, buffers, resized } = bufferNetlist(before, library, { period: 0.3 });
    expect(buffers).toBeGreaterThan(50);
    expect(resized).toBeGreaterThan(50);
    expect(analyseTiming(netlist, library).frequency).toBeGreaterThan(
      1.1 * analyseTiming(before, library).frequency,
    );
    // A hopeless period gives the best that was found on the way, never less than the trees that any period gives.
    const relaxed = bufferNetlist(before, library, { period: 100 });
    expect(relaxed.resized).toBeLessThan(resized);
    expect(analyseTiming(netlist, library).period).toBeLessThan(
      analyseTiming(relaxed.netlist, library).period,
    );
    const flops = (of: typeof netlist) => moduleCosts(of, library).reduce((sum, cost) => sum + cost.flops, 0);
    expect(flops(netlist)).toBe(flops(before));

    const random = generator(5);
    const pair = [before, netlist].map((of) => new GateSimulator(of, library, { lanes: 32 }));
    let outputs = 0n;
    for (let cycle = 0; cycle < 300; cycle++) {
      for (const [port, nets] of before.inputs) {
        const values = Array.from({ length: 32 }, () => {
          if (port === 'reset') return cycle < 2 ? 1n : 0n;
          let value = 0n;
          for (let bit = 0; bit < nets.length; bit += 8) value = (value << 8n) | BigInt(random() & 255);
          return value & ((1n << BigInt(nets.length)) - 1n);
        });
        for (const gates of pair) gates.poke(port, values);
      }
      for (const gates of pair) gates.settle();
      for (const port of before.outputs.keys()) {
        for (let lane = 0; lane < 32; lane++) {
          const value = pair[0].peek(port, lane);
          outputs |= value;
          if (pair[1].peek(port, lane) !== value) expect([cycle, port, lane]).toBe('equal');
        }
      }
      for (const gates of pair) gates.step();
    }
    // The stimuli reached every bit of the widest output.
    expect(outputs).toBe(0xffffn);
  });
});
