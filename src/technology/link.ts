import { VOLTAGE } from '../hardware/liberty/open-45-rules.ts';
import { WIRES } from '../hardware/synthesis/policy.ts';
import { nanojoules, type Nanojoules, type SquareMillimetres } from '../units.ts';

/** Neither cost table has a price of wires between nodes, so both take ours. */
export const LINK_SOURCE = `ours: a wire as long as a node is wide, ${WIRES.perMicrometre} fF/µm at ${VOLTAGE} V, a node filled to ${WIRES.utilisation}, every other bit changing; without repeaters`;

/** Of random bits that follow one another on a wire, half change it, and a change takes half of C·V². */
const CHANGES = 0.5;

/**
 * Energy of a bit on the wire from a node to its neighbour.
 * @param node area of a node, its memories and routers among it
 */
export function linkEnergy(node: SquareMillimetres): Nanojoules {
  const micrometres = Math.sqrt(node / WIRES.utilisation) * 1e3;
  const femtojoules = CHANGES * 0.5 * micrometres * WIRES.perMicrometre * VOLTAGE ** 2;
  return nanojoules(femtojoules * 1e-6);
}
