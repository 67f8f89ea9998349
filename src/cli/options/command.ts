import type { Command } from 'commander';
import { MugiError, wholeNumber } from '../../errors.ts';

/** One command of the CLI: a file that adds itself to the program. Loaded only when it is asked for. */
export interface CommandModule {
  define(program: Command): void;
}

/** commander argument parser for a finite number; names the option in its error. */
export function number(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    throw new MugiError({
      code: 'invalid-value',
      message: `${option} must be a number`,
      path: option,
      expected: 'a finite number',
      received: text,
    });
  };
}

/** commander argument parser for `a,b,c`: trims, drops empty items, refuses an empty list. */
export function list(option: string): (text: string) => string[] {
  return (text) => {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (items.length > 0) return items;
    throw new MugiError({
      code: 'invalid-value',
      message: `${option} needs at least one item`,
      path: option,
      expected: 'a list a,b,…',
      received: text,
    });
  };
}

/** commander argument parser of `--tokens`: a number of targets, or all of them. */
export const targetCount = (text: string): number =>
  text === 'all' ? Infinity : wholeNumber('--tokens', number('--tokens')(text), 1, 1e12);
