import type { Command } from 'commander';
import { interruptible } from '../../files/interrupt.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, SWITCH } from '../options/flag.ts';
import { remark } from '../options/output.ts';
import { replyTo } from '../serve/reply.ts';
import { serve } from '../serve/serve.ts';
import { FILES } from '../../source/index.ts';

const FLAGS = [
  flag('--jsonl', SWITCH, 'one JSON object a line in and out, as it is anyway'),
  flag('--full', SWITCH, 'operators and components of a design too, as mugi evaluate --json prints them'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'serve',
    description:
      'Answers questions from standard input, one JSON object a line, in order, each with one line',
    flags: FLAGS,
    before:
      'A question has the keys of "mugi schema", and an "id" that its reply gives back. One design is answered as by\nmugi evaluate --json, several or a baseline as by mugi compare --json, a mistake by {"id", "error"}.',
    examples: [
      `echo '{"id": 1, "designs": ["mugi-256"], "batch": 4}' | mugi serve --jsonl`,
      'mugi serve --jsonl < questions.jsonl > replies.jsonl',
    ],
    run: ({ flags }) => run(flags),
  });

const INTERRUPTED = 'the replies until here are whole lines';

async function run({ full }: Flags): Promise<void> {
  const { stdin, stdout } = process;
  if (stdin.isTTY) remark('one question a line, such as {"designs": ["mugi-256"]}; Ctrl-D ends');
  const replying = { sources: FILES, full: full === true };
  await interruptible(
    (signal) => serve(stdin, stdout, (line, number) => replyTo(line, number, replying), signal),
    INTERRUPTED,
  );
}
