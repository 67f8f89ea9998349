/** Zero crossings of the sinc on each side, and the Kaiser window's β: a stop band 90 dB down (Kaiser's formula). */
const CROSSINGS = 64;
const BETA = 9;
/** The cut-off as a share of the lower Nyquist frequency: the transition band ends there. */
const ROLL_OFF = 0.955;
/** Weights that are kept for the phases of a ratio of rates; more are computed anew. */
const MOST_WEIGHTS = 2 ** 21;

/**
 * A sound at another sampling rate: each new sample is the sum of the old ones around it, weighted by a windowed sinc
 * (J. O. Smith, "Digital Audio Resampling", band-limited interpolation) that passes what both rates can carry. Weights of a
 * phase add up to 1, so that a constant stays as it is.
 * @param most new samples that are wanted
 */
export function resample(samples: Float32Array, from: number, to: number, most = Infinity): Float32Array {
  if (from === to) return samples.subarray(0, most);
  const shared = divisor(from, to);
  const [down, up] = [from / shared, to / shared];
  const cut = (ROLL_OFF * Math.min(from, to)) / from;
  const reach = Math.ceil(CROSSINGS / cut);
  const kept = new Map<number, Float64Array>();
  const keeps = up * 2 * reach <= MOST_WEIGHTS;
  const weightsOf = (phase: number): Float64Array => {
    const known = kept.get(phase);
    if (known !== undefined) return known;
    const weights = weightsAt(phase / up, cut, reach);
    if (keeps) kept.set(phase, weights);
    return weights;
  };
  const out = new Float32Array(Math.min(most, Math.ceil((samples.length * up) / down)));
  for (let i = 0; i < out.length; i++) {
    const place = i * down;
    const first = Math.floor(place / up) - reach + 1;
    const weights = weightsOf(place % up);
    let sum = 0;
    // Outside the sound it is silent.
    const end = Math.min(weights.length, samples.length - first);
    for (let k = Math.max(0, -first); k < end; k++) sum += weights[k] * samples[first + k];
    out[i] = sum;
  }
  return out;
}

/** Weights of the samples at 1 − reach … reach from the one before a place that is `fraction` behind it. */
function weightsAt(fraction: number, cut: number, reach: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * reach }, (_, k) => {
    const x = k - reach + 1 - fraction;
    const inside = 1 - (x / reach) ** 2;
    return inside <= 0 ? 0 : sinc(cut * x) * bessel(BETA * Math.sqrt(inside));
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** I₀, the modified Bessel function of order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-16 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
