import { exponentAllocation, prealigner } from './figna/figna-align.ts';
import { fignaPe } from './figna/figna-pe.ts';
import { integerProduct } from './figna/integer-product.ts';
import { nodeUnits } from './mugi/units.ts';
import { systolicPe } from './systolic/systolic-pe.ts';
import type { AnyUnit } from './unit.ts';

/** E-proc of 8, 32 and 256 rows beside that of the node. */
const OTHER_LANES = [1, 4, 32];

/** All units that are written once, by machine; what several machines are made of is under `parts`. */
export const UNITS: Readonly<Record<string, readonly AnyUnit[]>> = {
  mugi: [
    ...nodeUnits(8),
    ...OTHER_LANES.flatMap((lanes) => nodeUnits(lanes).filter(({ name }) => name.startsWith('e_proc'))),
  ],
  systolic: [systolicPe],
  figna: [exponentAllocation, prealigner, integerProduct, fignaPe],
};
