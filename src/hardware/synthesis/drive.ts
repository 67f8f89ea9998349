import { parseFunction } from '../liberty/function.ts';
import { type Cell, type Library, lookup } from '../liberty/library.ts';
import { shapeOf } from './shape.ts';

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
  const cells = [...library.cells.values()];
  const buffering = cells
    .filter((cell) => cell.flop === undefined && cell.pins.length === 2 && isBuffer(cell))
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
    sizes: (cell) => families.get(familyOf(cell))!.filter((other) => other !== cell),
  };
}

function isBuffer(cell: Cell): boolean {
  const { inputs, output } = shapeOf(cell);
  if (inputs.length !== 1 || output?.function === undefined) return false;
  const fn = parseFunction(output.function);
  return fn.op === 'pin' && fn.name === inputs[0].name;
}

/** How much later a cell's output comes per ns of slew at its input. */
function slewSensitivity(cell: Cell): number {
  const [arc] = shapeOf(cell).arcs[0];
  if (arc?.rise === undefined) return 0;
  return (lookup(arc.rise, 2 * SLEW, LOADS[0]) - lookup(arc.rise, SLEW, LOADS[0])) / SLEW;
}

function fit(cell: Cell, slewCost: number): Drive {
  const { arcs, clocked } = shapeOf(cell);
  const all = clocked === undefined ? arcs.flat() : [clocked];
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
  const shape = pins.map(({ name, direction, function: fn }) => `${name}:${direction}:${fn ?? ''}`).sort();
  return `${shape.join()}|${flop === undefined ? '' : `${flop.next},${flop.clock},${flop.state}`}`;
}
