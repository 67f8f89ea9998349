import { caratColumn } from './carat/carat-column.ts';
import { caratScaling, fp8Converter } from './carat/carat-product.ts';
import { caratRow } from './carat/carat-row.ts';
import { orTree } from './carat/or-tree.ts';
import { selectingElement } from './carat/selecting-element.ts';
import { exponentAllocation, prealigner } from './figna/figna-align.ts';
import { fignaPe } from './figna/figna-pe.ts';
import { integerProduct } from './figna/integer-product.ts';
import { exponentProcessor } from './mugi/unit/e-proc.ts';
import { nodeUnits } from './mugi/units.ts';
import { gatedAdder, gatedMultiplier } from './part/gated.ts';
import { heldWeight } from './part/held-weight.ts';
import { int4Converter } from './part/int4-to-bf16.ts';
import { exponentRestore, integerConverter } from './part/integer-to-bf16.ts';
import { pwlComparator, pwlEncoder } from './part/pwl-lane.ts';
import { registeredAdder, registeredMultiplier } from './part/registered.ts';
import { slotLines, tileAccumulator } from './part/tile-accumulator.ts';
import { aligner, multiplesInTime } from './reuse/columns.ts';
import { floatMultiples, floatMultiplier, floatPicker } from './reuse/float-products.ts';
import { integerMultiplier, integerPicker } from './reuse/integer-products.ts';
import { TOKENS } from './reuse/shape.ts';
import { vectorLane } from './simd/vector-lane.ts';
import { systolicPe } from './systolic/systolic-pe.ts';
import { dotProduct } from './tensor/dot-product.ts';
import type { AnyUnit } from './unit.ts';

/** E-proc of 8, 32 and 256 rows beside that of the node. */
const OTHER_LANES = [1, 4, 32];

/** All units that are written once, by machine; what several machines are made of is under `parts`. */
export const UNITS: Readonly<Record<string, readonly AnyUnit[]>> = {
  mugi: [...nodeUnits(8), ...OTHER_LANES.map(exponentProcessor)],
  systolic: [systolicPe],
  figna: [exponentAllocation, prealigner, integerProduct, fignaPe],
  simd: [vectorLane],
  tensor: [dotProduct(4), dotProduct(16)],
  carat: [fp8Converter, caratColumn, selectingElement, orTree, caratScaling, caratRow],
  reuse: [
    aligner,
    ...Array.from({ length: TOKENS }, (_, column) => multiplesInTime(column)),
    integerMultiplier,
    integerPicker,
    floatMultiplier,
    floatMultiples,
    floatPicker,
  ],
  parts: [
    registeredAdder,
    registeredMultiplier,
    gatedAdder,
    gatedMultiplier,
    int4Converter,
    exponentRestore,
    integerConverter,
    heldWeight,
    slotLines,
    tileAccumulator,
    pwlComparator,
    pwlEncoder,
  ],
};
