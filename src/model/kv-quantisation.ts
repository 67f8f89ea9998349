/** Tokens whose keys share a scale per channel; 32 as in KIVI (Liu et al., 2024), whose layout this is. */
export const KEY_GROUP = 32;

const MAX = 7;

/**
 * Keys [tokens × width] as symmetric INT4 (−7..7) and back: one scale for each channel of each complete group of
 * `KEY_GROUP` tokens. Tokens behind the last complete group are returned as they are.
 */
export function quantiseKeys(keys: Float32Array, width: number): Float32Array {
  const out = keys.slice();
  const tokens = keys.length / width;
  for (let first = 0; first + KEY_GROUP <= tokens; first += KEY_GROUP) {
    for (let c = 0; c < width; c++) quantise(out, first * width + c, width, KEY_GROUP);
  }
  return out;
}

/** Values [tokens × heads·headDim] as symmetric INT4 and back: one scale per token and head. */
export function quantiseValues(values: Float32Array, headDim: number): Float32Array {
  const out = values.slice();
  for (let at = 0; at < out.length; at += headDim) quantise(out, at, 1, headDim);
  return out;
}

function quantise(x: Float32Array, offset: number, stride: number, count: number): void {
  let max = 0;
  for (let i = 0; i < count; i++) max = Math.max(max, Math.abs(x[offset + i * stride]!));
  if (max === 0) return;
  const scale = max / MAX;
  for (let i = 0; i < count; i++) {
    const at = offset + i * stride;
    x[at] = Math.round(x[at]! / scale) * scale;
  }
}
