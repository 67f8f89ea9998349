import { random } from '../../../src/number/random.ts';
import { encodeTensor, SMALL_LLAMA, smallLlama } from '../../model/write-checkpoint.ts';

/** A checkpoint of the small Llama whose matrices of layers are packed, and what its config.json says of it. */
export interface PackedCheckpoint {
  config: string;
  weights: Uint8Array;
}

interface Stored {
  dtype: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** Inputs that share a scale. */
const GROUP = 32;

/** The tensors in place of a matrix of `out` × `inputs`, behind its module's name. */
type Packing = (out: number, inputs: number, dice: () => number) => Record<string, Stored>;

const words = (rows: number, columns: number, dice: () => number): Stored => ({
  dtype: 'I32',
  shape: [rows, columns],
  bytes: new Uint8Array(Int32Array.from({ length: rows * columns }, () => dice() * 2 ** 32).buffer),
});
const scales = (rows: number, columns: number, dice: () => number): Stored => ({
  dtype: 'F16',
  shape: [rows, columns],
  bytes: encodeTensor(
    Float32Array.from({ length: rows * columns }, () => 0.01 + dice() / 50),
    'F16',
  ),
});

const PACKINGS: Readonly<Record<string, { config: object; pack: Packing }>> = {
  gptq: {
    config: { quant_method: 'gptq', bits: 4, group_size: GROUP },
    pack: (out, inputs, dice) => ({
      qweight: words(inputs / 8, out, dice),
      qzeros: words(inputs / GROUP, out / 8, dice),
      scales: scales(inputs / GROUP, out, dice),
    }),
  },
  awq: {
    config: { quant_method: 'awq', bits: 4, group_size: GROUP },
    pack: (out, inputs, dice) => ({
      qweight: words(inputs, out / 8, dice),
      qzeros: words(inputs / GROUP, out / 8, dice),
      scales: scales(inputs / GROUP, out, dice),
    }),
  },
  fp8: {
    config: { quant_method: 'fp8', weight_block_size: [128, 128] },
    pack: (out, inputs, dice) => ({
      weight: {
        dtype: 'F8_E4M3',
        shape: [out, inputs],
        bytes: Uint8Array.from({ length: out * inputs }, () => Math.floor(dice() * 64)),
      },
      weight_scale_inv: scales(1, 1, dice),
    }),
  },
  compressed: {
    config: {
      quant_method: 'compressed-tensors',
      format: 'pack-quantized',
      ignore: ['lm_head'],
      config_groups: {
        group_0: {
          targets: ['Linear'],
          weights: { num_bits: 4, type: 'int', symmetric: true, strategy: 'group', group_size: GROUP },
        },
      },
    },
    pack: (out, inputs, dice) => ({
      weight_packed: words(out, inputs / 8, dice),
      weight_scale: scales(out, inputs / GROUP, dice),
    }),
  },
};

function checkpoint({ config, pack }: { config: object; pack: Packing }): PackedCheckpoint {
  const dice = random(7);
  const stored: Record<string, Stored> = {};
  for (const [name, { shape, values }] of Object.entries(smallLlama())) {
    if (!name.includes('_proj.')) {
      stored[name] = { dtype: 'F32', shape, bytes: encodeTensor(values, 'F32') };
      continue;
    }
    const module = name.replace(/weight$/, '');
    for (const [part, tensor] of Object.entries(pack(shape[0], shape[1], dice)))
      stored[module + part] = tensor;
  }
  let at = 0;
  const header = Buffer.from(
    JSON.stringify(
      Object.fromEntries(
        Object.entries(stored).map(([name, { dtype, shape, bytes }]) => {
          const begin = at;
          at += bytes.length;
          return [name, { dtype, shape, data_offsets: [begin, at] }];
        }),
      ),
    ),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return {
    config: JSON.stringify({ ...SMALL_LLAMA, quantization_config: config }),
    weights: Buffer.concat([length, header, ...Object.values(stored).map(({ bytes }) => bytes)]),
  };
}

/** One checkpoint of each packing that is run. */
export const packedCheckpoints = (): PackedCheckpoint[] => Object.values(PACKINGS).map(checkpoint);
