/**
 * onnxruntime as a peer. The library is no dependency; a user who has it says where, in MUGI_ONNXRUNTIME (the
 * directory of the installed onnxruntime-node).
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { declaration, FLOAT, onnxModel, tensor, UINT8 } from './onnx.ts';

export interface OnnxTensor {
  data: Float32Array | Int32Array | BigInt64Array;
  dims: readonly number[];
}
export interface Session {
  run(feeds: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}
export interface Library {
  InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  Tensor: new (type: string, data: OnnxTensor['data'], dims: readonly number[]) => OnnxTensor;
}

/** The library that MUGI_ONNXRUNTIME names, or undefined where it names none. */
export function onnxruntime(): Library | undefined {
  const place = process.env.MUGI_ONNXRUNTIME;
  return place ? (createRequire(import.meta.url)(resolve(place)) as Library) : undefined;
}

/** What to say when it is not there. */
export const SKIPPED =
  'onnxruntime: SKIPPED, set MUGI_ONNXRUNTIME to the directory of an installed onnxruntime-node';

/** A session on one thread. */
export const oneThread = (library: Library, model: Uint8Array): Promise<Session> =>
  library.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });

/** ONNX model y = A·dequantise(B)ᵀ with 4-bit blocks (com.microsoft MatMulNBits). */
function matMulNBitsModel(
  rows: number,
  inner: number,
  outputs: number,
  block: number,
  accuracy: number,
): Uint8Array {
  const blocks = inner / block;
  const codes = Uint8Array.from({ length: (outputs * inner) / 2 }, (_, i) => (i * 37) & 255);
  const scales = new Float32Array(outputs * blocks).fill(0.01);
  return onnxModel({
    nodes: [
      {
        op: 'MatMulNBits',
        inputs: ['A', 'B', 'S'],
        outputs: ['Y'],
        integers: { K: inner, N: outputs, bits: 4, block_size: block, accuracy_level: accuracy },
        domain: 'com.microsoft',
      },
    ],
    initializers: [
      tensor('B', UINT8, [outputs, blocks, block / 2], codes),
      tensor('S', FLOAT, [outputs * blocks], scales),
    ],
    inputs: [declaration('A', FLOAT, [rows, inner])],
    outputs: [declaration('Y', FLOAT, [rows, outputs])],
  });
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
  const library = onnxruntime();
  if (!library) return undefined;
  const session = await oneThread(library, matMulNBitsModel(rows, inner, outputs, block, 1));
  const x = new library.Tensor('float32', new Float32Array(rows * inner).fill(0.5), [rows, inner]);
  return {
    run: async () => {
      await session.run({ A: x });
    },
    close: () => session.release(),
  };
}
