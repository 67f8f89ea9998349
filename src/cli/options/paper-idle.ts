import { MODEL_ITEMS } from '../../paper/index.ts';
import type { PaperEntry } from '../../paper/pure.ts';
import { PRESET_KEYS } from '../../question/question.ts';
import type { Idle } from './idle.ts';

/** The item that takes repairs. */
const REPAIRED = 'headlines';

/** Flags that do nothing for some items of the paper. */
export const idlePaper = (wanted: string, entries: readonly PaperEntry[]): Idle[] => [
  {
    flags: ['model', 'text', 'images', 'audio', 'threads', 'block', 'tokens'],
    when: !entries.some((entry) => MODEL_ITEMS.includes(entry)),
    because: `has no effect: ${wanted} runs no model`,
    expected: `one of ${MODEL_ITEMS.map(({ name }) => name).join(', ')} beside it`,
  },
  {
    flags: PRESET_KEYS,
    when: !entries.some(({ name }) => name === REPAIRED),
    because: `has no effect: ${wanted} shows its presets side by side`,
    expected: `${REPAIRED}, or mugi compare and mugi evaluate`,
  },
];
