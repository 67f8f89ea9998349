import type { Command } from 'commander';
import { readData } from '../../accuracy/data/data.ts';
import { choose } from '../../accuracy/data/split.ts';
import {
  checkMasked,
  checkMaskWindow,
  MASK_VARIANTS,
  measureMasks,
} from '../../accuracy/study/measure-masks.ts';
import { maskSuite } from '../../accuracy/study/mask-suite.ts';
import { rowsOf } from '../../accuracy/score/estimate.ts';
import { openShown } from '../source/opened.ts';
import { withProgress } from '../../present/progress.ts';
import { WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { DEFAULT_WINDOW } from '../../vlp/mode.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, real, SWITCH, WINDOW } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { BLOCK_FLAG, DATA_FLAGS, FRESH_FLAG, modelFlag, tokensFlag } from '../options/model-flags.ts';
import { csvFlag, jsonFlag, output, sayResumed } from '../options/output.ts';
import { announceWork } from '../source/estimate.ts';
import { contractRows, contractText, maskText } from '../show/mask.ts';

/** Leaves float32 scores a thousandth of their unit, and FP16 ones finite. */
const MAX_SHIFT = 4096;

const FLAGS = [
  modelFlag(),
  ...DATA_FLAGS,
  BLOCK_FLAG,
  tokensFlag(2048),
  flag('--window', WINDOW, `LUT window of ${WINDOW_EXPONENTS} exponents`, { default: DEFAULT_WINDOW }),
  flag(
    '--shift',
    real(-MAX_SHIFT, MAX_SHIFT),
    'subtracted from every score; leaves an exact softmax as it is',
    { default: 0 },
  ),
  FRESH_FLAG,
  flag(
    '--contract',
    SWITCH,
    'hold every method against the rows of the mask contract instead; runs no model',
  ),
  jsonFlag('variants and leaks as JSON'),
  csvFlag('variants as CSV'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'mask',
    description:
      'the mask experiment: VLP softmax on a causal model with an additive FP16 mask and a boolean one',
    flags: FLAGS,
    examples: [
      'mugi mask',
      'mugi mask --shift 16                    every masked entry overflows',
      'mugi mask --contract                    what masks ask of any exp unit, and who does it',
      'mugi mask --window -6..1 --model mugi-tiny-gelu',
      'mugi mask --model ~/Llama-2-7b-hf --text wiki.txt --tokens 8192',
    ],
    behind: 'What was found, and what is hypothesis: docs/mask.md.',
    run: ({ flags, given }) => (flags.contract === true ? contract(flags, given) : mask(flags)),
  });

/** Every method against the rows of the contract. */
async function contract(flags: Flags, given: ReadonlySet<string>): Promise<void> {
  refuseIdle(given, [
    {
      flags: [...given].filter((name) => !['contract', 'json', 'csv'].includes(name)),
      when: true,
      because: 'has no effect: the contract is a suite of rows, and runs no model',
    },
  ]);
  const held = maskSuite();
  const rows = contractRows(held);
  output(flags, { json: () => ({ contract: rows }), csv: () => rows, text: () => contractText(held) });
}

async function mask(flags: Flags): Promise<void> {
  const { window, shift, fresh } = flags;
  checkMaskWindow(window);
  const opened = await openShown(flags.model, flags.threads);
  checkMasked(opened);
  const { name: data, test } = await readData(opened, { ...flags, calibrates: false });
  const blocks = choose(test, flags.tokens);
  announceWork(opened, [{ rows: rowsOf(blocks), runs: MASK_VARIANTS }]);
  const result = await withProgress(
    'mask experiment',
    'targets',
    (onProgress) =>
      measureMasks({ opened, blocks, data, window, shift, fresh, onProgress, onResume: sayResumed }),
    'mask',
  );
  output(flags, {
    json: () => result,
    csv: () => result.rows,
    text: () => maskText(result, shift),
  });
}
