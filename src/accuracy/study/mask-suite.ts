import { APPROXIMATIONS, approximationNamed } from '../../approximation/index.ts';
import { maskContract, type MaskOutcome, rowSoftmax } from '../../approximation/mask-contract.ts';
import { sharedKernels } from '../../model/weight/kernel-memory.ts';
import { MODES } from '../../vlp/mode.ts';

/** A unit and how it stands to each row. */
export interface MaskedUnit {
  unit: string;
  outcomes: MaskOutcome[];
}

/** VLP as runs of models compute it. */
function onKernels(scores: Float32Array, masked: Uint8Array | undefined): Float32Array {
  const out = new Float32Array(scores.length);
  const call = { scores, out, rows: 1, cols: scores.length };
  sharedKernels().softmax({})(masked === undefined ? call : { ...call, masked });
  return out;
}

/** Every method that has a softmax, VLP in each of its modes. */
export function maskSuite(): MaskedUnit[] {
  const held = (unit: string, name: string, options = {}): MaskedUnit => ({
    unit,
    outcomes: maskContract(rowSoftmax(approximationNamed(name, options).softmax())),
  });
  // Partial approximation replaces SiLU only.
  const others = Object.keys(APPROXIMATIONS).filter((name) => name !== 'vlp' && name !== 'pa');
  return [
    ...MODES.map((mode) =>
      held(`vlp ${mode}`, 'vlp', { vlp: { mode, ...(mode === 'artifact' ? { float16: true } : {}) } }),
    ),
    held('vlp reduced range', 'vlp', { vlp: { range: 'reduced' } }),
    held('vlp 1/sum by vlp', 'vlp', { vlp: { normalise: 'vlp' } }),
    { unit: 'vlp on kernels', outcomes: maskContract(onKernels) },
    ...others.map((name) => held(name, name)),
  ];
}
