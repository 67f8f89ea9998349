import type { Buffer, Drive } from './drive.ts';

/** Something on a net: its capacitance with the wire to it (fF), and when the signal must be there (ns). */
export interface Sink {
  readonly required: number;
  readonly capacitance: number;
}

/** A buffer in the tree and what hangs on it: sinks by index, and other buffers of the tree. */
export interface TreeBuffer {
  readonly sinks: readonly number[];
  readonly buffers: readonly TreeBuffer[];
}

export interface Tree {
  readonly buffer: Buffer;
  /** The buffers that hang on the driver; all other sinks stay there. */
  readonly buffers: readonly TreeBuffer[];
  /** When the driver's input must have its signal, by the linear model; larger is better. */
  readonly required: number;
}

interface Item extends Sink {
  readonly sink: number;
  readonly tree: TreeBuffer | undefined;
}

/**
 * Plans a buffer tree on a net by combinational merging (Golumbic 1976): the sinks that can wait longest go behind a
 * buffer, which then is a sink itself, again and again; the stage at which the driver may start latest is taken.
 * Undefined if no tree is better than none by `gain` ns.
 */
export function planTree(
  sinks: readonly Sink[],
  driver: Drive,
  buffers: readonly Buffer[],
  { wire, gain }: { wire: number; gain: number },
): Tree | undefined {
  const start: Item[] = sinks
    .map((sink, index) => ({ ...sink, sink: index, tree: undefined }))
    .sort((a, b) => b.required - a.required);
  const total = start.reduce((sum, { capacitance }) => sum + capacitance, 0);
  const plain = start.at(-1)!.required - driver.intrinsic - driver.resistance * total;
  let best: Tree | undefined;
  for (const buffer of buffers) {
    const tree = merge(start, total, driver, buffer, wire);
    if (tree !== undefined && tree.required > (best?.required ?? plain + gain)) best = tree;
  }
  return best;
}

function merge(
  start: readonly Item[],
  total: number,
  driver: Drive,
  buffer: Buffer,
  wire: number,
): Tree | undefined {
  // A buffer is loaded until the load costs one and a half times its own delay.
  const capacity = (1.5 * buffer.intrinsic) / buffer.resistance;
  const made: Item[] = [];
  let [fromStart, fromMade] = [0, 0];
  let load = total;
  let best = { required: -Infinity, steps: 0 };
  const next = (): Item | undefined => {
    const [a, b] = [start[fromStart], made[fromMade]];
    return b === undefined || (a !== undefined && a.required >= b.required) ? a : b;
  };
  for (;;) {
    const group: Item[] = [];
    let grouped = 0;
    for (let item = next(); item !== undefined; item = next()) {
      if (group.length > 0 && grouped + item.capacitance > capacity) break;
      group.push(item);
      grouped += item.capacitance;
      if (item.tree === undefined) fromStart++;
      else fromMade++;
    }
    if (group.length < 2) break;
    made.push({
      required: group.at(-1)!.required - buffer.intrinsic - buffer.resistance * grouped,
      capacitance: buffer.capacitance + wire,
      sink: -1,
      tree: {
        sinks: group.filter(({ tree }) => tree === undefined).map(({ sink }) => sink),
        buffers: group.flatMap(({ tree }) => tree ?? []),
      },
    });
    load += buffer.capacitance + wire - grouped;
    const waiting = made.slice(fromMade).reduce((a, { required }) => Math.min(a, required), Infinity);
    const earliest = Math.min(waiting, start.at(fromStart) === undefined ? Infinity : start.at(-1)!.required);
    const required = earliest - driver.intrinsic - driver.resistance * load;
    if (required > best.required) best = { required, steps: made.length };
    if (fromStart === start.length && made.length - fromMade === 1) break;
  }
  if (best.steps === 0) return undefined;
  const kept = made.slice(0, best.steps);
  const inside = new Set(kept.flatMap(({ tree }) => tree!.buffers));
  return {
    buffer,
    required: best.required,
    buffers: kept.map(({ tree }) => tree!).filter((tree) => !inside.has(tree)),
  };
}
