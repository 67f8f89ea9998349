/** Height of the picture, and the room beside its points, in pixels. */
export const HEIGHT = 460;
export const ROOM = { left: 66, right: 12, top: 10, bottom: 46 };

/** A logarithmic axis between two positive values, on so many pixels. */
export interface Scale {
  least: number;
  most: number;
  /** Pixels of the least and the most value. */
  from: number;
  to: number;
}

export const at = ({ least, most, from, to }: Scale, value: number): number =>
  from + (Math.log(value / least) / Math.log(most / least)) * (to - from);

export const valueAt = ({ least, most, from, to }: Scale, pixel: number): number =>
  least * (most / least) ** ((pixel - from) / (to - from));

/** The positive values of a column, with a little room beside them. */
export function rangeOf(column: Float32Array): { least: number; most: number } {
  let [least, most] = [Infinity, 0];
  // Counted, since an iterator is slow before an engine has compiled the loop: the first look waits for it.
  for (let i = 0; i < column.length; i++) {
    const value = column[i];
    if (value > 0 && value < least) least = value;
    if (value > most && value < Infinity) most = value;
  }
  if (most === 0) return { least: 1, most: 10 };
  const room = Math.max((most / least) ** 0.04, 1.02);
  return { least: least / room, most: most * room };
}

/** 1, 2 and 5 of every power of ten between the ends; fewer of them where there are many. */
export function ticks({ least, most }: Pick<Scale, 'least' | 'most'>): number[] {
  const decades = Math.log10(most / least);
  const steps =
    decades > 5
      ? [1]
      : decades > 2.5
        ? [1, 3]
        : decades > 1.2
          ? [1, 2, 5]
          : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++)
    for (const step of steps) all.push(Number((step * 10 ** power).toPrecision(3)));
  return all.filter((tick) => tick >= least && tick <= most);
}
