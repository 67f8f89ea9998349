import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { readTokenizer } from '../../src/model/format/tokenizer.ts';
import { BYTES } from './tokenizer-folder.ts';
import { temporaryFolder } from './write-checkpoint.ts';

describe('tokenizer.model', () => {
  function model(
    kind: number,
    pieces: [string, number, number][],
    normalizer?: (w: BinaryWriter) => void,
    removesSpaces: boolean | 'unsaid' = false,
  ): Uint8Array {
    const w = new BinaryWriter();
    for (const [piece, score, type] of pieces) {
      w.tag(1, WireType.LengthDelimited).fork();
      w.tag(1, WireType.LengthDelimited).string(piece);
      w.tag(2, WireType.Bit32).float(score);
      w.tag(3, WireType.Varint).int32(type);
      w.join();
    }
    w.tag(2, WireType.LengthDelimited).fork().tag(3, WireType.Varint).int32(kind).join();
    w.tag(3, WireType.LengthDelimited).fork();
    normalizer?.(w);
    if (removesSpaces !== 'unsaid') w.tag(4, WireType.Varint).bool(removesSpaces);
    w.join();
    return w.finish();
  }
  const reader = (bytes: Uint8Array) => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'tokenizer.model'), bytes);
    return readTokenizer(path);
  };
  const PIECES: [string, number, number][] = [
    ['<unk>', 0, 2],
    ['<s>', 0, 3],
    ...BYTES.map((byte): [string, number, number] => [byte, 0, 6]),
    ['▁', -7, 1],
    ['a', -6, 1],
    ['b', -5, 1],
    ['ab', -2, 1],
    ['ba', -1, 1],
    ['▁ab', -3, 1],
  ];
  const id = (piece: string) => PIECES.findIndex(([name]) => name === piece);

  it('of BPE merges by the scores of its pieces', () => {
    const bpe = reader(model(2, PIECES));
    expect(bpe.encode('aba abü')).toEqual([
      id('▁'),
      id('a'),
      id('ba'),
      id('▁ab'),
      id('<0xC3>'),
      id('<0xBC>'),
    ]);
    expect(bpe.decode(bpe.encode('aba abü'))).toBe('aba abü');
  });

  it('of unigrams takes the most likely pieces, and bytes', () => {
    const unigram = reader(model(1, PIECES, (w) => w.tag(3, WireType.Varint).bool(false)));
    expect(unigram.encode('ab abü')).toEqual([id('ab'), id('▁ab'), id('<0xC3>'), id('<0xBC>')]);
  });

  it('with rules of its own, of words, or broken, is refused for what it is', () => {
    const rules = (w: BinaryWriter) => void w.tag(2, WireType.LengthDelimited).bytes(new Uint8Array(8));
    expect(() => reader(model(1, PIECES, rules))).toThrow(/normalises texts by rules/);
    for (const removed of [true, 'unsaid'] as const)
      expect(() => reader(model(2, PIECES, undefined, removed))).toThrow(/removes spaces beside spaces/);
    expect(() => reader(model(3, PIECES))).toThrow(/words or characters/);
    expect(() => reader(new Uint8Array(0))).toThrow(/holds no pieces/);
    expect(() => reader(Uint8Array.of(0x0a, 0xff, 0xff))).toThrow(/not a readable SentencePiece model/);
    expect(() => reader(model(2, PIECES).subarray(0, 50))).toThrow(/not a readable SentencePiece model/);
  });
});
