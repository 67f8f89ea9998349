/** Six significant digits: as many as a rule of thumb can bear, and the same on every machine. */
export const sixDigits = (value: number): number => Number(value.toPrecision(6));
