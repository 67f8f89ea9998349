import type { Activation, Component } from '../artifact/inventory.ts';
import type { Design } from '../design/design.ts';

/** Edits of a design: each gives a new one, and leaves what is not named as it is. */

/** Components changed one by one. */
export const editComponents = (design: Design, edit: (part: Component) => Component): Design => ({
  ...design,
  components: design.components.map(edit),
});

/** How often components fire in one event, changed one by one; a component that is not there is no matter. */
export function editEvent(
  design: Design,
  event: string,
  components: readonly string[],
  edit: (count: number) => number,
): Design {
  const fired = design.events[event].map(
    (activation): Activation =>
      components.includes(activation.component)
        ? { ...activation, count: edit(activation.count) }
        : activation,
  );
  return { ...design, events: { ...design.events, [event]: fired } };
}

/** Both Mugi and Mugi-L. */
export const isMugi = ({ family }: Design): boolean => family === 'mugi' || family === 'mugi-l';

/** Arrays of multiply-accumulate cells, square: systolic and SIMD. */
export const isSystolic = ({ family }: Design): boolean => family === 'sa' || family === 'sa-f';
export const isSimd = ({ family }: Design): boolean => family === 'sd' || family === 'sd-f';

/** Designs that come with mugi; a file's own design is of none of these families. */
export const isBuiltIn = (design: Design): boolean =>
  isMugi(design) ||
  isSystolic(design) ||
  isSimd(design) ||
  design.family === 'carat' ||
  design.family === 'tensor';
