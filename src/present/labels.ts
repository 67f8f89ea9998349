/** A label that lies between two places across, at a height. */
interface Label {
  from: number;
  to: number;
  at: number;
}

/** How many lines up each label goes, so that it stands above those before it that are as good as in its place. */
export function liftsOf(labels: readonly Label[], near: number): number[] {
  const lifts: number[] = [];
  for (const label of labels) {
    const taken = new Set(
      lifts.filter((_, k) => {
        const other = labels[k];
        return label.from < other.to && other.from < label.to && Math.abs(label.at - other.at) < near;
      }),
    );
    let lift = 0;
    while (taken.has(lift)) lift++;
    lifts.push(lift);
  }
  return lifts;
}

/** Pixels of a line of labels. */
export const LABEL_LINE = 11;

/** From the least to the most of some values. */
export const spanOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
