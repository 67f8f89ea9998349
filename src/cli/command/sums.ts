import { type Command, Option } from 'commander';
import { prepareData } from '../../accuracy/data/data.ts';
import { choose } from '../../accuracy/data/split.ts';
import { measureSums, SUM_PARTS, type SumPart, type SumRow } from '../../accuracy/study/sums.ts';
import { MugiError, unknownName, wholeNumber } from '../../errors.ts';
import { openModel } from '../../model/load.ts';
import { toCsv } from '../../present/csv.ts';
import { progress } from '../../present/progress.ts';
import { textTable } from '../../present/table.ts';
import { signed, verdict } from '../job/loss-text.ts';
import { list } from '../options/command.ts';
import { addModelOptions, type ModelOptions } from '../options/model-options.ts';

interface Options extends ModelOptions {
  contexts: number[];
  sums: SumPart[];
  fresh?: boolean;
  json?: boolean;
  csv?: boolean;
}

const EXAMPLES = `
Examples:
  mugi sums --contexts 256,512                          sums of softmax, of GEMM, and of whole designs
  mugi sums --sums softmax --contexts 4096 --tokens 8192
  mugi sums --model ~/Llama-2-7b-hf --text wiki.txt --contexts 1024,4096 --tokens 8192

What was found: docs/sums.md.`;

export function define(program: Command): void {
  const command = program
    .command('sums')
    .description('what the BF16 sums of a design, and each repair of them, cost a model at growing contexts');
  addModelOptions(command, 8192, 'mugi-tiny-4k')
    .option(
      '--contexts <list>',
      'lengths of the blocks, which are all whole',
      (text) => list('--contexts')(text).map((item) => wholeNumber('--contexts', Number(item), 4, 1 << 20)),
      [256, 512, 1024, 2048, 4096],
    )
    .option('--sums <list>', `which: ${SUM_PARTS.join(', ')}`, parts, [...SUM_PARTS])
    .option('--fresh', 'forget an interrupted run')
    .option('--json', 'rows as JSON')
    .addOption(new Option('--csv', 'rows as CSV').conflicts('json'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

function parts(text: string): SumPart[] {
  return list('--sums')(text).map((name) => {
    const found = SUM_PARTS.find((part) => part === name);
    if (found === undefined) throw unknownName('part', name, SUM_PARTS, '--sums');
    return found;
  });
}

async function run(options: Options): Promise<void> {
  const opened = await openModel(options.model);
  const blocksOf = new Map(
    options.contexts.map((context) => {
      const { test } = prepareData(opened, { ...options, block: context, calibrates: false });
      const whole = test.filter(({ scored }) => scored === context);
      if (whole.length > 0) return [context, choose(whole, options.tokens!)] as const;
      throw new MugiError({
        code: 'invalid-value',
        message: `the text has no whole block of ${context} tokens`,
        path: '--contexts',
        expected: `lengths of up to ${Math.max(0, ...test.map(({ scored }) => scored))}`,
        received: String(context),
      });
    }),
  );
  const model = opened.load();
  const rows: SumRow[] = [];
  for (const [context, blocks] of blocksOf) {
    const bar = progress(`sums at ${context}`, 1);
    rows.push(
      ...(await measureSums({
        opened,
        model,
        parts: options.sums,
        context,
        blocks,
        fresh: options.fresh,
        onProgress: (done, total) => bar.update(done / total, `${done} of ${total} targets`),
      })),
    );
    bar.stop();
  }
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (options.csv) process.stdout.write(toCsv(rows));
  else print(opened.name, rows);
}

function print(model: string, rows: readonly SumRow[]): void {
  const table = rows.map((row) => [
    String(row.context),
    row.sums,
    row.loss.toFixed(4),
    `− ${row.against}`,
    signed(row.loss_increase, row.loss_increase_ci95),
    verdict(row),
  ]);
  process.stdout.write(
    `${model}: ${rows[0].tokens} tokens at each context, nats a token; ± is a 95 % interval of the paired difference\n` +
      `softmax: VLP functions, everything else FP32; GEMM: INT4 weights, keys and values besides; designs: all they do\n\n` +
      `${textTable(['context', 'sums', 'loss', 'less', 'difference', 'verdict'], table)}\n`,
  );
}
