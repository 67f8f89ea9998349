/**
 * Features of speech as Whisper reads them (Radford et al., 2022, §2.2; transformers' WhisperFeatureExtractor): powers of a
 * short-time Fourier transform, summed in bands of the mel scale, their logarithm within 8 decades of the loudest.
 */

export interface MelSettings {
  /** Bands. */
  bins: number;
  /** Samples a second. */
  rate: number;
  /** Samples between two frames, and in one. */
  hop: number;
  frame: number;
  /** Samples of every sound: shorter ones are padded, longer ones cut. */
  length: number;
  /** What shorter ones are padded with. */
  padding: number;
}

/** Highest frequency that a band covers, in Hz. */
const HIGHEST = 8000;
/** Powers below count as this. */
const SILENCE = 1e-10;

/** @returns [bins × length / hop], about −1 to 1 */
export function logMel(samples: Float32Array, settings: MelSettings): Float32Array {
  const { bins, hop, frame, length, padding } = settings;
  const sound = new Float32Array(length).fill(padding);
  sound.set(samples.subarray(0, length));
  const frames = Math.floor(length / hop);
  const bands = melBands(settings);
  const spectrum = powerSpectrum(frame);
  const out = new Float32Array(bins * frames);
  const window = new Float64Array(frame);
  let loudest = -Infinity;
  for (let t = 0; t < frames; t++) {
    // Frames are centred; the sound is mirrored at its ends, without repeating the outermost sample.
    for (let i = 0; i < frame; i++) window[i] = sound[mirrored(t * hop + i - frame / 2, length)];
    const power = spectrum(window);
    for (const [bin, { from, weights }] of bands.entries()) {
      let sum = 0;
      for (const [i, weight] of weights.entries()) sum += weight * power[from + i];
      const value = Math.log10(Math.max(sum, SILENCE));
      out[bin * frames + t] = value;
      loudest = Math.max(loudest, value);
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = (Math.max(out[i], loudest - 8) + 4) / 4;
  return out;
}

function mirrored(i: number, length: number): number {
  const period = 2 * (length - 1);
  const at = ((i % period) + period) % period;
  return at < length ? at : period - at;
}

/**
 * Squared magnitudes of the first half of a discrete Fourier transform under Hann's window. A frame of 400 has no power of
 * two as its length: sums and differences of mirrored samples halve the plain sum instead.
 */
function powerSpectrum(size: number): (samples: Float64Array) => Float64Array {
  const hann = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  const cosines = Float64Array.from({ length: size }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sines = Float64Array.from({ length: size }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  const half = Math.floor(size / 2);
  const power = new Float64Array(half + 1);
  const [even, odd] = [new Float64Array(half + 1), new Float64Array(half + 1)];
  return (samples) => {
    let silent = true;
    for (let i = 0; i <= half; i++) {
      const [a, b] = [hann[i] * samples[i], i === 0 ? 0 : hann[size - i] * samples[size - i]];
      // Of an even size the middle sample has no partner.
      const alone = i === 0 || 2 * i === size;
      even[i] = alone ? a : a + b;
      odd[i] = alone ? 0 : a - b;
      if (even[i] !== 0 || odd[i] !== 0) silent = false;
    }
    if (silent) return power.fill(0);
    for (let k = 0; k <= half; k++) {
      let [real, imaginary] = [0, 0];
      for (let i = 0, turn = 0; i <= half; i++) {
        real += even[i] * cosines[turn];
        imaginary += odd[i] * sines[turn];
        turn += k;
        if (turn >= size) turn -= size;
      }
      power[k] = real * real + imaginary * imaginary;
    }
    return power;
  };
}

/** Weights of the frequencies of one band, from the first that counts on. */
interface Band {
  from: number;
  weights: Float64Array;
}

/** Triangles between neighbours on the mel scale, of equal area (Slaney, Auditory Toolbox, 1998). */
function melBands({ bins, frame, rate }: MelSettings): Band[] {
  const top = toMel(HIGHEST);
  const corners = Array.from({ length: bins + 2 }, (_, i) => toHertz((i * top) / (bins + 1)));
  return Array.from({ length: bins }, (_, bin) => {
    const [low, middle, high] = corners.slice(bin, bin + 3);
    const weights = Array.from({ length: Math.floor(frame / 2) + 1 }, (_w, k) => {
      const f = (k * rate) / frame;
      const inside = Math.min((f - low) / (middle - low), (high - f) / (high - middle));
      return (2 / (high - low)) * Math.max(0, inside);
    });
    const from = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const to = weights.findLastIndex((weight) => weight > 0) + 1;
    return { from, weights: Float64Array.from(weights.slice(from, to)) };
  });
}

/** Slaney's mel scale: linear to 1 kHz, 15 mel; logarithmic above, 27 mel for a factor of 6.4. */
const [LINEAR, CORNER, STEP] = [200 / 3, 1000, Math.log(6.4) / 27];
const toMel = (hertz: number): number =>
  hertz < CORNER ? hertz / LINEAR : CORNER / LINEAR + Math.log(hertz / CORNER) / STEP;
const toHertz = (mel: number): number =>
  mel < CORNER / LINEAR ? mel * LINEAR : CORNER * Math.exp(STEP * (mel - CORNER / LINEAR));
