import { z } from 'zod';
import { readChecked } from '../../files/checked-json.ts';
import type { FileKind } from '../../files/read.ts';
import { WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { type ExponentWindow, sizeOf } from '../../vlp/window.ts';

export const WINDOW_FILE_FORMAT = 'mugi-windows/1';

const KIND: FileKind = {
  what: 'window file',
  limit: 16 * 2 ** 20,
  expected: 'a file written by mugi tune',
};

/** A LUT window: IEEE exponents, both ends included, and the end that sliding windows keep to. */
export const WINDOW_SHAPE = {
  lo: z.number().int().min(-126).max(127),
  hi: z.number().int().min(-126).max(127),
  anchor: z.enum(['max', 'min']).default('max'),
};
export const wideEnough = (window: ExponentWindow): boolean => sizeOf(window) >= WINDOW_EXPONENTS;
export const TOO_NARROW = `a LUT window holds at least ${WINDOW_EXPONENTS} exponents (hi − lo ≥ ${WINDOW_EXPONENTS - 1})`;

const Entry = z
  .strictObject({
    /** `softmax`, or the activation: `silu`, `gelu`, … */
    function: z.string(),
    /** Layer from 0; all layers when left out. */
    layer: z.number().int().nonnegative().optional(),
    /** Heads from 0, softmax only; all heads when left out. */
    heads: z.array(z.number().int().nonnegative()).optional(),
    ...WINDOW_SHAPE,
  })
  .refine(wideEnough, TOO_NARROW);

/** A LUT window and where in a model it is used; later entries win over earlier ones. */
export type WindowEntry = z.infer<typeof Entry>;

const File = z.strictObject({
  format: z.literal(WINDOW_FILE_FORMAT),
  model: z.string(),
  mantissa_bits: z.number().int().min(1).max(7),
  group_rows: z.number().int().positive(),
  calibration: z.strictObject({ text: z.string(), tokens: z.number().int().nonnegative() }),
  windows: z.array(Entry).min(1),
});

/** What `mugi tune` writes and `mugi accuracy`, `simulate` and `lut` read. */
export type WindowFile = z.infer<typeof File>;

/** JSON Schema of a window file, for editors and other programs. */
export const windowFileSchema = (): object => z.toJSONSchema(File, { io: 'input' });

/** @throws MugiError for a missing file, invalid JSON, and keys or windows that are not valid */
export const readWindowFile = (path: string): WindowFile =>
  readChecked(
    path,
    KIND,
    File,
    (at) => Object.keys(at.length === 0 ? File.shape : Entry.shape),
    `format ${WINDOW_FILE_FORMAT} (mugi schema windows)`,
  );

export const windowFileText = (file: WindowFile): string => `${JSON.stringify(file, null, 2)}\n`;

/** The entry that holds for a function in a layer and head; the last that matches. */
export function windowFor(
  windows: readonly WindowEntry[],
  name: string,
  layer: number,
  head?: number,
): WindowEntry | undefined {
  return windows.findLast(
    (entry) =>
      entry.function === name &&
      (entry.layer === undefined || entry.layer === layer) &&
      (entry.heads === undefined || (head !== undefined && entry.heads.includes(head))),
  );
}
