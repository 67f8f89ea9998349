let halfTable: Float32Array | undefined;

/** All 65,536 half-precision values (IEEE 754 binary16) as float32, indexed by their bits. */
export function halfValues(): Float32Array {
  if (halfTable) return halfTable;
  halfTable = new Float32Array(65_536);
  for (let bits = 0; bits < 65_536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0x1f) halfTable[bits] = fraction === 0 ? sign * Infinity : Number.NaN;
    else if (exponent === 0) halfTable[bits] = sign * fraction * 2 ** -24;
    else halfTable[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return halfTable;
}
