import { type Module, module, type ModuleBuilder, type PortValues } from '../hardware/index.ts';
import type { Outputs } from '../hardware/ir.ts';
import type { PortShape, Ports } from '../hardware/port.ts';
import type { Draw } from './draw.ts';

/** Bits of a pin whose values no number holds. */
type WidePin = number & { readonly wide: true };
export const widePin = (bits: number): WidePin => bits as WidePin;

/** The value of a pin; of a vector a value a lane, of a wide pin a bigint. */
type PinValue = number | readonly number[] | bigint;

/** The values of a unit's input pins in a cycle. */
export type UnitPins<P extends Ports> = {
  readonly [K in keyof P]: PortShape extends P[K]
    ? PinValue
    : P[K] extends WidePin
      ? bigint
      : P[K] extends number
        ? number
        : readonly number[];
};

/** Values of output pins by name. */
type Shown = Readonly<Record<string, PinValue>>;

/** One instance of a unit in plain TypeScript, cycle by cycle, on the pins of its hardware. */
export interface UnitBehaviour<P extends Ports> {
  /** What outputs show while these pins are there; one that nobody looks at in such a cycle is left out. */
  shown(pins: UnitPins<P>): Shown;
  /** The clock edge; nothing where nothing is held. */
  clock?(pins: UnitPins<P>): void;
}

/** What a run on a machine counts, by name, and how many rows and lanes the machine has. */
export type ProgramCounts = Readonly<Record<string, number>>;

/** What can happen in a cycle of a unit. */
interface UnitEvent<P extends Ports> {
  /** Whether it does, by the pins of the cycle and what the outputs show. */
  when(pins: UnitPins<P>, shown: Shown): boolean;
  /** How often it does in a run, over all instances of a machine, by the counts of the run's program. */
  counted?(counts: ProgramCounts): number;
}

/**
 * A hardware unit, written once: what it is, what it does as TypeScript and as hardware, what its surroundings may ask of it,
 * and what can happen in a cycle. Netlists, areas, inventories and tests follow from that.
 */
export interface UnitHeader<P extends Ports, O extends Outputs> {
  /** Of its module. */
  name: string;
  doc: string;
  inputs: P;
  hardware(m: ModuleBuilder, inputs: PortValues<P>): O;
  behaviour(): UnitBehaviour<P>;
  /** Pins of one cycle after the other, as the unit's surroundings may give them, corner cases included. */
  work(draw: Draw): () => UnitPins<P>;
  events: Readonly<Record<string, UnitEvent<P>>>;
}

export interface Unit<P extends Ports = Ports, O extends Outputs = Outputs>
  extends Omit<UnitHeader<P, O>, 'hardware'> {
  module: Module<P, O>;
}

export function unit<const P extends Ports, O extends Outputs>({
  hardware,
  ...rest
}: UnitHeader<P, O>): Unit<P, O> {
  const { name, doc, inputs } = rest;
  return { ...rest, module: module({ name, doc, inputs }, hardware) };
}

/** A unit with any pins. */
export type AnyUnit = Unit<Ports, Outputs>;

/** One line of several, high where it is asked for. */
export const oneLine = (index: number, lines: number, high = true): number[] =>
  Array.from({ length: lines }, (_, i) => (high && i === index ? 1 : 0));
