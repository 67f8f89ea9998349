import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { featuresOf, melSettings } from '../../src/accuracy/data/speech/extractor.ts';
import { logMel } from '../../src/accuracy/data/speech/log-mel.ts';
import { speechBlocks } from '../../src/accuracy/data/speech/speech.ts';
import { utterancesIn } from '../../src/accuracy/data/speech/utterances.ts';
import { readWav } from '../../src/accuracy/data/speech/wav.ts';
import { wordErrors, wordsOf } from '../../src/accuracy/score/word-errors.ts';
import { openModel } from '../../src/model/load.ts';
import { random } from '../../src/number/random.ts';
import { whisperFolder } from '../model/whisper-model.ts';
import { speechFolder, wavFile } from './sounds.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-speech-'));
function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const samples = Array.from({ length: 300 }, (_, i) => 0.8 * Math.sin(i / 7));

describe('a WAV file', () => {
  it.each([
    ['8', { bits: 8 }, 1.1e-2],
    ['16', { bits: 16 }, 4e-5],
    ['24', { bits: 24 }, 2e-7],
    ['32', { bits: 32 }, 1e-7],
    ['float', { bits: 32, floats: true }, 1e-7],
    ['double', { bits: 64, floats: true }, 1e-7],
    ['extensible', { bits: 24, extensible: true }, 2e-7],
    ['with other chunks', { before: Buffer.from('LIST\x03\0\0\0abc\0', 'latin1') }, 4e-5],
  ] as const)('of %s bits is read', (name, options, error) => {
    const { rate, samples: read } = readWav(file(`${name}.wav`, wavFile(samples, options)));
    expect(rate).toBe(16_000);
    expect(read).toHaveLength(300);
    expect(Math.max(...read.map((x, i) => Math.abs(x - samples[i])))).toBeLessThan(error);
  });

  it('of two channels is their mean', () => {
    const pairs = samples.flatMap((x) => [x, 0]);
    const { samples: read } = readWav(file('stereo.wav', wavFile(pairs, { channels: 2, bits: 32 })));
    expect(read).toHaveLength(300);
    expect(read[7]).toBeCloseTo(samples[7] / 2, 6);
  });

  const whole = wavFile(samples);
  it.each([
    ['no RIFF file', Buffer.from('OggS and more text'), /begins with/],
    ['no samples', whole.subarray(0, 36), /holds no samples/],
    ['a cut file', whole.subarray(0, 200), /truncated/],
    ['a cut format', whole.subarray(0, 30), /ends inside its format/],
    ['compressed samples', wavOf(2), /format 2 in 16 bits/],
    ['no channels', wavFile([], { channels: 0 }), /0 channels/],
  ])('that is %s is refused', (name, content, message) => {
    expect(() => readWav(file(`${name}.wav`, content))).toThrow(message);
  });

  function wavOf(tag: number): Buffer {
    const copy = Buffer.from(wavFile(samples));
    copy.writeUInt16LE(tag, 20);
    return copy;
  }
});

