import { gguf as writtenGguf } from '../seeds/checkpoints.ts';
import type { Dice } from '../mutate.ts';

/** A reader: makes a hostile input of a good one, and reads it as a command would. */
export interface Target {
  readonly name: string;
  /** How often it is tried: slow readers less often. */
  readonly weight: number;
  /** @param folder of this input alone is not: files of earlier inputs are written over */
  try(dice: Dice, folder: string): unknown;
}

/** Once in a while the whole command instead of its reader alone. */
export const WHOLE_COMMAND = 0.02;

export const once = <T>(make: () => T): (() => T) => {
  let value: { made: T } | undefined;
  return () => (value ??= { made: make() }).made;
};

export const gguf = once(writtenGguf);
