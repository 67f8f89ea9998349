/**
 * Static timing worked out a second time, for comparison: it shares nothing with src, reads Liberty and yosys' JSON
 * itself, and goes back from each endpoint with a memory instead of forward in order. Conventions are those of
 * OpenSTA: loads and slews by edge, the worst slew apart from the worst arrival, setup at the slews of data and clock.
 */

interface Node {
  kind: string;
  args: string[];
  simple: Record<string, string[]>;
  inner: Node[];
}

function tree(liberty: string): Node {
  const clean = liberty
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\\\r?\n/g, ' ')
    // Statements of the public libraries may end with their line.
    .replace(/^(\s*\w+\s*:[^;{}\n]*)$/gm, '$1;');
  const words = clean.match(/"[^"]*"|[^\s"(){};:,]+|[(){};:,]/g)!;
  let at = 0;
  const bare = (word: string) => word.replace(/^"|"$/g, '');
  const body = (kind: string, args: string[]): Node => {
    const node: Node = { kind, args, simple: {}, inner: [] };
    while (at < words.length && words[at] !== '}') {
      const name = words[at++];
      if (name === ';') continue;
      const list: string[] = [];
      if (words[at] === ':') {
        for (at++; words[at] !== ';'; at++) list.push(bare(words[at]));
        node.simple[name] = [list.join(' ')];
        continue;
      }
      for (at++; words[at] !== ')'; at++) if (words[at] !== ',') list.push(bare(words[at]));
      if (words[++at] === '{') {
        at++;
        node.inner.push(body(name, list));
        at++;
      } else node.simple[name] = list;
    }
    return node;
  };
  return body('', []).inner[0];
}

const list = (text: readonly string[]) => text.join(',').split(',').map(Number);

type Edge = 'rise' | 'fall';
const EDGES: readonly Edge[] = ['rise', 'fall'];
const opposite = (edge: Edge): Edge => (edge === 'rise' ? 'fall' : 'rise');

/** A table as a function of what its variables are called: in ns and fF. */
function tableOf(group: Node, library: Node, ns: number, fF: number): (at: Record<string, number>) => number {
  const template = library.inner.find(
    ({ args, kind }) => kind === 'lu_table_template' && args[0] === group.args[0],
  )!;
  const axes = [1, 2].map((n) => {
    const variable = template.simple[`variable_${n}`][0];
    const unit = variable.includes('capacitance') ? fF : ns;
    const index = group.simple[`index_${n}`] ?? template.simple[`index_${n}`];
    return { variable, points: list(index).map((value) => value * unit) };
  });
  const values = list(group.simple.values);
  return (at) => {
    const places = axes.map(({ variable, points }) => {
      const x = at[variable];
      let i = points.findIndex((_, k) => k === points.length - 2 || x < points[k + 1]);
      if (i < 0) i = 0;
      return { i, t: (x - points[i]) / (points[i + 1] - points[i]) };
    });
    let sum = 0;
    for (const [a, b] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      const weight = (a ? places[0].t : 1 - places[0].t) * (b ? places[1].t : 1 - places[1].t);
      sum += weight * values[(places[0].i + a) * axes[1].points.length + places[1].i + b];
    }
    return sum * ns;
  };
}

interface Json {
  modules: Record<
    string,
    {
      ports: Record<string, { direction: string; bits: readonly (number | string)[] }>;
      cells: Record<string, { type: string; connections: Record<string, readonly (number | string)[]> }>;
    }
  >;
}

/** All library cells of a hierarchy, with the wires on their pins; constants are the wires `0` and `1`. */
function flat(json: Json, top: string) {
  const instances: { type: string; pins: Record<string, string> }[] = [];
  const same = new Map<string, string>();
  const find = (wire: string): string => {
    const next = same.get(wire);
    return next === undefined ? wire : find(next);
  };
  const visit = (name: string, path: string, outside: Record<string, readonly string[]>) => {
    const wire = (bit: number | string) =>
      typeof bit === 'number' ? `${path}#${bit}` : bit === '1' ? '1' : '0';
    for (const [port, wires] of Object.entries(outside)) {
      json.modules[name].ports[port].bits.forEach((bit, i) => {
        const [a, b] = [find(wires[i]), find(wire(bit))];
        if (a !== b) same.set(a === '0' || a === '1' ? b : a, a === '0' || a === '1' ? a : b);
      });
    }
    for (const [cell, { type, connections }] of Object.entries(json.modules[name].cells)) {
      const wires = Object.fromEntries(
        Object.entries(connections).map(([pin, bits]) => [pin, bits.map(wire)]),
      );
      if (type in json.modules) visit(type, `${path}/${cell}`, wires);
      else
        instances.push({
          type,
          pins: Object.fromEntries(Object.entries(wires).map(([pin, [one]]) => [pin, one])),
        });
    }
  };
  visit(top, '', {});
  for (const { pins } of instances) for (const pin of Object.keys(pins)) pins[pin] = find(pins[pin]);
  const ports = (direction: string) =>
    Object.values(json.modules[top].ports)
      .filter((port) => port.direction === direction)
      .flatMap(({ bits }) => bits.map((bit) => find(typeof bit === 'number' ? `#${bit}` : bit)));
  return { instances, inputs: new Set(ports('input')), outputs: ports('output') };
}

