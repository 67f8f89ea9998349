import { unpackedAsset } from '../../files/unpacked-asset.ts';

/** One text that is evaluated by itself: no block of tokens crosses from one document into the next. */
export interface TextDocument {
  name: string;
  text: string;
}

/** Of the embedded training text every 16th document calibrates: 22 of 338, far more than a calibration reads. */
export const CALIBRATION_EVERY = 16;

/**
 * The text that mugi-tiny and mugi-tiny-gelu were trained and validated on, as assets/text/README.md defines it:
 * addresses of US presidents (validation: from 2001 on) and Moby-Dick (validation: chapters 124 to 135 and the
 * epilogue).
 */
export function embeddedText(slice: 'training' | 'validation'): TextDocument[] {
  const documents = JSON.parse(unpackedAsset(`text/${slice}.json`)) as TextDocument[];
  return documents.map(({ name, text }) => ({ name, text: clean(text) }));
}

/** White space as the models know it: single spaces, none at the ends. */
const clean = (text: string): string => text.replace(/\s+/gu, ' ').trim();
