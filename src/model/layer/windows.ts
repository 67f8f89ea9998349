/** Square windows of a square of tokens, shifted or not (Liu et al., 2021, §3.2). */
export interface Windows {
  /** Windows of one image, and tokens of one. */
  count: number;
  tokens: number;
  /** Token behind each place of the windows, window by window; −1 where the square was padded to whole windows. */
  source: Int32Array;
  /**
   * Region of each place: tokens that the cyclic shift brought together from different ends of the square do not see each
   * other. Absent without a shift.
   */
  regions: Int32Array | undefined;
}

/** Cuts `side` × `side` tokens into windows of `window` × `window`, from `shift` rows and columns on, cyclically. */
export function windowsOf(side: number, window: number, shift: number): Windows {
  const across = Math.ceil(side / window);
  const padded = across * window;
  const tokens = window * window;
  const source = new Int32Array(padded * padded);
  const regions = new Int32Array(padded * padded);
  const band = (at: number): number => (at < padded - window ? 0 : at < padded - shift ? 1 : 2);
  let place = 0;
  for (let w = 0; w < across * across; w++) {
    const [top, left] = [Math.floor(w / across) * window, (w % across) * window];
    for (let t = 0; t < tokens; t++) {
      const [y, x] = [top + Math.floor(t / window), left + (t % window)];
      const [fromY, fromX] = [(y + shift) % padded, (x + shift) % padded];
      source[place] = fromY < side && fromX < side ? fromY * side + fromX : -1;
      regions[place] = 3 * band(y) + band(x);
      place += 1;
    }
  }
  return { count: across * across, tokens, source, regions: shift === 0 ? undefined : regions };
}

/** Rows of tokens [count·side² × width] as rows of windows [count·places × width], zeros where nothing is. */
export function intoWindows(x: Float32Array, width: number, { source }: Windows): Float32Array {
  const tokens = source.reduce((most, from) => Math.max(most, from + 1), 0);
  const count = x.length / (tokens * width);
  const out = new Float32Array(count * source.length * width);
  for (let i = 0; i < count; i++) {
    for (const [place, from] of source.entries()) {
      if (from < 0) continue;
      const at = (i * tokens + from) * width;
      out.set(x.subarray(at, at + width), (i * source.length + place) * width);
    }
  }
  return out;
}

/** The way back: [count·places × width] to [count·tokens × width]. */
export function outOfWindows(x: Float32Array, width: number, { source }: Windows): Float32Array {
  const tokens = source.reduce((most, from) => Math.max(most, from + 1), 0);
  const count = x.length / (source.length * width);
  const out = new Float32Array(count * tokens * width);
  for (let i = 0; i < count; i++) {
    for (const [place, from] of source.entries()) {
      if (from < 0) continue;
      const at = (i * source.length + place) * width;
      out.set(x.subarray(at, at + width), (i * tokens + from) * width);
    }
  }
  return out;
}
