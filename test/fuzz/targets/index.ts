import type { Dice } from '../mutate.ts';
import { CHECKPOINTS } from './checkpoints.ts';
import { COMMANDS } from './commands.ts';
import { DATA } from './data.ts';
import type { Target } from './target.ts';
import { WORKLOADS } from './workloads.ts';

export const TARGETS: readonly Target[] = [...WORKLOADS, ...CHECKPOINTS, ...DATA, ...COMMANDS];

const TOTAL = TARGETS.reduce((sum, { weight }) => sum + weight, 0);

/** The reader that an input is for. */
export function targetFor(dice: Dice, wanted?: string): Target {
  const known = TARGETS.find(({ name }) => name === wanted);
  if (known !== undefined) return known;
  let at = dice.next() * TOTAL;
  return TARGETS.find(({ weight }) => (at -= weight) < 0) ?? TARGETS[0];
}
