import { SEPARATE, type SeparatePart } from '../../accuracy/score/accuracy-parts.ts';
import { METHODS } from '../../accuracy/study/methods.ts';
import { MugiError, unknownName } from '../../errors.ts';
import { ARITHMETIC_FLAGS, idleNonlinear } from './arithmetic-flags.ts';
import { FILE, flag, type FlagsOf, list, OUT_FILE, SWITCH, text } from './flag.ts';
import type { Idle } from './idle.ts';
import { METHODS_FLAG } from './method-flags.ts';
import { BLOCK_FLAG, DATA_FLAGS, FRESH_FLAG, modelFlag, tokensFlag } from './model-flags.ts';
import { csvFlag, jsonFlag } from './output.ts';

const GROUPS = ['all', 'none'] as const;
type PartWord = SeparatePart | (typeof GROUPS)[number];

function partNamed(key: string, name: string): PartWord {
  const words: readonly PartWord[] = [...SEPARATE, ...GROUPS];
  const found = words.find((word) => word === name);
  if (found === undefined) throw unknownName('part', name, words, key);
  return found;
}

/** The parts that words ask for. @throws MugiError for none beside others */
export function partsAsked(words: readonly PartWord[]): readonly SeparatePart[] {
  if (words.includes('none') && words.length > 1) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'parts names none and others',
      path: 'parts',
      expected: 'none alone, or the others',
      received: words.join(', '),
    });
  }
  return SEPARATE.filter((part) => words.includes('all') || words.includes(part));
}

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
    '--parts',
    list('<list>', partNamed, () => [...SEPARATE, ...GROUPS]),
    `what makes the loss of the first method up, a pass each: ${SEPARATE.join(', ')}, all or none (default: all; none where a pass takes minutes)`,
  ),
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

/** Those that a run would not use. */
export const idleMeasure = ({ method, windows, choices, reference }: MeasureFlags): Idle[] => [
  ...idleNonlinear(method ?? METHODS, windows),
  {
    flags: ['tokens', 'plot', 'transcribe', 'block', 'parts', 'reference', 'saveLogits'],
    when: choices !== undefined,
    because: 'has no effect: questions are scored in the place of a text',
    expected: '--choices without it',
  },
  {
    flags: ['saveLogits', 'transcribe'],
    when: reference !== 'stored',
    because: 'needs the stored model, which is not computed',
    expected: '--reference stored',
  },
];
