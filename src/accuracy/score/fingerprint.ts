import { statSync } from 'node:fs';
import type { OpenedModel } from '../../model/load.ts';

/** Changes when the weights on disk do. */
export function fingerprint(opened: OpenedModel): unknown {
  const files = [...new Set([...opened.checkpoint.tensors.values()].map(({ file }) => file))].sort();
  return [opened.config, files.map((file) => [file, statSync(file).size, statSync(file).mtimeMs])];
}
