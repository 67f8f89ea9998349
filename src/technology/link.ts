import { nanojoules, type Nanojoules, type SquareMillimetres } from '../units.ts';

/**
 * Wires of 45 nm as synthesis takes them: fF per µm, volts, the share of an area that cells fill. A test holds them to
 * `src/hardware`, which this room does not see.
 */
export const LINK_WIRE = { perMicrometre: 0.1, volts: 1.1, utilisation: 0.7 } as const;

/** Neither cost table has a price of wires between nodes, so both take ours. */
export const LINK_SOURCE = `ours: a wire as long as a node is wide, ${LINK_WIRE.perMicrometre} fF/µm at ${LINK_WIRE.volts} V, a node filled to ${LINK_WIRE.utilisation}, every other bit changing; without repeaters`;

/** Of random bits that follow one another on a wire, half change it, and a change takes half of C·V². */
const CHANGES = 0.5;

/**
 * Energy of a bit on the wire from a node to its neighbour.
 * @param node area of a node, its memories and routers among it
 */
export function linkEnergy(node: SquareMillimetres): Nanojoules {
  const { perMicrometre, volts, utilisation } = LINK_WIRE;
  const micrometres = Math.sqrt(node / utilisation) * 1e3;
  const femtojoules = CHANGES * 0.5 * micrometres * perMicrometre * volts ** 2;
  return nanojoules(femtojoules * 1e-6);
}
