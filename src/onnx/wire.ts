import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** What a field of a message does with the bytes that follow its tag. */
export type Fields = Readonly<Record<number, (reader: BinaryReader, wire: WireType) => void>>;

/** Reads a message; fields that are not named are passed over. */
export function message(bytes: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (Object.hasOwn(fields, field)) {
      fields[field](reader, wire);
      if (reader.pos > reader.len) throw new RangeError('premature EOF');
    } else reader.skip(wire, field);
  }
}

const expect = (wire: WireType, wanted: WireType): void => {
  if (wire !== wanted) throw new RangeError(`a field has wire type ${wire} instead of ${wanted}`);
};

/** A message, bytes or a text of its own. */
export const inside =
  (use: (bytes: Uint8Array) => void) =>
  (reader: BinaryReader, wire: WireType): void => {
    expect(wire, WireType.LengthDelimited);
    use(reader.bytes());
  };

export const text =
  (use: (value: string) => void) =>
  (reader: BinaryReader, wire: WireType): void => {
    expect(wire, WireType.LengthDelimited);
    use(reader.string());
  };

/** Whole numbers, one or packed. */
export const whole =
  (use: (value: number) => void) =>
  (reader: BinaryReader, wire: WireType): void => {
    if (wire === WireType.Varint) return use(Number(reader.int64()));
    expect(wire, WireType.LengthDelimited);
    for (const end = ending(reader); reader.pos < end; ) use(Number(reader.int64()));
  };

/** Floats, one or packed. */
export const floats =
  (use: (value: number) => void) =>
  (reader: BinaryReader, wire: WireType): void => {
    if (wire === WireType.Bit32) return use(reader.float());
    expect(wire, WireType.LengthDelimited);
    for (const end = ending(reader); reader.pos < end; ) use(reader.float());
  };

function ending(reader: BinaryReader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('premature EOF');
  return end;
}
