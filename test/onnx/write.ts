import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Writes ONNX files (onnx.proto3) for tests: sizes and settings only, weights as external data. */

export interface TensorSpec {
  name: string;
  dims: readonly number[];
  /** `TensorProto.DataType`: 1 float, 3 int8, 7 int64, 10 float16, 22 int4. */
  type?: number;
  /** Numbers of float or int64 tensors; without, the tensor lies in another file. */
  data?: readonly number[];
  /** The numbers as little-endian bytes instead of a list. */
  raw?: true;
}

export interface ValueSpec {
  name: string;
  /** A word is a size that is left open. */
  dims?: readonly (number | string)[];
  type?: number;
}

export interface NodeSpec {
  op: string;
  in: readonly string[];
  out: readonly string[];
  name?: string;
  domain?: string;
  /** Whole numbers, lists of them, texts, `{ float }`, tensors and graphs. */
  attributes?: Readonly<
    Record<string, number | readonly number[] | string | { float: number } | TensorSpec | GraphSpec>
  >;
}

export interface GraphSpec {
  nodes: readonly NodeSpec[];
  inputs?: readonly ValueSpec[];
  outputs?: readonly ValueSpec[];
  values?: readonly ValueSpec[];
  initializers?: readonly TensorSpec[];
}

type Write = (writer: BinaryWriter) => void;

const bytes = (write: Write): Uint8Array => {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
};
const whole = (writer: BinaryWriter, field: number, value: number): void =>
  void writer.tag(field, WireType.Varint).int64(value);
const text = (writer: BinaryWriter, field: number, value: string): void =>
  void writer.tag(field, WireType.LengthDelimited).string(value);
const inside = (writer: BinaryWriter, field: number, write: Write): void =>
  void writer.tag(field, WireType.LengthDelimited).bytes(bytes(write));

function tensor(writer: BinaryWriter, { name, dims, type = 1, data, raw }: TensorSpec): void {
  for (const size of dims) whole(writer, 1, size);
  whole(writer, 2, type);
  text(writer, 8, name);
  if (data === undefined) {
    inside(writer, 13, (entry) => {
      text(entry, 1, 'location');
      text(entry, 2, '../nowhere/weights.bin');
    });
    whole(writer, 14, 1);
  } else if (raw === true) {
    const view =
      type === 7
        ? new BigInt64Array(data.map(BigInt))
        : type === 6
          ? Int32Array.from(data)
          : Float32Array.from(data);
    writer.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(view.buffer));
  } else if (type === 7) inside(writer, 7, (packed) => data.forEach((value) => packed.int64(value)));
  else inside(writer, 4, (packed) => data.forEach((value) => packed.float(value)));
}

function value(writer: BinaryWriter, { name, dims, type = 1 }: ValueSpec): void {
  text(writer, 1, name);
  inside(writer, 2, (typed) =>
    inside(typed, 1, (inner) => {
      whole(inner, 1, type);
      if (dims === undefined) return;
      inside(inner, 2, (shape) => {
        for (const size of dims) {
          inside(shape, 1, (one) => {
            if (typeof size === 'number') whole(one, 1, size);
            else if (size !== '') text(one, 2, size);
          });
        }
      });
    }),
  );
}

function node(writer: BinaryWriter, { op, in: inputs, out, name, domain, attributes = {} }: NodeSpec): void {
  for (const one of inputs) text(writer, 1, one);
  for (const one of out) text(writer, 2, one);
  if (name !== undefined) text(writer, 3, name);
  text(writer, 4, op);
  if (domain !== undefined) text(writer, 7, domain);
  for (const [key, of] of Object.entries(attributes)) {
    inside(writer, 5, (attribute) => {
      text(attribute, 1, key);
      if (typeof of === 'number') whole(attribute, 3, of);
      else if (typeof of === 'string') text(attribute, 4, of);
      else if (Array.isArray(of)) for (const one of of as number[]) whole(attribute, 8, one);
      else if ('float' in of) attribute.tag(2, WireType.Bit32).float(of.float);
      else if ('nodes' in of) inside(attribute, 6, (inner) => graph(inner, of));
      else inside(attribute, 5, (inner) => tensor(inner, of as TensorSpec));
    });
  }
}

function graph(writer: BinaryWriter, spec: GraphSpec): void {
  for (const one of spec.nodes) inside(writer, 1, (inner) => node(inner, one));
  text(writer, 2, 'test');
  for (const one of spec.initializers ?? []) inside(writer, 5, (inner) => tensor(inner, one));
  for (const one of spec.inputs ?? []) inside(writer, 11, (inner) => value(inner, one));
  for (const one of spec.outputs ?? []) inside(writer, 12, (inner) => value(inner, one));
  for (const one of spec.values ?? []) inside(writer, 13, (inner) => value(inner, one));
}

/** The bytes of a model with a graph, and names of functions that it defines. */
export function onnxFile(spec: GraphSpec, functions: readonly string[] = []): Uint8Array {
  return bytes((writer) => {
    whole(writer, 1, 8);
    text(writer, 2, 'test');
    inside(writer, 7, (inner) => graph(inner, spec));
    inside(writer, 8, (opset) => whole(opset, 2, 17));
    for (const name of functions) {
      inside(writer, 25, (one) => {
        text(one, 1, name);
        text(one, 10, 'own');
      });
    }
  });
}
