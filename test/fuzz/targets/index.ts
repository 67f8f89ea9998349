import type { Dice } from '../mutate.ts';
import { CHECKPOINTS } from './checkpoints.ts';
import { COMMANDS } from './commands.ts';
import { DATA } from './data.ts';
import type { Target } from './target.ts';
import { WORKLOADS } from './workloads.ts';

export const TARGETS: readonly Target[] = [...WORKLOADS, ...CHECKPOINTS, ...DATA, ...COMMANDS];

/** The reader that an input is for: one of those asked for, if any are, each as often as its weight says. */
export function targetFor(dice: Dice, only: readonly string[] = []): Target {
  const wanted = only.length === 0 ? TARGETS : TARGETS.filter(({ name }) => only.includes(name));
  if (wanted.length === 1) return wanted[0];
  let at = dice.next() * wanted.reduce((sum, { weight }) => sum + weight, 0);
  return wanted.find(({ weight }) => (at -= weight) < 0) ?? wanted[0];
}
