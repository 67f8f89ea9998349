import type { Command } from 'commander';
import { wholeBlocks } from '../../accuracy/data/whole-blocks.ts';
import { measureSums, SUM_PARTS, type SumRow } from '../../accuracy/study/sums.ts';
import { wholeNumber } from '../../errors.ts';
import { openShown } from '../source/opened.ts';
import { withProgress } from '../../present/progress.ts';
import { countOf } from '../../question/text.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, list, oneOf } from '../options/flag.ts';
import { DATA_FLAGS, FRESH_FLAG, modelFlag, tokensFlag } from '../options/model-flags.ts';
import { csvFlag, jsonFlag, output } from '../options/output.ts';
import { sumsText } from '../show/sums.ts';

const FLAGS = [
  modelFlag('mugi-tiny-4k'),
  ...DATA_FLAGS,
  tokensFlag(8192),
  flag(
    '--contexts',
    list('<list>', (key, text) => wholeNumber(key, countOf(key, text), 4, 1 << 20)),
    'lengths of the blocks, which are all whole',
    { default: [256, 512, 1024, 2048, 4096] },
  ),
  flag(
    '--sums',
    list('<list>', oneOf('<part>', SUM_PARTS).read, () => SUM_PARTS),
    `which: ${SUM_PARTS.join(', ')}`,
    {
      default: [...SUM_PARTS],
    },
  ),
  FRESH_FLAG,
  jsonFlag('rows as JSON'),
  csvFlag('rows as CSV'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'sums',
    description: 'what the BF16 sums of a design, and each repair of them, cost a model at growing contexts',
    flags: FLAGS,
    examples: [
      'mugi sums --contexts 256,512                          sums of softmax, of GEMM, and of whole designs',
      'mugi sums --sums softmax --contexts 4096 --tokens 8192',
      'mugi sums --model ~/Llama-2-7b-hf --text wiki.txt --contexts 1024,4096 --tokens 8192',
    ],
    behind: 'What was found: docs/sums.md.',
    run: ({ flags }) => sums(flags),
  });

async function sums(flags: Flags): Promise<void> {
  const { contexts, sums: parts, fresh } = flags;
  const opened = await openShown(flags.model, flags.threads);
  const blocksOf = new Map(
    contexts.map((context) => [context, wholeBlocks(opened, flags, context, flags.tokens)]),
  );
  const model = opened.load();
  const rows: SumRow[] = [];
  for (const [context, blocks] of blocksOf) {
    const measured = await withProgress(
      `sums at ${context}`,
      'targets',
      (onProgress) => measureSums({ opened, model, parts, context, blocks, fresh, onProgress }),
      'sums',
    );
    rows.push(...measured);
  }
  output(flags, { json: () => rows, csv: () => rows, text: () => sumsText(opened.name, rows) });
}
