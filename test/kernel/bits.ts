/** FP32 values as bits, so that comparisons see signs of zero and NaN payloads. */
export const bitsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);
