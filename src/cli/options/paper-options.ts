import { EMBEDDED_MODELS } from '../../model/embedded.ts';
import { FIGURE_TARGETS } from '../../paper/item.ts';
import { TECHNOLOGIES } from '../../technology/index.ts';
import { PUBLISHED_45 } from '../../technology/published-45.ts';
import { FILE, flag, type FlagsOf, outFolder, TARGETS, text, whole } from './flag.ts';
import { THREADS_FLAG } from './model-flags.ts';
import { csvFlag, jsonFlag } from './output.ts';

export const PAPER_FLAGS = [
  flag('--out', outFolder('<dir>'), 'write CSV, SVG and PNG of each item'),
  flag(
    '--model',
    text('<folder>', { words: () => EMBEDDED_MODELS, paths: 'files' }),
    'model folder or name, for items that run a real model',
  ),
  flag('--text', FILE, 'for such items: UTF-8 text (default: the embedded text)'),
  THREADS_FLAG,
  flag('--images', text('<path>', { paths: 'files' }), 'for such items: images or clips, as of accuracy'),
  flag('--audio', text('<path>', { paths: 'files' }), 'for such items: speech with its text, as of accuracy'),
  flag('--language', text('<code>'), 'language that is spoken (default: en)', { onlyWith: '--audio' }),
  flag('--block', whole(1, 2 ** 30), 'for such items: tokens per block'),
  flag('--tokens', TARGETS, `for such items: targets to score (default: ${FIGURE_TARGETS})`),
  flag(
    '--technology',
    text('<name>', { words: () => TECHNOLOGIES.map(({ name }) => name) }),
    'fig13: its costs over the published ones, part by part',
    {
      default: PUBLISHED_45.name,
    },
  ),
  jsonFlag('print JSON rows'),
  csvFlag('print CSV rows'),
] as const;
export type PaperFlags = FlagsOf<typeof PAPER_FLAGS>;
