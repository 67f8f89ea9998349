/**
 * What most of a time waits for, longest first: `compute 80 %, DRAM 20 %`.
 * @param parts what bounds a part of the time, and the part in the unit of `whole`
 */
export function boundsText(parts: Iterable<readonly [string | null, number]>, whole: number): string {
  const waits = new Map<string, number>();
  for (const [bound, part] of parts) if (bound !== null) waits.set(bound, (waits.get(bound) ?? 0) + part);
  return [...waits]
    .sort((a, b) => b[1] - a[1])
    .filter(([, part]) => part >= 0.005 * whole)
    .map(([bound, part]) => `${bound} ${((100 * part) / whole).toFixed(0)} %`)
    .join(', ');
}
