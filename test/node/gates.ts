/**
 * Simulates a netlist that yosys wrote as JSON after mapping to its simple gates: an independent reading of the
 * emitted Verilog. Hierarchical, one clock, two values; every flip-flop starts at zero.
 */
interface Netlist {
  modules: Record<string, { ports: Record<string, Port>; cells: Record<string, Cell> }>;
}
interface Port {
  direction: string;
  bits: (number | string)[];
}
interface Cell {
  type: string;
  connections: Record<string, (number | string)[]>;
}

interface Gate {
  type: string;
  pins: Record<string, number>;
}

const GATES: Record<string, number> = {
  $_NOT_: 0,
  $_BUF_: 1,
  $_AND_: 2,
  $_OR_: 3,
  $_XOR_: 4,
  $_NAND_: 5,
  $_NOR_: 6,
  $_XNOR_: 7,
  $_ANDNOT_: 8,
  $_ORNOT_: 9,
  $_MUX_: 10,
};

export class GateSimulator {
  readonly gates: number;
  readonly flipFlops: number;
  readonly #net: Uint8Array;
  readonly #program: Int32Array;
  readonly #data: Int32Array;
  readonly #state: Int32Array;
  readonly #ports: Map<string, Int32Array>;
  readonly #sampled: Uint8Array;

  constructor(json: string, top: string) {
    const { modules } = JSON.parse(json) as Netlist;
    // Nets 0 and 1 are the constants.
    let nets = 2;
    const list: Gate[] = [];
    const bind = (module: string, outer: Map<number, number>): ((bit: number | string) => number) => {
      const id = (bit: number | string): number => {
        if (typeof bit !== 'number') return bit === '1' ? 1 : 0;
        const known = outer.get(bit);
        if (known !== undefined) return known;
        outer.set(bit, nets);
        return nets++;
      };
      for (const { type, connections } of Object.values(modules[module].cells)) {
        if (type === '$scopeinfo') continue;
        if (modules[type] === undefined) {
          const pins = Object.entries(connections).map(([pin, [bit]]) => [pin, id(bit)]);
          list.push({ type, pins: Object.fromEntries(pins) as Record<string, number> });
          continue;
        }
        const inner = new Map<number, number>();
        const isOutput = ([port]: [string, unknown]): number =>
          modules[type].ports[port].direction === 'output' ? 1 : 0;
        const inOrder = Object.entries(connections).sort((a, b) => isOutput(a) - isOutput(b));
        for (const [port, bits] of inOrder) {
          modules[type].ports[port].bits.forEach((bit, i) => {
            if (typeof bit !== 'number') return;
            const net = id(bits[i]);
            // An input that the module passes straight to an output is one net inside and two outside.
            if (inner.has(bit)) list.push({ type: '$_BUF_', pins: { A: inner.get(bit)!, Y: net } });
            else inner.set(bit, net);
          });
        }
        bind(type, inner);
        for (const [port, bits] of Object.entries(connections)) {
          if (modules[type].ports[port].direction !== 'output') continue;
          modules[type].ports[port].bits.forEach((bit, i) => {
            if (typeof bit === 'number') return;
            list.push({ type: '$_BUF_', pins: { A: bit === '1' ? 1 : 0, Y: id(bits[i]) } });
          });
        }
      }
      return id;
    };
    const id = bind(top, new Map());
    const ports = Object.entries(modules[top].ports).map(
      ([name, { direction, bits }]) => ({ name, direction, nets: Int32Array.from(bits, id) }) as const,
    );
    this.#net = new Uint8Array(nets);
    this.#net[1] = 1;
    const driver = new Map<number, Gate>();
    const registers = list.filter(({ type }) => type === '$_DFF_P_');
    for (const cell of list) {
      if (cell.type === '$_DFF_P_') continue;
      if (GATES[cell.type] === undefined) throw new Error(`no model for the cell ${cell.type}`);
      driver.set(cell.pins.Y, cell);
    }
    const program: number[] = [];
    const placed = new Set<Gate>();
    const visit = (first: number): void => {
      const stack: [net: number, ready: boolean][] = [[first, false]];
      for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
        const [net, ready] = item;
        const cell = driver.get(net);
        if (cell === undefined || placed.has(cell)) continue;
        const { A, B = A, S = A } = cell.pins;
        const inputs = [A, B, S];
        if (ready) {
          placed.add(cell);
          program.push(GATES[cell.type], ...inputs, net);
        } else {
          stack.push([net, true]);
          for (const input of inputs) stack.push([input, false]);
        }
      }
    };
    for (const { pins } of registers) visit(pins.D);
    for (const { direction, nets } of ports) if (direction === 'output') nets.forEach(visit);
    this.#program = Int32Array.from(program);
    this.#data = Int32Array.from(registers, ({ pins }) => pins.D);
    this.#state = Int32Array.from(registers, ({ pins }) => pins.Q);
    this.#sampled = new Uint8Array(registers.length);
    this.#ports = new Map(ports.map(({ name, nets }) => [name, nets]));
    this.gates = program.length / 5;
    this.flipFlops = registers.length;
  }

  set(port: string, value: bigint): void {
    const bits = this.#ports.get(port)!;
    let rest = value;
    for (const bit of bits) {
      this.#net[bit] = Number(rest & 1n);
      rest >>= 1n;
    }
  }

  get(port: string): bigint {
    let text = '';
    for (const bit of this.#ports.get(port)!) text = this.#net[bit] + text;
    return BigInt(`0b${text}`);
  }

  settle(): void {
    const net = this.#net;
    const p = this.#program;
    for (let i = 0; i < p.length; i += 5) {
      const a = net[p[i + 1]];
      const b = net[p[i + 2]];
      let y = 0;
      switch (p[i]) {
        case 0:
          y = a ^ 1;
          break;
        case 1:
          y = a;
          break;
        case 2:
          y = a & b;
          break;
        case 3:
          y = a | b;
          break;
        case 4:
          y = a ^ b;
          break;
        case 5:
          y = (a & b) ^ 1;
          break;
        case 6:
          y = (a | b) ^ 1;
          break;
        case 7:
          y = a ^ b ^ 1;
          break;
        case 8:
          y = a & (b ^ 1);
          break;
        case 9:
          y = a | (b ^ 1);
          break;
        default:
          y = net[p[i + 3]] === 1 ? b : a;
      }
      net[p[i + 4]] = y;
    }
  }

  clock(): void {
    const net = this.#net;
    for (let i = 0; i < this.#data.length; i++) this.#sampled[i] = net[this.#data[i]];
    for (let i = 0; i < this.#state.length; i++) net[this.#state[i]] = this.#sampled[i];
  }
}
