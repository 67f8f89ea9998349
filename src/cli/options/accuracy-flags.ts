import { COMPARISON_TARGETS } from '../../accuracy/score/comparison-targets.ts';
import { DEFAULT_MODEL, EMBEDDED_MODELS } from '../../model/embedded.ts';
import { FILE, flag, type FlagsOf, type Reader, whole } from './flag.ts';

/** `true` without a value. */
const ACCURACY_MODEL: Reader<string | true> = {
  argument: '[model]',
  offer: { words: () => EMBEDDED_MODELS, paths: 'files' },
  read: (_, name) => name,
};

/** What a comparison of hardware measures on a real model. */
export const ACCURACY_FLAGS = [
  flag(
    '--accuracy',
    ACCURACY_MODEL,
    `measure what all that each design does (functions, INT4, BF16 sums) costs a real model: a folder with weights, a GGUF file or an embedded model (default: --model where it holds weights, else ${DEFAULT_MODEL})`,
  ),
  flag('--plan', FILE, 'what VLP, its bits and groups are, by layer and function (of mugi tune --plan)', {
    onlyWith: '--accuracy',
  }),
  flag('--accuracy-tokens', whole(1, 1e9), 'targets of that measurement', { default: COMPARISON_TARGETS }),
] as const;

/** The flags, and the model whose hardware is compared. */
export type AccuracyFlags = FlagsOf<typeof ACCURACY_FLAGS> & { model: string };
