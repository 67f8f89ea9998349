import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { file } from './folder.ts';

/** A tokenizer of 300 entries and one of the Unigram kind. */
export const TOKENIZERS: readonly string[] = [
  (() => {
    const whole = JSON.parse(file('assets/models/mugi-tiny/tokenizer.json')) as {
      model: { vocab: Record<string, number>; merges: unknown[] };
    };
    whole.model.merges = whole.model.merges.slice(0, 40);
    whole.model.vocab = Object.fromEntries(Object.entries(whole.model.vocab).filter(([, id]) => id < 298));
    return JSON.stringify(whole);
  })(),
  JSON.stringify({
    version: '1.0',
    added_tokens: [{ id: 0, content: '<unk>', special: true }],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Prepend', prepend: '▁' }] },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: '\\s+|[a-z]+' }, behavior: 'Isolated', invert: false },
        { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
      ],
    },
    post_processor: null,
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0],
        ['▁', -1],
        ['a', -2],
        ['t', -2.5],
        ['▁at', -3],
      ],
    },
  }),
];

/** A tokenizer.model of SentencePiece: 1 is Unigram, 2 BPE. */
export function sentencePieces(kind: number): Uint8Array {
  const pieces: [string, number, number][] = [
    ['<unk>', 0, 2],
    ['<s>', 0, 3],
    ...Array.from({ length: 256 }, (_, i): [string, number, number] => [
      `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`,
      0,
      6,
    ]),
    ['▁', -7, 1],
    ['a', -6, 1],
    ['b', -5, 1],
    ['ab', -2, 1],
    ['▁ab', -3, 1],
  ];
  const w = new BinaryWriter();
  for (const [piece, score, type] of pieces) {
    w.tag(1, WireType.LengthDelimited).fork();
    w.tag(1, WireType.LengthDelimited).string(piece);
    w.tag(2, WireType.Bit32).float(score);
    w.tag(3, WireType.Varint).int32(type);
    w.join();
  }
  w.tag(2, WireType.LengthDelimited).fork().tag(3, WireType.Varint).int32(kind).join();
  w.tag(3, WireType.LengthDelimited).fork().tag(4, WireType.Varint).bool(false).join();
  return w.finish();
}
