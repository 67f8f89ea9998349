import { MugiError } from '../errors.ts';

/**
 * A window of IEEE exponents, inclusive: |x| = (1+f)·2^E is inside when lo ≤ E ≤ hi. (Fig. 4 and 5 of the paper
 * count exponents one higher, as C's frexp does: its [−3, 4] is [−4, 3] here.)
 */
export interface ExponentWindow {
  lo: number;
  hi: number;
}

/** Which end of a group's exponents the sliding window holds on to (Mugi §3.3). */
export type Anchor = 'max' | 'min';

const LIMITS = { min: -126, max: 127 };

/** Refuses windows that are upside down, not whole, or outside BF16's normal exponents. */
export function checkWindow(window: ExponentWindow, path = 'window'): ExponentWindow {
  const { lo, hi } = window;
  const fail = (message: string, nearest?: string): never => {
    throw new MugiError({
      code: 'invalid-value',
      message,
      path,
      expected: `whole exponents lo..hi, ${LIMITS.min} ≤ lo ≤ hi ≤ ${LIMITS.max}, at most 64 of them`,
      received: `${lo}..${hi}`,
      nearest,
    });
  };
  if (!Number.isInteger(lo) || !Number.isInteger(hi)) fail('the ends of a window must be whole exponents');
  if (lo > hi) fail('the window is upside down: its lowest exponent is above its highest', `${hi}..${lo}`);
  if (lo < LIMITS.min || hi > LIMITS.max) {
    fail(
      'the window leaves the normal BF16 exponents',
      `${Math.max(lo, LIMITS.min)}..${Math.min(hi, LIMITS.max)}`,
    );
  }
  if (hi - lo >= 64) fail('a LUT window holds at most 64 exponents', `${hi - 63}..${hi}`);
  return window;
}

/**
 * `-4..3` as a window.
 * @throws MugiError for other text, and windows that `checkWindow` refuses
 */
export function parseWindow(text: string, path = 'window'): ExponentWindow {
  const match = /^\s*([+-]?\d+)\s*(?:\.\.|:)\s*([+-]?\d+)\s*$/.exec(text);
  if (match === null) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'a window is written as lowest..highest exponent',
      path,
      expected: 'for example -4..3',
      received: text,
    });
  }
  return checkWindow({ lo: Number(match[1]), hi: Number(match[2]) }, path);
}

export function showWindow({ lo, hi }: ExponentWindow): string {
  return `[${lo}, ${hi}]`;
}

/** Number of exponents stored: the paper's "LUT size". */
export function sizeOf({ lo, hi }: ExponentWindow): number {
  return hi - lo + 1;
}

/**
 * The part of `window`, at most `columns` exponents wide, that serves a group whose extreme live exponent is
 * `extreme` (largest for `max`, smallest for `min`); undefined when the group has no live input.
 */
export function slide(
  window: ExponentWindow,
  anchor: Anchor,
  columns: number,
  extreme: number | undefined,
): ExponentWindow {
  const { lo, hi } = window;
  if (anchor === 'max' || extreme === undefined) {
    const top = Math.max(lo, Math.min(extreme ?? hi, hi));
    return { lo: Math.max(top - columns + 1, lo), hi: top };
  }
  const bottom = Math.min(Math.max(extreme, lo), hi);
  return { lo: bottom, hi: Math.min(bottom + columns - 1, hi) };
}
