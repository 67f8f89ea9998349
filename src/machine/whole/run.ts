import type { AnyModule } from '../../hardware/index.ts';
import type { Simulation } from '../../hardware/synthesis/simulation/gate-simulator.ts';
import { MugiError } from '../../errors.ts';
import { packLanes } from '../mugi/proof/gate-run.ts';
import type { Behaviour, Machine, Pins, Product, Result } from './machine.ts';

/** Looks at the machines of all products in each cycle, before the clock edge. */
export type Watch = (cycle: number, pins: readonly Pins[], machines: readonly Behaviour[]) => void;

/**
 * Runs products of one shape side by side on the behaviour of a machine; gives their results, [m][n] BF16 each, and the
 * cycles.
 */
export function runProducts(
  machine: Machine,
  products: readonly Product[],
  watch?: Watch,
): { outputs: Uint16Array[]; cycles: number } {
  products.forEach(checkProduct);
  const programs = products.map((product) => machine.program(product));
  const machines = products.map(() => machine.behaviour());
  const outputs = products.map(({ m, n }) => new Uint16Array(m * n));
  const cycles = Math.max(...programs.map((program) => program.cycles));
  for (let cycle = 0; cycle < cycles; cycle++) {
    const pins = programs.map((program, i) =>
      program.pins(cycle, ({ m, n }: Result) => outputs[i][m * products[i].n + n]),
    );
    watch?.(cycle, pins, machines);
    programs.forEach(({ results }, i) => {
      for (const { lane, m, n } of results.get(cycle) ?? []) {
        outputs[i][m * products[i].n + n] = machines[i].result(lane);
      }
    });
    machines.forEach((one, i) => {
      one.clock(pins[i]);
    });
  }
  return { outputs, cycles };
}

/**
 * The same with the gates of the machine in step, a product a lane of the simulation, compared in every cycle; a difference
 * is an error. Toggles are counted anew.
 */
export function runOnGates(
  machine: Machine,
  products: readonly Product[],
  gates: Simulation,
): { outputs: Uint16Array[]; cycles: number } {
  const ports = machine.module.inputs;
  // Registers that an earlier run has used show what it left, until the first results come.
  let compared = gates.cycles === 0;
  const first = Math.min(...products.flatMap((product) => [...machine.program(product).results.keys()]));
  if (gates.netlist.inputs.has('reset')) {
    for (const value of [1, 0]) {
      gates.poke(
        'reset',
        products.map(() => value),
      );
      if (value === 1) gates.step();
    }
  }
  gates.clearToggles();
  return runProducts(machine, products, (cycle, pins, machines) => {
    compared ||= cycle >= first;
    drive(ports, gates, pins);
    gates.settle();
    if (!compared) {
      gates.step();
      return;
    }
    machines.forEach((one, lane) => {
      const want = packLanes(
        Array.from({ length: machine.lanes }, (_, i) => one.result(i)),
        16,
      );
      const got = gates.peek('result', lane);
      if (got === want) return;
      throw new MugiError({
        code: 'internal',
        message: `the gates and the behaviour of ${machine.name} differ in cycle ${cycle}: a fault of mugi, please report it`,
        expected: want.toString(16),
        received: got.toString(16),
      });
    });
    gates.step();
  });
}

function drive(ports: AnyModule['inputs'], gates: Simulation, pins: readonly Pins[]): void {
  for (const { name, width, lanes } of ports) {
    gates.poke(
      name,
      pins.map((values) => {
        const value = values[name];
        if (typeof value === 'number') return value;
        return lanes === undefined ? Number(value) : packLanes(value, width);
      }),
    );
  }
}

/** @throws MugiError for operands that do not fit their shape */
function checkProduct({ m, k, n, activations, weights, group = k, scales }: Product): void {
  const wrong = (path: string, expected: string, received: number): MugiError =>
    new MugiError({
      code: 'invalid-value',
      message: `${path} does not fit the product`,
      path,
      expected,
      received: String(received),
    });
  if (activations.length !== m * k) throw wrong('activations', `m × k = ${m * k}`, activations.length);
  if (weights.length !== n * k) throw wrong('weights', `n × k = ${n * k}`, weights.length);
  const groups = Math.ceil(k / group);
  if (scales !== undefined && scales.length !== n * groups)
    throw wrong('scales', `n × groups = ${n * groups}`, scales.length);
}
