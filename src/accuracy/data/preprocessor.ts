import { join } from 'node:path';
import type { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { kindAt, readJson } from '../../files/read.ts';

export const preprocessorFile = (folder: string): string => join(folder, 'preprocessor_config.json');

/**
 * How a Hugging Face folder prepares what its model reads; the schema's defaults where it has no file for it.
 * @param says what the file says, for errors
 * @param limit bytes of the file, at most
 * @throws MugiError for a file that is malformed
 */
export function readPreprocessor<T>(folder: string, schema: z.ZodType<T>, says: string, limit: number): T {
  const path = preprocessorFile(folder);
  // Hugging Face writes null for what a switched-off step does not need.
  const plain = (_: string, value: unknown) => (value === null ? undefined : value);
  const found =
    kindAt(path) === 'nothing' ? {} : readJson(path, { what: 'preprocessor configuration', limit }, plain);
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MugiError({
    code: 'invalid-file',
    message: `${says} cannot be read: ${issue.message}`,
    path: issue.path.length === 0 ? path : `${path}: ${issue.path.join('.')}`,
  });
}
