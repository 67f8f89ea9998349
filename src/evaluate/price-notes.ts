import { overclaims } from '../design/claims.ts';
import { clockNote } from '../technology/clock-note.ts';
import { logicRow } from '../technology/technology.ts';
import type { Evaluation } from './evaluation.ts';
import type { PricedDesign } from './price.ts';
import { scaleSimNote } from './scale-sim.ts';

/** What a reader of an evaluation has to know: of the model as it was read, and of the design's parts. */
export const notesOf = (evaluation: Evaluation): string[] => {
  const scaleSim = scaleSimNote(evaluation);
  return [
    ...evaluation.workload.notes,
    ...(scaleSim === undefined ? [] : [scaleSim]),
    ...priceNotes(evaluation.priced),
  ];
};

/**
 * What a reader of a design's numbers has to know of its parts: those that are not priced by a report of themselves, and
 * products that no part makes. Each is said where the numbers stand.
 */
export function priceNotes({ design, technology, components }: PricedDesign): string[] {
  const missing = (design.unpriced ?? []).map(
    ({ class: name, instead }) =>
      `technology ${technology.name} has no price for ${name}, and takes ${instead}`,
  );
  const byHand = components.filter(
    ({ group, class: name }) => group !== 'sram' && logicRow(technology, name).unreported === true,
  );
  return [
    ...clockNote(
      technology,
      components.filter(({ group }) => group !== 'sram').map(({ class: name }) => name),
    ),
    ...overclaims(design),
    ...missing,
    ...byHand.map(
      ({ class: name }) =>
        `technology ${technology.name} prices ${name} by a value entered by hand, without a report, whose energy is next to nothing`,
    ),
  ];
}
