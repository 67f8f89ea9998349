import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';

export const TEXT = 'It was a bright cold day in April, and the clocks were striking thirteen. '.repeat(8);

export const WINDOWS = JSON.stringify({
  format: 'mugi-windows/1',
  model: 'mugi-tiny',
  mantissa_bits: 3,
  group_rows: 128,
  calibration: { text: 'embedded', tokens: 256 },
  windows: [
    { function: 'softmax', layer: 0, lo: -3, hi: 4, anchor: 'max' },
    { function: 'silu', lo: -4, hi: 3 },
  ],
});

/** Three images as IDX files, packed or not, and as PNG. */
export function images(): {
  idx: Uint8Array;
  packed: Uint8Array;
  labels: Uint8Array;
  png: Uint8Array;
  indexed: Uint8Array;
} {
  const header = Buffer.alloc(16);
  for (const [i, value] of [0x803, 3, 28, 28].entries()) header.writeUInt32BE(value, 4 * i);
  const idx = Buffer.concat([header, Buffer.alloc(3 * 784, 77)]);
  const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);
  const data = Uint8Array.from({ length: 784 }, (_, i) => i & 255);
  const png = encode({ width: 28, height: 28, channels: 1, depth: 8, data });
  const indexed = encode({
    width: 28,
    height: 28,
    channels: 1,
    depth: 8,
    data: data.map((value) => value & 1),
    palette: [
      [0, 0, 0],
      [255, 255, 255],
    ],
  });
  return { idx, packed: gzipSync(idx), labels, png, indexed };
}

/** Questions with choices, in the keys of several sets. */
export const CHOICES = [
  { ctx: 'a', endings: ['x', 'y', 'z'], label: '2' },
  { question: 'b', choices: { text: ['x', 'y'], label: ['A', 'B'] }, answerKey: 'B' },
  { goal: 'c', sol1: 'x', sol2: 'y', label: 0 },
]
  .map((item) => JSON.stringify(item))
  .join('\n');

/** Texts and questions as Parquet files, small enough that every byte of them comes to be changed. */
export const parquets = (): readonly Uint8Array[] => [
  parquetFile([{ name: 'text', data: ['a text', '', 'a text', 'another'], type: 'STRING' }]),
  parquetFile([
    { name: 'ctx', data: ['a', 'b'], type: 'STRING' },
    {
      name: 'endings',
      data: [
        ['x', 'y'],
        ['z', 'w'],
      ],
      type: 'JSON',
    },
    { name: 'label', data: [1n, 0n], type: 'INT64' },
  ]),
  parquetFile([{ name: 'text', data: Array.from({ length: 40 }, (_, i) => `${i % 3}`), type: 'STRING' }]),
];

const parquetFile = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']): Uint8Array =>
  new Uint8Array(parquetWriteBuffer({ columnData, statistics: false }));
