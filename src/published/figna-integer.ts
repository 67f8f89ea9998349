import type { Design } from '../design/design.ts';
import { bf16Parts } from '../artifact/cells.ts';
import { type Activation, type Component, fires, part } from '../artifact/inventory.ts';
import { INTEGER_CELL } from '../design/mac-array.ts';
import { simdAdders } from '../design/simd.ts';
import { isSimd } from './edit.ts';
import type { Quirk } from './quirk.ts';

/** FIGNA's FP-INT converters, one of each a cell. */
const CONVERTERS = {
  ch_aloc: 'ch_aloc',
  ch_dealoc: 'ch_dealoc',
  int_to_fp_figna: 'int_to_fp',
  prealigner: 'prealigner',
};
/** What integer cells and their edges are called. */
const INTEGER_PARTS = ['figna_cell', 'ch_aloc', 'prealigner', 'ch_dealoc', 'int_to_fp_figna'];

export const fignaInteger = {
  name: 'figna-integer',
  published:
    'FIGNA adds converters to every full BF16 cell, of which those of one lane fire (so it never pays)',
  repaired:
    'integer cells, with converters at the edges of the array; only where the technology prices such a cell (`open-45`)',
  needs: INTEGER_CELL,
  instead:
    'a full BF16 cell with FIGNA’s converters on top, as published: energy, power, area and carbon are upper bounds (`--technology open-45` prices the integer cell)',
  design(design) {
    if (design.components.every(({ class: name }) => name !== INTEGER_CELL)) return design;
    const cells = design.array.rows * design.array.columns;
    const adders = isSimd(design) ? simdAdders(design.array) : cells;
    const converters = Object.entries(CONVERTERS).map(([name, kind]) => part(name, kind, cells, 'pe'));
    const changed: Design = {
      ...design,
      components: inPlace<Component>(design.components, ({ name }) => name, [
        ...bf16Parts(cells, adders),
        ...converters,
      ]),
    };
    const fired = (event: string, counts: Record<string, number>): Activation[] =>
      inPlace(design.events[event], ({ component }) => component, fires(counts));
    const oneLane = Object.fromEntries(converters.map(({ name }) => [name, design.array.columns]));
    return {
      ...changed,
      events: {
        ...design.events,
        'input load': fired('input load', { input_register: cells }),
        'weight load': fired('weight load', { weight_register: isSimd(design) ? design.array.rows : cells }),
        array: fired('array', { multiplier: cells, pe_register: cells, accumulator: adders, ...oneLane }),
      },
    };
  },
} as const satisfies Quirk;

/** The list with the entries of integer cells taken out and others put where the first of them stood, or last. */
function inPlace<T>(list: readonly T[], nameOf: (entry: T) => string, others: readonly T[]): T[] {
  const own = (entry: T): boolean => INTEGER_PARTS.includes(nameOf(entry));
  const first = list.findIndex(own);
  const before = first === -1 ? list : list.slice(0, first);
  return [...before, ...others, ...list.slice(before.length).filter((entry) => !own(entry))];
}
