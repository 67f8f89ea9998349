import { MugiError, unknownName } from '../../errors.ts';
import type { Vision } from '../../model/config/config.ts';

export interface RawImage {
  name: string;
  label: number;
  /** Interleaved channels, 0..255; frame by frame. */
  bytes: ArrayLike<number>;
}

/** Refuses images of a size that the model does not read. */
export function checkSize(
  path: string,
  width: number,
  height: number,
  channels: number,
  config: Vision,
): void {
  const { image } = config;
  if (width === image && height === image && channels === config.channels) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the images do not have the size the model reads',
    path,
    expected: `${image} × ${image}, ${config.channels} channels`,
    received: `${width} × ${height}, ${channels} channels`,
  });
}

/**
 * The label that a folder's name says: one of the model's names, or its number.
 * @throws MugiError for a folder whose name is not one of the labels
 */
export function labelOf(name: string, config: Vision, path: string): number {
  const byName = config.labels.indexOf(name);
  if (byName >= 0) return byName;
  if (/^\d+$/.test(name)) return checkLabel(Number(name), config, path);
  throw unknownName('label', name, config.labels, path);
}

export function checkLabel(label: number, config: Vision, path: string): number {
  if (label < config.labels.length) return label;
  throw new MugiError({
    code: 'invalid-file',
    message: `label ${label} is not one of the model's ${config.labels.length} labels`,
    path,
  });
}
