import { ARITHMETIC_FLAGS } from './arithmetic-flags.ts';
import { FILE, flag, type FlagsOf, OUT_FILE, SWITCH, text } from './flag.ts';
import { METHODS_FLAG } from './method-flags.ts';
import { BLOCK_FLAG, DATA_FLAGS, FRESH_FLAG, modelFlag, tokensFlag } from './model-flags.ts';
import { csvFlag, jsonFlag } from './output.ts';

/** Flags of `mugi accuracy`. */
export const MEASURE_FLAGS = [
  METHODS_FLAG,
  modelFlag(),
  ...DATA_FLAGS,
  BLOCK_FLAG,
  tokensFlag(4096),
  ...ARITHMETIC_FLAGS,
  flag('--transcribe', SWITCH, 'also write greedily what is said, and count wrong words', {
    onlyWith: '--audio',
  }),
  flag(
    '--reference',
    text('<which>', { words: () => ['stored', 'none'], paths: 'files' }),
    'what losses are compared with: stored, the model as it is, computed beside them; none, with weights in INT4 alone in memory; or a file of --save-logits, likewise',
    { default: 'stored' },
  ),
  flag('--save-logits', OUT_FILE, 'write the logits of the stored model for --reference (safetensors, F32)'),
  flag('--choices', FILE, 'instead of a text: multiple-choice questions, JSON lines (.jsonl) or .parquet'),
  FRESH_FLAG,
  flag('--plot', OUT_FILE, 'draw the losses as .svg, .png or .json'),
  jsonFlag('rows as JSON'),
  csvFlag('rows as CSV'),
] as const;
export type MeasureFlags = FlagsOf<typeof MEASURE_FLAGS>;
