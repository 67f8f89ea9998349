/** A small network that makes biases of scores from offsets in a window: 2 → width → heads. */
export interface PositionBiasNetwork {
  /** [width × 2] and [width]. */
  first: Float32Array;
  bias: Float32Array;
  /** [heads × width] */
  second: Float32Array;
}

/** The largest bias. */
const MOST = 16;

/**
 * Continuous relative position bias (Liu et al., 2022, §3.3): offsets are spread over ±8, their logarithm is taken, and the
 * network's answer becomes 16·σ(…). It sees no input, so that it is made once.
 * @param trained side of the window that the network was trained on, where it was another one; else 0
 * @returns [heads × window² × window²]
 */
export function positionBias(
  { first, bias, second }: PositionBiasNetwork,
  heads: number,
  window: number,
  trained: number,
): Float32Array {
  const span = 2 * window - 1;
  const largest = (trained > 0 ? trained : window) - 1;
  const spread = (offset: number): number => {
    const scaled = largest > 0 ? (8 * offset) / largest : 8 * offset;
    return (Math.sign(scaled) * Math.log2(Math.abs(scaled) + 1)) / Math.log2(8);
  };
  const table = new Float64Array(heads * span * span);
  for (let y = 0; y < span; y++) {
    for (let x = 0; x < span; x++) {
      const [down, right] = [spread(y - window + 1), spread(x - window + 1)];
      const middle = Float64Array.from(bias, (b, i) =>
        Math.max(0, b + first[2 * i] * down + first[2 * i + 1] * right),
      );
      for (let head = 0; head < heads; head++) {
        let sum = 0;
        for (let i = 0; i < middle.length; i++) sum += second[head * middle.length + i] * middle[i];
        table[(head * span + y) * span + x] = MOST / (1 + Math.exp(-sum));
      }
    }
  }
  const tokens = window * window;
  const out = new Float32Array(heads * tokens * tokens);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < tokens; query++) {
      for (let key = 0; key < tokens; key++) {
        const y = Math.floor(query / window) - Math.floor(key / window) + window - 1;
        const x = (query % window) - (key % window) + window - 1;
        out[(head * tokens + query) * tokens + key] = table[(head * span + y) * span + x];
      }
    }
  }
  return out;
}
