import { type FolderFile, type Written, writeFolderAtomic } from '../../files/write-folder.ts';
import { writeFileAtomic } from '../../files/write.ts';
import type { PlotSpec } from '../../present/figure.ts';
import { writePlot } from '../../present/plot.ts';
import { remark } from './output.ts';

/** The one place where results become files, so that each is announced: on stderr, apart from what programs read. */
export const announce = (path: string): void => remark(`wrote ${path}`);

export function writeResult(path: string, data: string | Uint8Array): void {
  writeFileAtomic(path, data);
  announce(path);
}

/** A figure, as the ending of its name says. */
export async function writeFigure(path: string, spec: PlotSpec): Promise<void> {
  await writePlot(path, spec);
  announce(path);
}

/** A folder, whole or not at all. */
export async function writeFolder(
  path: string,
  files: readonly FolderFile[],
  options: { written: Written; signal?: AbortSignal },
): Promise<void> {
  await writeFolderAtomic(path, files, options);
  announce(path);
}
