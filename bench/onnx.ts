/** ONNX models as protobuf bytes: the few messages of onnx.proto that the benches need. */

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
};

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** A protobuf field: whole number, text, or nested bytes. */
const field = (number: number, value: number | string | Uint8Array): Uint8Array => {
  if (typeof value === 'number') return Uint8Array.from([...varint(number << 3), ...varint(value)]);
  const body = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return join([Uint8Array.from([...varint((number << 3) | 2), ...varint(body.length)]), body]);
};
const message = (...fields: Uint8Array[]): Uint8Array => join(fields);

/** TensorProto.DataType */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT32 = 6;
export const INT64 = 7;

export function tensor(
  name: string,
  type: number,
  dims: readonly number[],
  data: Float32Array | Uint8Array,
): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(...dims.map((size) => field(1, size)), field(2, type), field(8, name), field(9, raw));
}

/** Name, type and shape of an input or output; a word as size is known only when the model runs. */
export function declaration(name: string, type: number, dims: readonly (number | string)[]): Uint8Array {
  const size = (dim: number | string) => field(typeof dim === 'number' ? 1 : 2, dim);
  const shape = message(...dims.map((dim) => field(1, size(dim))));
  return message(field(1, name), field(2, field(1, message(field(1, type), field(2, shape)))));
}

export interface Node {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** Whole numbers. */
  integers?: Readonly<Record<string, number>>;
  floats?: Readonly<Record<string, number>>;
  /** Default: ONNX itself. */
  domain?: string;
}

function node({ op, inputs, outputs, integers = {}, floats = {}, domain }: Node): Uint8Array {
  const fixed = (value: number): Uint8Array =>
    message(Uint8Array.of((2 << 3) | 5), new Uint8Array(Float32Array.of(value).buffer));
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, op),
    ...Object.entries(integers).map(([name, value]) =>
      field(5, message(field(1, name), field(3, value), field(20, 2))),
    ),
    ...Object.entries(floats).map(([name, value]) =>
      field(5, message(field(1, name), fixed(value), field(20, 1))),
    ),
    ...(domain === undefined ? [] : [field(7, domain)]),
  );
}

export interface Graph {
  nodes: readonly Node[];
  initializers: readonly Uint8Array[];
  inputs: readonly Uint8Array[];
  outputs: readonly Uint8Array[];
}

export function onnxModel({ nodes, initializers, inputs, outputs }: Graph): Uint8Array {
  const graph = message(
    ...nodes.map((each) => field(1, node(each))),
    field(2, 'g'),
    ...initializers.map((each) => field(5, each)),
    ...inputs.map((each) => field(11, each)),
    ...outputs.map((each) => field(12, each)),
  );
  const opset = (domain: string, version: number) => field(8, message(field(1, domain), field(2, version)));
  return message(field(1, 8), field(7, graph), opset('', 17), opset('com.microsoft', 1));
}
