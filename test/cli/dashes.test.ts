import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../../scripts/house.ts';
import { withDashes } from '../../src/cli/options/dashes.ts';
import { type ErrorDetails, MugiError } from '../../src/errors.ts';

const command = new Command('x')
  .option('--test-from <n>')
  .option('--window <lo..hi>')
  .option('--text <file>');
const dashed = (details: ErrorDetails): ErrorDetails =>
  (withDashes(new MugiError(details), command) as MugiError).details;

describe('the keys that the library names', () => {
  it('are flags on the command line: as a path, at the head of a message and in backticks', () => {
    expect(
      dashed({
        code: 'invalid-value',
        path: 'testFrom',
        message: 'testFrom must be a whole number',
        expected: 'a smaller `testFrom`, or `window` -4..3',
        nearest: '`testFrom` 3',
      }),
    ).toEqual({
      code: 'invalid-value',
      path: '--test-from',
      message: '--test-from must be a whole number',
      expected: 'a smaller --test-from, or --window -4..3',
      nearest: '--test-from 3',
    });
  });

  it('stay as they are where the command has no such flag', () => {
    const details = { code: 'invalid-value', path: 'block', message: 'a smaller `block` helps' } as const;
    expect(dashed(details)).toEqual(details);
  });

  it('are the flag of several where the command takes those', () => {
    const several = new Command('x').option('--designs <list>');
    const error = new MugiError({ code: 'unknown-name', path: 'design', message: 'unknown design "x"' });
    expect((withDashes(error, several) as MugiError).details.path).toBe('--designs');
  });

  it('are no flags where the path is a file', () => {
    const details = { code: 'invalid-file', path: 'text', message: 'text is empty' } as const;
    expect(dashed(details)).toEqual(details);
  });

  it('have no dashes in the library', () => {
    const library = sourceFiles('src').filter(({ path }) => !path.startsWith('src/cli/'));
    const lines = library.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line) =>
        // A sentence may name a whole command: `mugi accuracy --images`.
        /\b(path|message|expected|nearest):.*--[a-z]/.test(line.replace(/mugi [a-z]+ --[a-z-]+/g, ''))
          ? [`${path}: ${line.trim()}`]
          : [],
      ),
    );
    expect(lines).toEqual([]);
  });
});
