/**
 * onnxruntime as a peer: its MatMulNBits operator in a model of one node. The library is no dependency; a user who
 * has it says where, in MUGI_ONNXRUNTIME (the directory of the installed onnxruntime-node).
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, unknown>>;
  release(): Promise<void>;
}
interface Library {
  InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  Tensor: new (type: string, data: Float32Array, dims: readonly number[]) => unknown;
}

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
};
/** A protobuf field: whole number, text, or nested bytes. */
const field = (number: number, value: number | string | Uint8Array): Uint8Array => {
  if (typeof value === 'number') return Uint8Array.from([...varint(number << 3), ...varint(value)]);
  const body = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return join([Uint8Array.from([...varint((number << 3) | 2), ...varint(body.length)]), body]);
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
const message = (...fields: Uint8Array[]): Uint8Array => join(fields);
const FLOAT = 1;
const UINT8 = 2;

function tensor(name: string, type: number, dims: readonly number[], raw: Uint8Array): Uint8Array {
  return message(...dims.map((size) => field(1, size)), field(2, type), field(8, name), field(9, raw));
}

function declaration(name: string, dims: readonly number[]): Uint8Array {
  const shape = message(...dims.map((size) => field(1, field(1, size))));
  return message(field(1, name), field(2, field(1, message(field(1, FLOAT), field(2, shape)))));
}

/** ONNX model y = A·dequantise(B)ᵀ with 4-bit blocks (com.microsoft MatMulNBits). */
export function matMulNBitsModel(
  rows: number,
  inner: number,
  outputs: number,
  block: number,
  accuracy: number,
): Uint8Array {
  const attribute = (name: string, value: number) =>
    field(5, message(field(1, name), field(3, value), field(20, 2)));
  const blocks = inner / block;
  const codes = Uint8Array.from({ length: (outputs * inner) / 2 }, (_, i) => (i * 37) & 255);
  const scales = new Float32Array(outputs * blocks).fill(0.01);
  const node = message(
    field(1, 'A'),
    field(1, 'B'),
    field(1, 'S'),
    field(2, 'Y'),
    field(4, 'MatMulNBits'),
    attribute('K', inner),
    attribute('N', outputs),
    attribute('bits', 4),
    attribute('block_size', block),
    attribute('accuracy_level', accuracy),
    field(7, 'com.microsoft'),
  );
  const graph = message(
    field(1, node),
    field(2, 'g'),
    field(5, tensor('B', UINT8, [outputs, blocks, block / 2], codes)),
    field(5, tensor('S', FLOAT, [outputs * blocks], new Uint8Array(scales.buffer))),
    field(11, declaration('A', [rows, inner])),
    field(12, declaration('Y', [rows, outputs])),
  );
  const opset = (domain: string, version: number) => field(8, message(field(1, domain), field(2, version)));
  return message(field(1, 8), field(7, graph), opset('', 17), opset('com.microsoft', 1));
}

export interface Peer {
  run(): Promise<void>;
  close(): Promise<void>;
}

/** MatMulNBits with FP32 compute (accuracy level 1) on one thread, or undefined when the library is not there. */
export async function onnxruntimePeer(
  rows: number,
  inner: number,
  outputs: number,
  block: number,
): Promise<Peer | undefined> {
  const place = process.env.MUGI_ONNXRUNTIME;
  if (!place) return undefined;
  const library = createRequire(import.meta.url)(resolve(place)) as Library;
  const model = matMulNBitsModel(rows, inner, outputs, block, 1);
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await library.InferenceSession.create(model, options);
  const x = new library.Tensor('float32', new Float32Array(rows * inner).fill(0.5), [rows, inner]);
  return {
    run: async () => {
      await session.run({ A: x });
    },
    close: () => session.release(),
  };
}
