import { MugiError } from '../errors.ts';

export function truncated(file: string, expected: number, received: number, what: string): MugiError {
  return new MugiError({
    code: 'invalid-file',
    message: `the file is truncated: it ends inside ${what}`,
    path: file,
    expected: `at least ${expected} bytes`,
    received: `${received} bytes`,
  });
}
