import type { Command } from 'commander';
import { unknownName } from '../../errors.ts';
import { designName } from '../../evaluate/metrics.ts';
import { answer } from '../../question/point.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, outFolder, text } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { jsonFlag, output } from '../options/output.ts';
import { evaluatedFlags, questionOf } from '../options/question-options.ts';
import { writeResult } from '../options/written.ts';
import { FILES } from '../../source/index.ts';
import { filesOf, FORMATS } from '../source/handover.ts';

const QUESTION_FLAGS = evaluatedFlags();
const FLAGS = [
  flag('--out', outFolder('<path>'), 'the folder to write to; for perfetto the file', { required: true }),
  flag('--hardware', text('<name>'), 'for llmservingsim: what its cluster configuration calls the design'),
  flag(
    '--model-name',
    text('<name>'),
    'for llmservingsim: what it calls the model (meta-llama/Llama-3.1-8B)',
  ),
  jsonFlag('print the files as JSON'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'export',
    description:
      'Results for other tools: a hardware bundle for LLMServingSim, tables for Accelergy, a trace for Perfetto',
    arguments: [{ name: '<format>', help: FORMATS.join(', '), offer: { words: () => FORMATS } }],
    flags: [...QUESTION_FLAGS, ...FLAGS],
    examples: [
      'mugi export llmservingsim --model llama-3.1-8b --model-name meta-llama/Llama-3.1-8B --out profiler/perf',
      'mugi export accelergy --design mugi-256 --out tables',
      'mugi export perfetto --design sa-16 --out trace.json',
    ],
    run: ({ words: [format], flags, given }) => run(format, flags, given),
  });

function run(word: string, flags: Flags, given: ReadonlySet<string>): void {
  const format = FORMATS.find((one) => one === word);
  if (format === undefined) throw unknownName('format', word, FORMATS);
  refuseIdle(
    given,
    [
      {
        flags: ['hardware', 'modelName'],
        when: format !== 'llmservingsim',
        because: 'is for llmservingsim alone',
      },
      {
        flags: ['batch', 'context', 'prefill'],
        when: format === 'llmservingsim',
        because: 'would change nothing: the bundle has a table over all of them',
      },
    ],
    format,
  );
  const asked = questionOf(flags, 'evaluate');
  const [evaluation] = answer(asked, FILES);
  const files = filesOf(format, asked, evaluation, flags);
  for (const { path, text: content } of files) writeResult(path, content);
  const paths = files.map(({ path }) => path);
  return output(flags, {
    json: () => ({ format, design: designName(evaluation), model: evaluation.workload.model, files: paths }),
    text: () => `${format}: ${paths.length === 1 ? paths[0] : `${paths.length} files in ${flags.out}`}\n`,
  });
}
