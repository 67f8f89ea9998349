import { PbfReader } from 'pbf';

/** How the value of a field is written (protocol buffers, "Message Structure"). */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** What a field of a message does with the bytes that follow its tag. */
export type Fields = Readonly<Record<number, (reader: PbfReader, wire: number) => void>>;

/**
 * Reads a message; fields that are not named are passed over.
 * @throws Error for bytes that are no message: cut, or with groups, which nobody writes any more
 */
export function message(bytes: Uint8Array, fields: Fields): void {
  const reader = new PbfReader(bytes);
  while (reader.pos < reader.length) {
    const tag = reader.readVarint();
    const field = Math.floor(tag / 8);
    if (field < 1 || field >= 2 ** 29) throw new RangeError(`no field has the number ${field}`);
    if (Object.hasOwn(fields, field)) fields[field](reader, tag % 8);
    else reader.skip(tag);
    // The reader itself runs past the end in silence.
    if (reader.pos > reader.length) throw new RangeError('premature end');
  }
}

const expect = (wire: number, wanted: number): void => {
  if (wire !== wanted) throw new RangeError(`a field has wire type ${wire} instead of ${wanted}`);
};

/** A message, or bytes. */
export const inside =
  (use: (bytes: Uint8Array) => void) =>
  (reader: PbfReader, wire: number): void => {
    expect(wire, WIRE.bytes);
    const end = ending(reader);
    use(reader.buf.subarray(reader.pos, end));
    reader.pos = end;
  };

export const text =
  (use: (value: string) => void) =>
  (reader: PbfReader, wire: number): void => {
    expect(wire, WIRE.bytes);
    use(reader.readString());
  };

/** Whole numbers, one or packed. */
export const whole =
  (use: (value: number) => void) =>
  (reader: PbfReader, wire: number): void => {
    if (wire === WIRE.varint) return use(reader.readVarint(true));
    expect(wire, WIRE.bytes);
    for (const end = ending(reader); reader.pos < end; ) use(reader.readVarint(true));
  };

/** Floats, one or packed. */
export const floats =
  (use: (value: number) => void) =>
  (reader: PbfReader, wire: number): void => {
    if (wire === WIRE.fixed32) return use(reader.readFloat());
    expect(wire, WIRE.bytes);
    for (const end = ending(reader); reader.pos < end; ) use(reader.readFloat());
  };

/** Where the bytes end whose length stands next. */
function ending(reader: PbfReader): number {
  const length = reader.readVarint();
  const end = reader.pos + length;
  if (end > reader.length) throw new RangeError('premature end');
  return end;
}
