import { GRANULARITIES } from '../../accuracy/windows/window-search.ts';
import { MOST_ROWS } from '../../design/computed.ts';
import { WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { DESIGN_FLAGS } from './arithmetic-flags.ts';
import { flag, type FlagsOf, oneOf, OUT_FILE, SWITCH, whole } from './flag.ts';
import { BLOCK_FLAG, DATA_FLAGS, FRESH_FLAG, modelFlag, tokensFlag } from './model-flags.ts';
import { jsonFlag } from './output.ts';

export const TUNE_FLAGS = [
  modelFlag(),
  ...DATA_FLAGS,
  BLOCK_FLAG,
  tokensFlag(4096),
  ...DESIGN_FLAGS,
  flag('--per', oneOf('<unit>', GRANULARITIES), `one window per ${GRANULARITIES.join(', ')}`, {
    default: 'layer',
  }),
  flag('--lut-size', whole(WINDOW_EXPONENTS, 32), 'exponents in the LUT', { default: WINDOW_EXPONENTS }),
  flag('--mantissa', whole(1, 7), 'mantissa bits of the temporal code', { default: 3 }),
  flag('--rows', whole(1, MOST_ROWS), 'inputs that share a sliding window: the array height', {
    default: 128,
  }),
  flag(
    '--calibration-tokens',
    whole(1, 1e12),
    'targets of the calibration pass (default: as many as it takes until twice as many choose the same)',
  ),
  flag('--greedy', SWITCH, "compare with the paper's greedy perplexity sweep"),
  FRESH_FLAG,
  flag('--out', OUT_FILE, 'write the windows for accuracy, simulate and lut'),
  flag('--plan', OUT_FILE, 'write the windows as a plan, with the design’s bits and groups, to be edited'),
  flag('--schema', SWITCH, 'print the JSON Schema of the window file'),
  jsonFlag('windows and comparison as JSON'),
] as const;
export type TuneFlags = FlagsOf<typeof TUNE_FLAGS>;
