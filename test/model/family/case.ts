import type { Features } from '../reference-decoder.ts';
import type { Shapes } from '../family-shapes.ts';
import type { TestTensors } from '../write-checkpoint.ts';

/** A decoder that is run, and the reference that it is held to. */
export interface Case {
  /** The family, and what of it is switched on. */
  title: string;
  type: string;
  config: object;
  shapes: Shapes;
  features: (t: TestTensors) => Partial<Features>;
}
