import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { wavFile } from '../accuracy/sounds.ts';
import { ran } from '../fuzz/command-line.ts';
import { type Dice, dice, mutateBytes, mutateJson, mutateText } from '../fuzz/mutate.ts';
import { LONGEST_MESSAGE, unfit } from '../fuzz/outcome.ts';
import * as checkpoints from '../fuzz/seeds/checkpoints.ts';
import * as data from '../fuzz/seeds/data.ts';
import { folderOf } from '../fuzz/seeds/folder.ts';
import { sentencePieces, TOKENIZERS } from '../fuzz/seeds/tokenizers.ts';
import { CONFIGS, DESIGNS } from '../fuzz/seeds/workloads.ts';
import { whisperFolder } from '../model/whisper-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
process.env['MUGI_CACHE'] = join(folder, 'cache');

const { config, weights } = checkpoints.checkpointFiles();
const llama2c = checkpoints.llama2c();
const good = {
  'config.json': config,
  'model.safetensors': weights,
  'tokenizer.json': TOKENIZERS[1]!,
};
const at = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const cut = (bytes: Uint8Array, { below }: Dice): Uint8Array => bytes.subarray(0, below(bytes.length));
const brief = ['--method', 'exact', '--arithmetic', 'stored', '--max-tokens', '2', '--prompt', 'ab'];
const generates = (model: string): string[] => ['generate', '--model', model, ...brief];
const profiles = ['profile', '--tokens', '32', '--block', '16'];

const whisper = whisperFolder();

/** Writes a file that is not what it should be, and names the command that reads it. */
const KINDS: Record<string, (one: Dice) => string[]> = {
  'a header of safetensors': (one) =>
    generates(
      folderOf(join(folder, 'a'), { ...good, 'model.safetensors': mutateBytes(weights.slice(0, 900), one) }),
    ),
  'tensors that are cut': (one) =>
    generates(folderOf(join(folder, 'b'), { ...good, 'model.safetensors': cut(weights, one) })),
  'a configuration to run': (one) =>
    generates(folderOf(join(folder, 'c'), { ...good, 'config.json': mutateJson(config, one) })),
  'a configuration to price': (one) => ['models', at('config.json', mutateJson(one.pick(CONFIGS), one))],
  'a tokenizer': (one) =>
    generates(folderOf(join(folder, 'd'), { ...good, 'tokenizer.json': mutateJson(TOKENIZERS[1]!, one) })),
  SentencePiece: (one) => {
    const pieces = mutateBytes(sentencePieces(1), one);
    return generates(
      folderOf(join(folder, 'e'), {
        'config.json': config,
        'model.safetensors': weights,
        'tokenizer.model': pieces,
      }),
    );
  },
  GGUF: (one) => generates(at('model.gguf', cut(checkpoints.gguf(), one))),
  'llama2.c': (one) =>
    generates(
      join(
        folderOf(join(folder, 'f'), {
          'model.bin': cut(llama2c.model, one),
          'tokenizer.bin': llama2c.tokenizer,
        }),
        'model.bin',
      ),
    ),
  'a sound': (one) => {
    const samples = Array.from({ length: 700 }, (_, i) => Math.sin(i / 5));
    const sound = at('a.wav', cut(wavFile(samples), one));
    return ['generate', '--model', whisper, '--windows', 'default', '--max-tokens', '2', '--sound', sound];
  },
  pictures: (one) => {
    const pictures = join(folder, 'pictures');
    folderOf(join(pictures, '3'), { 'a.png': cut(data.images().png, one) });
    return [...profiles, '--model', 'vit-mnist-gelu', '--images', pictures];
  },
  'text in other bytes': (one) => [
    ...profiles,
    '--text',
    at('a.txt', mutateBytes(Buffer.from(data.TEXT), one)),
  ],
  'JSON lines': (one) => [
    ...profiles,
    '--text',
    at('a.jsonl', mutateText('{"text": "a b"}\n{"text": 3}\n', one)),
  ],
  windows: (one) => ['lut', 'softmax', '--windows', at('windows.json', mutateJson(data.WINDOWS, one))],
  'logits of a reference': (one) => [
    'accuracy',
    '--tokens',
    '32',
    '--windows',
    'default',
    '--reference',
    at('a.safetensors', mutateBytes(weights, one)),
  ],
  'a design': (one) => ['designs', at('design.yaml', mutateText(one.pick(DESIGNS), one))],
};

/** Files of each kind: every one is read by the whole command. */
const FILES = 5;

describe('a malformed file ends the command in one message and status 1, or is none', () => {
  const refused = new Map<string, number>();
  it.each(Object.keys(KINDS))('%s', async (kind) => {
    let count = 0;
    for (let index = 0; index < FILES; index++) {
      const args = KINDS[kind]!(dice(12, index));
      const { status, stdout, stderr } = await ran(args);
      const told = `${args.join(' ')}: ${stderr}`;
      expect([0, 1], told).toContain(status);
      expect(unfit(stdout + stderr), told).toBe(undefined);
      if (status === 0) continue;
      count += 1;
      expect(stdout, told).toBe('');
      // Remarks may stand before it: the message is the last, and the only one.
      const lines = stderr.trimEnd().split('\n');
      const first = lines.findIndex((line) => line.startsWith('mugi: '));
      expect(first, told).toBeGreaterThanOrEqual(0);
      expect(
        lines.slice(first + 1).every((line) => /^ {2}(expected|received|did you mean): /.test(line)),
        told,
      ).toBe(true);
      expect(stderr.length, told).toBeLessThan(LONGEST_MESSAGE);
    }
    refused.set(kind, count);
  });

  it('most of them are refused, and some of every kind that has a header', () => {
    const total = [...refused.values()].reduce((sum, count) => sum + count, 0);
    expect(refused.size).toBe(Object.keys(KINDS).length);
    expect(total).toBeGreaterThan((2 / 3) * FILES * refused.size);
    for (const kind of [
      'a header of safetensors',
      'tensors that are cut',
      'GGUF',
      'llama2.c',
      'a sound',
      'pictures',
    ])
      expect(refused.get(kind), kind).toBe(FILES);
  });
});
