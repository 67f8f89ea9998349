import { overclaims } from '../design/claims.ts';
import { nodeCount } from '../design/design.ts';
import { clockNote } from '../technology/clock-note.ts';
import { LINK_SOURCE } from '../technology/link.ts';
import { logicRow } from '../technology/technology.ts';
import type { Evaluation } from './evaluation.ts';
import { ARRAY_CYCLE, LINK, type PricedDesign, type WholeFactors } from './price.ts';
import { scaleSimNote } from './scale-sim.ts';

/** What a reader of an evaluation has to know: of the model as it was read, and of the design's parts. */
export const notesOf = (evaluation: Evaluation): string[] => {
  const scaleSim = scaleSimNote(evaluation);
  return [
    ...evaluation.workload.notes,
    ...(scaleSim === undefined ? [] : [scaleSim]),
    ...idleNodes(evaluation.priced, evaluation.operators),
    ...priceNotes(evaluation.priced),
  ];
};

/** A mesh with more nodes than any operator has work for. */
function idleNodes({ design }: PricedDesign, operators: Evaluation['operators']): string[] {
  const all = nodeCount(design);
  const shared = operators.flatMap(({ work }) => work.mesh ?? []);
  if (shared.length === 0) return [];
  const most = Math.max(...shared.map(({ nodes }) => nodes));
  if (most >= all) return [];
  return [
    `the mesh has more nodes than work: of its ${all} nodes no product, softmax or activation gives more than ${most} a share (pieces of ${design.array.columns} rows of M and ${design.array.rows} columns of N, chains of K, batches)`,
  ];
}

/** Groups of components that no cost table of logic lists. */
const UNLISTED: readonly string[] = ['sram', LINK, ARRAY_CYCLE];

/**
 * What a reader of a design's numbers has to know of its parts: those that are not priced by a report of themselves, and
 * products that no part makes. Each is said where the numbers stand.
 */
export function priceNotes(priced: PricedDesign): readonly string[] {
  let notes = NOTES.get(priced);
  if (notes === undefined) NOTES.set(priced, (notes = notesOn(priced)));
  return notes;
}

/** A comparison says them at each design, and again below, every time that something else changes. */
const NOTES = new WeakMap<PricedDesign, readonly string[]>();

function notesOn({ design, technology, components, link, whole }: PricedDesign): string[] {
  const missing = (design.unpriced ?? []).map(
    ({ class: name, instead }) =>
      `technology ${technology.name} has no price for ${name}, and takes ${instead}`,
  );
  const parts = components.filter(({ group }) => !UNLISTED.includes(group));
  const byHand = parts.filter(({ class: name }) => logicRow(technology, name).unreported === true);
  const wires =
    link === undefined
      ? []
      : [
          `technology ${technology.name} has no price for wires between nodes, and takes ${(link * 1e3).toPrecision(3)} pJ a bit (${LINK_SOURCE})`,
        ];
  return [
    ...clockNote(
      technology,
      parts.map(({ class: name }) => name),
    ),
    ...overclaims(design),
    ...(whole === undefined ? [] : [wholeNote(technology.name, whole)]),
    ...missing,
    ...wires,
    ...byHand.map(
      ({ class: name }) =>
        `technology ${technology.name} prices ${name} by a value entered by hand, without a report, whose energy is next to nothing`,
    ),
  ];
}

const wholeNote = (technology: string, { area, leakage, energy, cycle, source }: WholeFactors): string => {
  const cycles = cycle === 0 ? '' : `, and ${(cycle * 1e3).toPrecision(3)} pJ a cycle of the array on top`;
  return `technology ${technology} takes the parts of open-45 times ${area.toFixed(2)} in area, ${leakage.toFixed(2)} in leakage and ${energy.toFixed(2)} in energy${cycles}: ${source}`;
};
