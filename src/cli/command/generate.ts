import type { Command } from 'commander';
import { openShown } from '../source/opened.ts';
import { idleNonlinear } from '../options/arithmetic-flags.ts';
import { define as command } from '../options/command.ts';
import { GENERATE_FLAGS, type GenerateFlags } from '../options/generate-flags.ts';
import { refuseIdle } from '../options/idle.ts';
import { continuePrompt, writeSound } from '../source/generation.ts';

export const define = (program: Command): void =>
  command<GenerateFlags>(program, {
    name: 'generate',
    description: 'text from a real model under the chosen arithmetic, streamed',
    flags: GENERATE_FLAGS,
    examples: [
      'mugi generate --prompt "My fellow Americans,"',
      'mugi generate --prompt "Call me Ishmael." --method exact',
      'mugi generate --prompt "The whale" --weights int4 --kv int4 --activations bf16 --temperature 0.8 --seed 7',
      'mugi generate --model ~/Llama-2-7b-hf --prompt "Once upon a time" --windows default',
      'mugi generate --model ~/Qwen2.5-0.5B-Instruct --chat --prompt "Who was Ishmael?"',
      'mugi generate --model ~/whisper-tiny --sound stew.wav --windows default',
    ],
    run: ({ flags, given }) => continued(flags, given),
  });

async function continued(flags: GenerateFlags, given: ReadonlySet<string>): Promise<void> {
  const { method, temperature, windows } = flags;
  refuseIdle(given, [
    ...idleNonlinear([method], windows),
    {
      flags: ['text', 'calibration', 'images', 'audio', 'testFrom', 'block'],
      when: method !== 'vlp' || windows !== 'auto',
      because: 'has no effect: a text is read only to choose the windows of VLP',
      expected: '--method vlp --windows auto beside it',
    },
    {
      flags: ['seed'],
      when: temperature === 0,
      because: 'has no effect: at temperature 0 the most likely token is taken',
      expected: '--temperature above 0 beside it',
    },
  ]);
  const opened = await openShown(flags.model, flags.threads);
  const { config } = opened;
  return config.family === 'whisper' ? writeSound(flags, opened, config) : continuePrompt(flags, opened);
}
