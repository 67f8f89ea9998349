import { MugiError } from '../../errors.ts';
import type { OnProgress } from '../../files/state.ts';
import { isDecoder } from '../../model/config/config.ts';
import { DEFAULT_MODEL } from '../../model/embedded.ts';
import type { OpenedModel } from '../../model/load.ts';
import { WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { type ExponentWindow, sizeOf } from '../../vlp/window.ts';
import type { Block } from '../data/blocks.ts';
import type { AccuracyRow } from '../score/accuracy-row.ts';
import { measureUnits } from '../score/measure.ts';
import { FULL_PRECISION } from '../score/precision.ts';
import { maskVariants } from './mask-experiment.ts';

/** What each mask costs, and in which layers the additive one leaks. JSON names. */
export interface MaskResult {
  window: ExponentWindow;
  rows: AccuracyRow[];
  leaks: { layer: number; masked: number; leaked: number; leaked_share: number }[];
}

/** Ways of computing: the exact softmax, which is that of the stored model, and three of VLP. */
export const MASK_VARIANTS = 4;

/** Refuses a window that slides, which would be a second difference between the variants. */
export function checkMaskWindow(window: ExponentWindow): void {
  if (sizeOf(window) === WINDOW_EXPONENTS) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `the mask experiment uses a window of exactly ${WINDOW_EXPONENTS} exponents`,
    path: 'window',
    received: `${window.lo}..${window.hi}`,
    nearest: `${window.hi - WINDOW_EXPONENTS + 1}..${window.hi}`,
  });
}

/** Refuses a model without a causal mask. */
export function checkMasked({ config }: Pick<OpenedModel, 'config'>): void {
  if (isDecoder(config)) return;
  throw new MugiError({
    code: 'unsupported',
    message: `a ${config.modelType} model has no causal mask`,
    path: 'model',
    expected: `a decoder, such as ${DEFAULT_MODEL}`,
  });
}

/** The mask experiment on blocks of text. */
export async function measureMasks(options: {
  opened: OpenedModel;
  blocks: readonly Block[];
  /** Name of the text. */
  data: string;
  window: ExponentWindow;
  /** Subtracted from every score; leaves an exact softmax as it is. */
  shift: number;
  fresh?: boolean;
  onProgress?: OnProgress;
  onResume?: (batches: number) => void;
}): Promise<MaskResult> {
  const { opened, window, shift, ...rest } = options;
  checkMaskWindow(window);
  checkMasked(opened);
  const { units, leaks } = maskVariants(opened.config, window, shift);
  const rows = await measureUnits(
    { opened, model: opened.load(), precision: FULL_PRECISION, ...rest },
    units,
    ['mask', window, shift],
  );
  return {
    window,
    rows,
    leaks: leaks.map(({ masked, leaked }, layer) => ({
      layer,
      masked,
      leaked,
      leaked_share: leaked / masked,
    })),
  };
}