/** Features by their definition: every frame's transform as a sum, every filter as a triangle, in doubles. */
function definition(sound: number[], bins: number): number[][] {
  const [N, hop, rate] = [400, 160, 16_000];
  const frames = sound.length / hop;
  const at = (i: number): number => {
    const j = i < 0 ? -i : i >= sound.length ? 2 * sound.length - 2 - i : i;
    return sound[j];
  };
  const toMel = (f: number) => (f < 1000 ? (3 * f) / 200 : 15 + (27 * Math.log(f / 1000)) / Math.log(6.4));
  const toHertz = (m: number) => (m < 15 ? (200 * m) / 3 : 1000 * Math.exp(((m - 15) * Math.log(6.4)) / 27));
  const corner = (i: number) => toHertz((i * toMel(8000)) / (bins + 1));
  const powers = Array.from({ length: frames }, (_, t) =>
    Array.from({ length: N / 2 + 1 }, (_p, k) => {
      let [re, im] = [0, 0];
      for (let n = 0; n < N; n++) {
        const x = at(t * hop + n - N / 2) * Math.sin((Math.PI * n) / N) ** 2;
        re += x * Math.cos((2 * Math.PI * k * n) / N);
        im -= x * Math.sin((2 * Math.PI * k * n) / N);
      }
      return re ** 2 + im ** 2;
    }),
  );
  const logs = Array.from({ length: bins }, (_, b) =>
    powers.map((power) => {
      const [low, middle, high] = [corner(b), corner(b + 1), corner(b + 2)];
      const sum = power.reduce((total, p, k) => {
        const f = (k * rate) / N;
        const up = (f - low) / (middle - low);
        const down = (high - f) / (high - middle);
        return total + (p * 2 * Math.max(0, Math.min(up, down))) / (high - low);
      }, 0);
      return Math.log10(Math.max(1e-10, sum));
    }),
  );
  const top = Math.max(...logs.flat());
  return logs.map((row) => row.map((x) => (Math.max(x, top - 8) + 4) / 4));
}

it.each([80, 128])('features of %i bands are those of their definition', (bins) => {
  const next = random(3);
  const sound = Array.from({ length: 4800 }, (_, i) =>
    i > 3600 ? 0 : 0.3 * Math.sin(i / 3) + 0.05 * (next() - 0.5),
  );
  const settings = { bins, rate: 16_000, hop: 160, frame: 400, length: 4800, padding: 0 };
  const features = logMel(Float32Array.from(sound.slice(0, 3601)), settings);
  const expected = definition([...Float32Array.from(sound)].map(Number), bins).flat();
  expect(features).toHaveLength(bins * 30);
  expect(features.reduce((max, x, i) => Math.max(max, Math.abs(x - expected[i])), 0)).toBeLessThan(1e-6);
});

it('silence is the same everywhere, and a long sound is cut', () => {
  const settings = { bins: 80, rate: 16_000, hop: 160, frame: 400, length: 1600, padding: 0 };
  expect(new Set(logMel(new Float32Array(10), settings))).toEqual(new Set([-1.5]));
  expect(
    logMel(
      Float32Array.from({ length: 9999 }, (_, i) => i % 2),
      settings,
    ),
  ).toHaveLength(800);
});

describe('texts of sounds', () => {
  it('stand beside them, in metadata.jsonl, or as LibriSpeech has them', () => {
    const root = join(folder, 'texts');
    for (const name of ['a.wav', 'm/b.wav', 'm/in/c.wav', '1/2/1-2-3.wav'])
      file(`texts/${name}`, wavFile(samples));
    file('texts/a.txt', ' said beside \n');
    file('texts/unheard.txt', 'no sound');
    file(
      'texts/m/metadata.jsonl',
      '{"file_name": "b.wav", "transcription": "of metadata"}\n\n{"file_name": "in/c.wav", "text": "deeper"}\n',
    );
    file('texts/1/2/1-2.trans.txt', '1-2-3 HE HOPED\n');
    expect(utterancesIn(root).map(({ path, text }) => [path.slice(root.length + 1), text])).toEqual([
      ['a.wav', 'said beside'],
      ['1/2/1-2-3.wav', 'HE HOPED'],
      ['m/b.wav', 'of metadata'],
      ['m/in/c.wav', 'deeper'],
    ]);
  });

  it.each([
    ['none', { 'a.wav': wavFile(samples) }, /no WAV file whose text is known/],
    ['missing', { 'metadata.jsonl': '{"file_name": "a.wav", "text": "x"}' }, /named and not there/],
    [
      'outside',
      { 'metadata.jsonl': '{"file_name": "../a.wav", "text": "x"}' },
      /names no sound in the folder/,
    ],
    ['nameless', { 'metadata.jsonl': '{"text": "x"}' }, /names no sound/],
    ['broken', { 'metadata.jsonl': '{"text": ' }, /metadata\.jsonl:1/],
    ['words', { 'a.trans.txt': 'word' }, /no name and text/],
  ])('are refused when they are %s', (name, files, message) => {
    for (const [path, content] of Object.entries(files)) file(`bad/${name}/${path}`, content);
    try {
      utterancesIn(join(folder, 'bad', name));
    } catch (error) {
      const { details } = error as { details: { message: string; path: string } };
      expect(`${details.path} ${details.message}`).toMatch(message);
      return;
    }
    throw new Error('was read');
  });
});