/** The shortest clock period, ns; wire in fF per fan-out, slew of inputs and clock in ns. */
export function referencePeriod(
  liberties: readonly string[],
  json: Json,
  top: string,
  { wire = 1, slew = 0.02 } = {},
): number {
  const cells = new Map<string, { cell: Node; library: Node; ns: number; fF: number }>();
  for (const library of liberties.map(tree)) {
    const ns = library.simple.time_unit[0] === '1ps' ? 1e-3 : 1;
    const fF = library.simple.capacitive_load_unit[1] === 'pf' ? 1e3 : 1;
    for (const cell of library.inner)
      if (cell.kind === 'cell') cells.set(cell.args[0], { cell, library, ns, fF });
  }
  const { instances, inputs, outputs } = flat(json, top);
  const pinOf = (type: string, pin: string) =>
    cells.get(type)!.cell.inner.find(({ kind, args }) => kind === 'pin' && args[0] === pin)!;
  const load = { rise: new Map<string, number>(), fall: new Map<string, number>() };
  const driver = new Map<string, { instance: (typeof instances)[number]; pin: string }>();
  for (const instance of instances) {
    for (const [pin, on] of Object.entries(instance.pins)) {
      const { simple } = pinOf(instance.type, pin);
      if (simple.direction[0] === 'output') driver.set(on, { instance, pin });
      else {
        for (const edge of EDGES) {
          const range = simple[`${edge}_capacitance_range`];
          const own = range ?? simple[`${edge}_capacitance`] ?? simple.capacitance;
          const value = Math.max(...own.map(Number)) * cells.get(instance.type)!.fF;
          load[edge].set(on, (load[edge].get(on) ?? 0) + value + wire);
        }
      }
    }
  }
  const known = new Map<string, { time: number; slew: number }>();
  const at = (on: string, edge: Edge): { time: number; slew: number } => {
    const key = `${edge} ${on}`;
    let result = known.get(key);
    if (result !== undefined) return result;
    result = { time: -Infinity, slew: 0 };
    const source = driver.get(on);
    if (source === undefined) {
      if (inputs.has(on)) result = { time: 0, slew };
    } else {
      const { type, pins } = source.instance;
      const { library, ns, fF } = cells.get(type)!;
      const fn = pinOf(type, source.pin).simple.function[0];
      for (const timing of pinOf(type, source.pin).inner) {
        if (timing.kind !== 'timing') continue;
        const from = timing.simple.related_pin[0];
        const clocked = timing.simple.timing_type?.[0] === 'rising_edge';
        // Without a statement: gates of these libraries are an exclusive or, inverted as a whole, or the input itself.
        const sense =
          timing.simple.timing_sense?.[0] ??
          (fn.includes('^') ? 'non_unate' : fn === 'A' ? 'positive_unate' : 'negative_unate');
        const starts = clocked
          ? [{ time: 0, slew }]
          : EDGES.filter(
              (before) =>
                sense === 'non_unate' || (sense === 'positive_unate' ? before : opposite(before)) === edge,
            ).map((before) => at(pins[from], before));
        const group = (kind: string) =>
          tableOf(timing.inner.find((inner) => inner.kind === kind)!, library, ns, fF);
        for (const start of starts) {
          if (start.time === -Infinity) continue;
          const where = {
            input_net_transition: start.slew,
            total_output_net_capacitance: load[edge].get(on) ?? 0,
          };
          result = {
            time: Math.max(result.time, start.time + group(`cell_${edge}`)(where)),
            slew: Math.max(result.slew, group(`${edge}_transition`)(where)),
          };
        }
      }
    }
    known.set(key, result);
    return result;
  };
  let period = 0;
  for (const on of outputs) for (const edge of EDGES) period = Math.max(period, at(on, edge).time);
  for (const { type, pins } of instances) {
    const { library, ns, fF } = cells.get(type)!;
    for (const [pin, on] of Object.entries(pins)) {
      for (const check of pinOf(type, pin).inner) {
        if (check.kind !== 'timing' || check.simple.timing_type?.[0] !== 'setup_rising') continue;
        for (const edge of EDGES) {
          const { time, slew: data } = at(on, edge);
          const constraint = check.inner.find(({ kind }) => kind === `${edge}_constraint`)!;
          if (time === -Infinity) continue;
          const setup = tableOf(
            constraint,
            library,
            ns,
            fF,
          )({
            constrained_pin_transition: data,
            related_pin_transition: slew,
          });
          period = Math.max(period, time + setup);
        }
      }
    }
  }
  return period;
}
