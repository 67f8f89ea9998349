/**
 * Activation functions by the names that Hugging Face files use (transformers, `ACT2FN`), in one table: the
 * function that a checkpoint is run with, and the one of the hardware's nonlinear functions that it costs.
 */

/** Functions as a checkpoint computes them. */
export type ActivationName = 'silu' | 'gelu' | 'gelu-tanh' | 'gelu-quick' | 'relu';

/** Functions of the hardware (Mugi §2.2); all forms of GELU are one. */
export type HardwareActivation = 'silu' | 'gelu' | 'relu';

export interface Activation {
  /** What is computed; absent where only the cost is known. */
  exact?: ActivationName;
  hardware: HardwareActivation;
  /** The result is multiplied by itself. */
  squared?: true;
  /** What the hardware's function leaves out, for a note. */
  note?: string;
}

const gelu = (exact: ActivationName): Activation => ({ exact, hardware: 'gelu' });

export const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  silu: { exact: 'silu', hardware: 'silu' },
  swish: { exact: 'silu', hardware: 'silu' },
  gelu: gelu('gelu'),
  gelu_python: gelu('gelu'),
  gelu_new: gelu('gelu-tanh'),
  gelu_fast: gelu('gelu-tanh'),
  gelu_accurate: gelu('gelu-tanh'),
  gelu_pytorch_tanh: gelu('gelu-tanh'),
  quick_gelu: gelu('gelu-quick'),
  relu: { exact: 'relu', hardware: 'relu' },
  relu2: { hardware: 'relu', squared: true },
  swigluoai: { hardware: 'silu', note: 'counted as silu; its clamp and the sum of one are not counted' },
  situ: { hardware: 'silu', note: 'counted as silu' },
};