describe('speech as blocks', async () => {
  const path = whisperFolder();
  const opened = await openModel(path);
  const { config } = opened;
  if (config.family !== 'whisper') throw new Error('no whisper');
  const speech = speechFolder(join(folder, 'blocks'), ['Hi!', 'no']);

  it('is fed start, language, task, no times and the text, and predicts the text and its end', () => {
    const blocks = speechBlocks(speech, config, path, opened.tokenizer());
    const [h, i, mark] = [...Buffer.from('Hi!')];
    expect([...blocks[0].ids!]).toEqual([257, 258, 259, 260, h, i, mark]);
    expect([...blocks[0].targets]).toEqual([-1, -1, -1, h, i, mark, 256]);
    expect(blocks.map(({ scored, said, rows }) => [scored, said, rows])).toEqual([
      [4, 'Hi!', 25 + 7],
      [3, 'no', 25 + 6],
    ]);
    expect(blocks[0].mel).toHaveLength(6 * 50);
  });

  it('hears the same at another sampling rate', () => {
    const settings = melSettings(path, config);
    const heard = (rate: number) => {
      const sound = Array.from(
        { length: rate / 2 },
        (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / rate),
      );
      return featuresOf(file(`${rate}.wav`, wavFile(sound, { rate, bits: 32 })), settings);
    };
    const expected = heard(16_000);
    for (const rate of [8000, 44_100, 48_000]) {
      const loud = heard(rate).filter((x, i) => expected[i] > 0.5 && Math.abs(x - expected[i]) > 0.02);
      expect(loud).toHaveLength(0);
    }
  });

  it('refuses an unknown language, a long text, a rate of no sound and other features', () => {
    const read = (at: string, language?: string) => () =>
      speechBlocks(at, config, path, opened.tokenizer(), language);
    expect(read(speech, 'xx')).toThrow(/unknown language "xx"/);
    expect(read(speechFolder(join(folder, 'long'), ['x'.repeat(40)]))).toThrow(/44 tokens/);
    const settings = melSettings(path, config);
    const odd = file('odd.wav', wavFile(samples, { rate: 300 }));
    expect(() => featuresOf(odd, settings)).toThrow(/no sound has such a sampling rate/);
    expect(() => melSettings(path, { ...config, melBins: 80 })).toThrow(/not those that the model reads/);
  });
});

it('words are compared without case and punctuation; errors are the least that make one of the other', () => {
  expect(wordsOf('“Don’t,” he said — twice!')).toEqual(["don't", 'he', 'said', 'twice']);
  expect(wordsOf('[Music] Well (laughs) — 3.5 % of  Ａ\tcafé <unk>')).toEqual([
    'well',
    '3',
    '5',
    'of',
    'a',
    'café',
  ]);
  expect(wordsOf('a ( b [ c')).toEqual(['a', 'b', 'c']);
  const errors = (a: string, b: string) => wordErrors(wordsOf(a), wordsOf(b));
  expect(errors('the cat sat', 'The cat sat.')).toBe(0);
  expect(errors('the cat sat', 'a cat sat down')).toBe(2);
  expect(errors('the cat sat', '')).toBe(3);
  expect(errors('', 'the cat')).toBe(2);
  expect(errors('a b c d', 'b c d a')).toBe(2);
});
