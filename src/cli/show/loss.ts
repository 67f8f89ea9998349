/** A mean with its 95 % half-width; one block has no interval. */
export const withInterval = (value: number, ci95: number, digits = 4): string =>
  Number.isFinite(ci95) ? `${value.toFixed(digits)} ± ${ci95.toFixed(digits)}` : value.toFixed(digits);

/** A difference with its sign and interval. */
export const signed = (value: number, ci95: number, digits = 4): string =>
  `${value < 0 ? '−' : '+'}${withInterval(Math.abs(value), ci95, digits)}`;

/** A divergence, where there is a reference to diverge from. */
export const divergence = (kl: number | null): string => (kl === null ? '' : kl.toExponential(2));

/** A part of a whole. */
export const share = (part: number | null, digits = 2): string =>
  part === null ? '' : `${(100 * part).toFixed(digits)} %`;

/** What a paired difference says: nothing from one block, and nothing inside its interval. */
export function verdict(row: {
  loss_increase: number;
  loss_increase_ci95: number;
  tie: boolean | null;
}): string {
  if (!Number.isFinite(row.loss_increase_ci95)) return 'one block';
  if (row.tie) return 'tie';
  return row.loss_increase > 0 ? 'worse' : 'better';
}
