import { COMPLETION_KEYS } from './completion.ts';
import { DESIGN_KEYS } from './design.ts';
import { EVALUATE_KEYS } from './evaluate.ts';
import { EXPLORE_KEYS } from './explore.ts';
import { MODEL_KEYS } from './model.ts';
import { NODE_KEYS } from './node.ts';
import { PAPER_KEYS } from './paper.ts';
import type { Keys } from './part.ts';

/** The commands in the order of the page. */
export const COMMAND_KEYS: Readonly<Record<string, Keys>> = {
  ...EVALUATE_KEYS,
  ...EXPLORE_KEYS,
  ...DESIGN_KEYS,
  ...NODE_KEYS,
  ...MODEL_KEYS,
  ...PAPER_KEYS,
  ...COMPLETION_KEYS,
};
