import { ARITHMETIC_FLAGS } from './arithmetic-flags.ts';
import { FILE, flag, type FlagsOf, real, SWITCH, text, whole } from './flag.ts';
import { METHOD_FLAG } from './method-flags.ts';
import { BLOCK_FLAG, DATA_FLAGS, modelFlag } from './model-flags.ts';
import { jsonFlag } from './output.ts';

export const GENERATE_FLAGS = [
  flag('--prompt', text('<text>'), 'text to continue'),
  flag('--chat', SWITCH, 'the prompt is a message, put into the chat template of the model', {
    onlyWith: '--prompt',
  }),
  flag('--system', text('<text>'), 'a message of the system before it', { onlyWith: '--chat' }),
  flag('--sound', FILE, 'for Whisper: WAV file whose words are written'),
  METHOD_FLAG,
  modelFlag(),
  ...DATA_FLAGS,
  BLOCK_FLAG,
  ...ARITHMETIC_FLAGS,
  flag('--max-tokens', whole(1, 1e6), 'tokens to add', { default: 100 }),
  flag('--temperature', real(0, 1e6, '<t>'), '0 takes the most likely token', { default: 0 }),
  flag('--seed', whole(0, 2 ** 32 - 1), 'seed of the sampling', { default: 1 }),
  jsonFlag('one object with the text and its token ids'),
] as const;
export type GenerateFlags = FlagsOf<typeof GENERATE_FLAGS>;
