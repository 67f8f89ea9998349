/** `max2_lut8`, a column of the golden files, as window and anchor. */
export function goldenWindow(name: string): { anchor: 'max' | 'min'; window: { lo: number; hi: number } } {
  const match = /(max|min)(-?\d+)_lut(\d+)/.exec(name)!;
  const end = Number(match[2]);
  const size = Number(match[3]);
  return match[1] === 'max'
    ? { anchor: 'max', window: { lo: end - size + 1, hi: end } }
    : { anchor: 'min', window: { lo: end, hi: end + size - 1 } };
}
