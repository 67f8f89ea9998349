import { embeddedText } from '../../accuracy/data/embedded-text.ts';
import { arithmeticFor, precisionOf } from '../../accuracy/score/precision.ts';
import type { Stimulus } from '../../machine/whole/machine-energy.ts';
import { DEFAULT_MODEL } from '../../model/embedded.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';
import { openModel } from '../../model/load.ts';
import { layerOperands } from '../../model/operands.ts';
import { toBits } from '../../number/bf16.ts';
import { STATED } from '../../technology/whole-machine.ts';
import { REPAIRED_ARITHMETIC } from '../../vlp/arithmetic.ts';
import { quantizeWeights } from '../../vlp/quantize.ts';

/** Tokens of a block of text that goes through the model. */
const TOKENS = 128;
/** Tokens of one batch stand this far apart, so that they come from different words; a prime. */
const APART = 7;

/** Inner indices are taken in this stride, so that a short product sees channels of the whole layer; odd. */
const STRIDE = 83;

/** A layer's product, cut to inner indices that share a scale. */
interface Layer {
  activations: Uint16Array;
  weights: Int8Array;
  scales: Uint16Array;
  outputs: number;
}

/**
 * Products of the layers of the embedded model on its validation text: activations as they enter each matrix, in BF16, and
 * the matrices as INT4 with a scale for every 256 inputs. A lane is one layer, with tokens and outputs of its own.
 */
export async function layerStimulus(): Promise<{ name: string; draw: Stimulus }> {
  const opened = await openModel(DEFAULT_MODEL);
  const [{ text }] = embeddedText('validation');
  const ids = Int32Array.from(
    opened
      .tokenizer()
      .encode(text.slice(0, 16 * TOKENS))
      .slice(0, TOKENS),
  );
  const arithmetic = arithmeticFor(precisionOf(REPAIRED_ARITHMETIC), exactNonlinear);
  const batch = { kind: 'tokens' as const, ids, sequences: [{ rows: ids.length }] };
  const layers = layerOperands(opened.load(), batch, arithmetic).flatMap(
    ({ activations, weight }): Layer[] => {
      const { inputs, outputs } = weight;
      return Array.from({ length: Math.floor(inputs / STATED) }, (_, part) => {
        const cut = (values: Float32Array, rows: number) =>
          Float32Array.from(
            { length: rows * STATED },
            (__, i) => values[Math.floor(i / STATED) * inputs + part * STATED + (i % STATED)],
          );
        const { values, scales } = quantizeWeights(
          cut(weight.rows(0, outputs), outputs),
          outputs,
          STATED,
          STATED,
        );
        const patterns = Uint16Array.from(cut(activations, ids.length), toBits);
        return { activations: patterns, weights: values, scales, outputs };
      });
    },
  );
  return {
    name: `${DEFAULT_MODEL}, ${layers.length} matrices of its layers`,
    draw({ m, k, n }, lane) {
      // Neighbouring lanes take layers far apart, and later turns other outputs.
      const { activations, weights, scales, outputs } = layers[(lane * 11) % layers.length];
      const row = (i: number): number => (i + lane * n) % outputs;
      const inner = (i: number): number => ((i % k) * STRIDE) % STATED;
      const token = (i: number): number => (i * APART + lane * 3 + 1) % ids.length;
      return {
        m,
        k,
        n,
        group: k,
        activations: Uint16Array.from(
          { length: m * k },
          (_, i) => activations[token(Math.floor(i / k)) * STATED + inner(i)],
        ),
        weights: Int8Array.from(
          { length: n * k },
          (_, i) => weights[row(Math.floor(i / k)) * STATED + inner(i)],
        ),
        scales: Uint16Array.from({ length: n }, (_, i) => scales[row(i)]),
      };
    },
  };
}
