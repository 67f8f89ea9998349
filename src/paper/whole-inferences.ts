import { metrics } from '../evaluate/metrics.ts';
import { evaluatePoint } from '../question/point.ts';
import { GATES } from '../technology/gates.ts';

/** A whole inference on machines of 256 multiply-accumulates a cycle, priced by those on gates. */
export interface WholeInference {
  design: string;
  batch: number;
  /** On the chip, and with DRAM. */
  tokens_per_J: number;
  tokens_per_J_with_dram: number;
  tokens_per_s: number;
  area_mm2: number;
}

export const WHOLE_MODEL = 'llama-2-70b';
/** Mugi; the best array of BF16; FIGNA's integers with each data flow; and the best array of the ablation. */
export const WHOLE_DESIGNS = ['mugi-256', 'sa-8x32-os', 'sd-f-8x32', 'sa-f-8x32-os', 'pick-8x32'] as const;
export const WHOLE_BATCHES = [1, 8, 16] as const;

/** What a whole model takes on the arrays of the ablation: `mugi compare --technology gates`. */
export const wholeInferences = (): WholeInference[] =>
  WHOLE_DESIGNS.flatMap((design) =>
    WHOLE_BATCHES.map((batch) => {
      const found = metrics(evaluatePoint({ design, model: WHOLE_MODEL, batch, technology: GATES }));
      return {
        design,
        batch,
        tokens_per_J: found.tokens_per_J,
        tokens_per_J_with_dram: 1 / found.energy_per_token_with_dram_J,
        tokens_per_s: found.tokens_per_s,
        area_mm2: found.area_mm2,
      };
    }),
  );
