import { unpackedAsset } from '../../files/unpacked-asset.ts';

/** One text that is evaluated by itself: no block of tokens crosses from one document into the next. */
export interface TextDocument {
  name: string;
  text: string;
}

/**
 * The text that mugi-tiny and mugi-tiny-gelu were trained and validated on, as assets/text/README.md defines it:
 * addresses of US presidents (validation: from 2001 on) and Moby-Dick (validation: chapters 124 to 135 and the
 * epilogue). Every 16th document of the training text calibrates: 22 of 338, far more than a calibration reads. A package
 * leaves the training text itself out.
 */
export function embeddedText(slice: 'training' | 'validation' | 'calibration'): TextDocument[] {
  const documents = JSON.parse(unpackedAsset(`text/${slice}.json`)) as TextDocument[];
  return documents.map(({ name, text }) => ({ name, text: clean(text) }));
}

/** White space as the models know it: single spaces, none at the ends. */
const clean = (text: string): string => text.replace(/\s+/gu, ' ').trim();
