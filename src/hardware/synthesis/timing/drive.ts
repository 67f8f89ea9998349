import { type Cell, type Library, lookup } from '../../liberty/library.ts';
import { isEndpoint, shapeOf } from '../shape.ts';

/** A cell's delay as intrinsic + resistance × load (ns, ns/fF): the worst arc, with what its slew costs the next cell. */
export interface Drive {
  readonly intrinsic: number;
  readonly resistance: number;
}

export interface Buffer extends Drive {
  readonly cell: Cell;
  /** fF */
  readonly capacitance: number;
}

/** What a library offers against large loads: buffers, and cells of the same function with other drives. */
export interface Drives {
  /** The weakest first. */
  readonly buffers: readonly Buffer[];
  readonly of: (cell: Cell) => Drive;
  /** Other sizes of a cell, itself left out. */
  readonly sizes: (cell: Cell) => readonly Cell[];
}

const SLEW = 0.03;
const LOADS = [2, 40] as const;

export function drivesOf(library: Library): Drives {
  const cells = [...library.cells.values()].filter(({ unusable }) => unusable === undefined);
  const buffering = cells
    .filter((cell) => !isEndpoint(cell) && isBuffer(cell))
    .sort((a, b) => a.area - b.area);
  const slewCost = buffering.length === 0 ? 0 : slewSensitivity(buffering[0]);
  const known = new Map<Cell, Drive>();
  const of = (cell: Cell): Drive => {
    let drive = known.get(cell);
    if (drive === undefined) known.set(cell, (drive = fit(cell, slewCost)));
    return drive;
  };
  const families = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = familyOf(cell);
    families.set(key, [...(families.get(key) ?? []), cell]);
  }
  return {
    buffers: buffering.map((cell) => ({
      ...of(cell),
      cell,
      capacitance: shapeOf(cell).inputs[0].capacitance,
    })),
    of,
    sizes: (cell) => (families.get(familyOf(cell)) ?? []).filter((other) => other !== cell),
  };
}

function isBuffer(cell: Cell): boolean {
  const { inputs, outputs } = shapeOf(cell);
  if (inputs.length !== 1 || outputs.length !== 1) return false;
  const fn = outputs[0].pin.function;
  return fn?.op === 'pin' && fn.name === inputs[0].name;
}

/** How much later a cell's output comes per ns of slew at its input. */
function slewSensitivity(cell: Cell): number {
  const [arc] = shapeOf(cell).outputs[0].arcs[0];
  if (arc?.rise === undefined) return 0;
  return (lookup(arc.rise, 2 * SLEW, LOADS[0]) - lookup(arc.rise, SLEW, LOADS[0])) / SLEW;
}

function fit(cell: Cell, slewCost: number): Drive {
  const all = shapeOf(cell).outputs.flatMap(({ arcs, clocked }) =>
    isEndpoint(cell) ? clocked : arcs.flat(),
  );
  const [light, heavy] = LOADS.map((load) =>
    Math.max(
      0,
      ...all.flatMap(({ rise, fall, riseSlew, fallSlew }) => [
        rise && riseSlew ? lookup(rise, SLEW, load) + slewCost * lookup(riseSlew, SLEW, load) : 0,
        fall && fallSlew ? lookup(fall, SLEW, load) + slewCost * lookup(fallSlew, SLEW, load) : 0,
      ]),
    ),
  );
  const resistance = (heavy - light) / (LOADS[1] - LOADS[0]);
  return { resistance, intrinsic: light - resistance * LOADS[0] };
}

/** Cells that may replace each other: the same pins, function and state. */
function familyOf({ pins, flop }: Cell): string {
  const shape = pins
    .map(({ name, direction, function: fn }) => `${name}:${direction}:${JSON.stringify(fn)}`)
    .sort();
  return `${shape.join()}|${JSON.stringify(flop)}`;
}
