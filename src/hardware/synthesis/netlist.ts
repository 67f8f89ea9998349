import { MugiError } from '../../errors.ts';

/** What yosys' `write_json` gives of a mapped design, as far as we read it. */
export interface YosysJson {
  readonly creator: string;
  readonly modules: Readonly<Record<string, YosysModule>>;
}

type YosysBit = number | string;

interface YosysModule {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly ports: Readonly<Record<string, { direction: 'input' | 'output'; bits: readonly YosysBit[] }>>;
  readonly cells: Readonly<
    Record<
      string,
      {
        type: string;
        port_directions?: Readonly<Record<string, 'input' | 'output'>>;
        connections: Readonly<Record<string, readonly YosysBit[]>>;
      }
    >
  >;
  readonly netnames: Readonly<Record<string, { bits: readonly YosysBit[] }>>;
}

/** One library cell of the flattened design. Nets are numbers; 0 and 1 are the constants. */
export interface Gate {
  readonly type: string;
  /** Hierarchical path of the instance it lies in: `row_3.adder`, empty for the top. */
  readonly path: string;
  /** The module that it lies in. */
  readonly module: string;
  readonly pins: Readonly<Record<string, number>>;
}

export interface Netlist {
  readonly top: string;
  readonly gates: readonly Gate[];
  readonly nets: number;
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  readonly outputs: ReadonlyMap<string, readonly number[]>;
  /** Number of instances of each module. */
  readonly instances: ReadonlyMap<string, number>;
  /** The module of each instance, by hierarchical path; the top's is empty. */
  readonly modules: ReadonlyMap<string, string>;
  readonly netName: (net: number) => string;
}

/**
 * Flattens a mapped hierarchical netlist, resolving nets through the hierarchy.
 * @throws MugiError when the netlist lacks its top module
 */
export function flattenNetlist(json: YosysJson, top: string): Netlist {
  const gates: Gate[] = [];
  const instances = new Map<string, number>();
  const modules = new Map<string, string>();
  const names: string[] = ["1'b0", "1'b1"];
  const fresh = (name: string): number => names.push(name) - 1;
  const visit = (name: string, path: string, ports: ReadonlyMap<string, readonly number[]>): void => {
    const module = json.modules[name];
    instances.set(name, (instances.get(name) ?? 0) + 1);
    modules.set(path, name);
    const local = new Map<YosysBit, number>([
      ['0', 0],
      ['1', 1],
      // Undefined values have no meaning in our designs; zero is what setundef made of them already.
      ['x', 0],
      ['z', 0],
    ]);
    // Inputs first: a bit that enters and leaves again is driven from outside.
    for (const direction of ['input', 'output']) {
      for (const [port, nets] of ports) {
        if (module.ports[port].direction !== direction) continue;
        module.ports[port].bits.forEach((bit, i) => {
          if (!local.has(bit)) local.set(bit, nets[i]);
        });
      }
    }
    const prefix = path === '' ? '' : `${path}.`;
    for (const [netname, { bits }] of Object.entries(module.netnames)) {
      bits.forEach((bit, i) => {
        if (!local.has(bit)) local.set(bit, fresh(`${prefix}${netname}${bits.length > 1 ? `[${i}]` : ''}`));
      });
    }
    const netOf = (bit: YosysBit): number => {
      let net = local.get(bit);
      if (net === undefined) local.set(bit, (net = fresh(`${prefix}n${bit}`)));
      return net;
    };
    // An output that is tied to an input or a constant, or to another output, needs a driver of its own.
    for (const [port, nets] of ports) {
      if (module.ports[port].direction !== 'output') continue;
      module.ports[port].bits.forEach((bit, i) => {
        const inner = netOf(bit);
        if (inner !== nets[i])
          gates.push({ type: '$alias', path, module: name, pins: { A: inner, Z: nets[i] } });
      });
    }
    for (const [cellName, cell] of Object.entries(module.cells)) {
      const nets = Object.entries(cell.connections).map(([pin, bits]) => [pin, bits.map(netOf)] as const);
      if (json.modules[cell.type] !== undefined && !isLibraryCell(json.modules[cell.type])) {
        visit(cell.type, `${prefix}${cellName}`, new Map(nets));
      } else {
        const pins = Object.fromEntries(nets.map(([pin, [net]]) => [pin, net]));
        gates.push({ type: cell.type, path, module: name, pins });
      }
    }
  };
  const module = json.modules[top];
  if (module === undefined) {
    throw new MugiError({ code: 'internal', message: `the netlist has no module "${top}"` });
  }
  const inputs = new Map<string, number[]>();
  const outputs = new Map<string, number[]>();
  for (const [port, { direction, bits }] of Object.entries(module.ports)) {
    const nets = bits.map((_, i) => fresh(bits.length > 1 ? `${port}[${i}]` : port));
    (direction === 'input' ? inputs : outputs).set(port, nets);
  }
  visit(top, '', new Map([...inputs, ...outputs]));
  return {
    top,
    gates,
    nets: names.length,
    inputs,
    outputs,
    instances,
    modules,
    netName: (net) => names[net],
  };
}

function isLibraryCell(module: YosysModule): boolean {
  return module.attributes?.blackbox !== undefined || module.attributes?.whitebox !== undefined;
}

const knownRoots = new WeakMap<Netlist, Int32Array>();

/** The net that each net repeats, itself where it is not an alias. Found once for a netlist; not to be written to. */
export function aliasRoots(netlist: Netlist): Int32Array {
  let root = knownRoots.get(netlist);
  if (root === undefined) knownRoots.set(netlist, (root = findRoots(netlist)));
  return root;
}

function findRoots(netlist: Netlist): Int32Array {
  const root = Int32Array.from({ length: netlist.nets }, (_, net) => net);
  for (const { type, pins } of netlist.gates) if (type === '$alias') root[pins.Z] = pins.A;
  for (let net = 0; net < root.length; net++) {
    while (root[root[net]] !== root[net]) root[net] = root[root[net]];
  }
  return root;
}

/** The innermost instance that holds both. */
export function commonPath(a: string, b: string): string {
  if (a === b) return a;
  const [left, right] = [a.split('.'), b.split('.')];
  let same = 0;
  while (same < left.length && same < right.length && left[same] === right[same]) same++;
  return left.slice(0, same).join('.');
}
