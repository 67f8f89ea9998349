/** What the lanes of a vector array do to an element, in this order. */
export type VectorPassName = 'maximum' | 'subtract' | 'evaluate' | 'accumulate' | 'divide';

/** One of them, and the cycles that a lane takes for an element; without any it is done on the way. */
export interface VectorPass {
  name: VectorPassName;
  cycles: number;
}

/** A column of a tile: what the lanes hold side by side. */
export interface VectorStep {
  /** First row of the tensor, and how many lanes have one. */
  first: number;
  count: number;
  column: number;
}

/** How often elements pass, by pass, and the columns that the lanes took, with how many of them held an element. */
export type VectorActivity = Record<VectorPassName, number> & { steps: number; elements: number };

/** A vector array: lanes side by side, each with a row of the tensor. */
export interface VectorArray {
  lanes: number;
  passes: readonly VectorPass[];
}

/**
 * Runs a tensor of `height` × `width` through a vector array: tiles of as many rows as there are lanes; passes of a whole
 * tile one after another, because a row's maximum and sum are known at its end; a column in its cycles.
 * @param work does a pass to a column
 */
export function runVector(
  { lanes, passes }: VectorArray,
  { height, width }: { height: number; width: number },
  work: (pass: VectorPassName, step: VectorStep) => void,
): { cycles: number; activity: VectorActivity } {
  const activity = { maximum: 0, subtract: 0, evaluate: 0, accumulate: 0, divide: 0, steps: 0, elements: 0 };
  let cycle = 0;
  for (let first = 0; first < height; first += lanes) {
    const count = Math.min(lanes, height - first);
    for (const { name, cycles } of passes)
      for (let column = 0; column < width; column++) {
        work(name, { first, count, column });
        activity[name] += count;
        cycle += cycles;
      }
    activity.steps += width;
    activity.elements += count * width;
  }
  return { cycles: cycle, activity };
}
