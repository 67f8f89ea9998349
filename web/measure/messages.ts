import type { LossMeasurement, MeasuredDesign } from '../../src/accuracy/score/loss-increase.ts';
import type { Precision } from '../../src/accuracy/score/precision.ts';
import type { Distribution } from '../../src/accuracy/windows/profile.ts';
import type { ErrorDetails } from '../../src/errors.ts';

interface Common {
  /** An embedded model. */
  model: string;
  /** Targets. */
  tokens: number;
  /** Address of the page's folder, where `data/` lies. */
  base: string;
}

/** What the page asks of the worker that runs real models. */
export type Asked =
  | (Common & {
      kind: 'losses';
      designs: readonly MeasuredDesign[];
      /** What is measured for the output matrix, where it is priced otherwise than designs compute it. */
      head?: Precision['head'];
    })
  | (Common & { kind: 'profile' });

export type Stage = 'loading' | 'calibration' | 'measurement' | 'profile';

export type Told =
  | { kind: 'progress'; stage: Stage; done: number; total: number }
  | { kind: 'losses'; measurement: LossMeasurement }
  | { kind: 'profile'; distributions: readonly Distribution[] }
  | { kind: 'failed'; details: ErrorDetails };
