import { join } from 'node:path';
import { MugiError } from '../../../errors.ts';
import { kindAt, namesIn, readText } from '../../../files/read.ts';
import { jsonLines, textUnder } from '../json-lines.ts';

/** A sound and what is said in it. */
export interface Utterance {
  path: string;
  text: string;
}

const TEXTS = { what: 'text of speech', limit: 64 * 2 ** 20 };
/** Folders in folders that are looked into: LibriSpeech has reader and chapter. */
const DEPTH = 4;
/** Keys under which data sets keep what is said. */
const KEYS = ['text', 'transcription', 'transcript', 'sentence'];

/**
 * WAV files of a folder, and of those in it, whose text is known: from `metadata.jsonl` (datasets' audio folder:
 * `file_name` beside `text`, `transcription` or `sentence`), from `*.trans.txt` (LibriSpeech: name and text on a line), or
 * from the file of the same name that ends in .txt.
 * @throws MugiError for a folder without one, and sounds that are named and missing
 */
export function utterancesIn(path: string): Utterance[] {
  if (kindAt(path) === 'nothing') {
    throw new MugiError({ code: 'missing-file', message: 'no such folder of speech', path });
  }
  const found = inFolder(path, DEPTH);
  if (found.length > 0) return found;
  throw new MugiError({
    code: 'missing-file',
    message: 'no speech: no WAV file whose text is known',
    path,
    expected: 'NAME.wav beside NAME.txt, metadata.jsonl (file_name, text), or LibriSpeech’s *.trans.txt',
  });
}

function inFolder(path: string, depth: number): Utterance[] {
  const { files, folders } = namesIn(path, 'folder of speech');
  const texts = new Map<string, string>();
  for (const name of files) {
    if (name === 'metadata.jsonl') metadata(join(path, name), texts);
    if (name.endsWith('.trans.txt')) transcripts(join(path, name), texts);
  }
  for (const name of files.filter((file) => /\.wav$/i.test(file))) {
    const beside = name.replace(/\.wav$/i, '.txt');
    if (!texts.has(name) && files.includes(beside)) texts.set(name, readText(join(path, beside), TEXTS));
  }
  const own = [...texts].map(([name, text]) => {
    const sound = join(path, name);
    if (kindAt(sound) === 'file') return { path: sound, text: text.trim() };
    throw new MugiError({
      code: 'missing-file',
      message: 'a sound is named and not there (sounds are read from .wav files)',
      path: sound,
    });
  });
  return depth === 0 ? own : [...own, ...folders.flatMap((name) => inFolder(join(path, name), depth - 1))];
}

function metadata(path: string, texts: Map<string, string>): void {
  for (const line of jsonLines(readText(path, TEXTS), path)) {
    const text = textUnder(line, KEYS);
    const name = line.values['file_name'];
    if (typeof name !== 'string' || text === undefined || !isInside(name)) {
      throw new MugiError({
        code: 'invalid-file',
        message: 'the line names no sound in the folder, or no text',
        path: line.at,
        expected: `file_name, and one of ${KEYS.join(', ')}`,
      });
    }
    texts.set(name, text);
  }
}

/** Whether a name stays in its folder. */
const isInside = (name: string): boolean =>
  !/^([/\\]|[A-Za-z]:)/.test(name) && !name.split(/[/\\]/).includes('..') && !name.includes('\0');

function transcripts(path: string, texts: Map<string, string>): void {
  for (const [i, line] of readText(path, TEXTS).split('\n').entries()) {
    const match = /^(\S+) (.*)$/.exec(line.trim());
    if (match !== null && !/[/\\]/.test(match[1])) texts.set(`${match[1]}.wav`, match[2]);
    else if (line.trim() !== '') {
      throw new MugiError({
        code: 'invalid-file',
        message: 'the line is no name and text',
        path: `${path}:${i + 1}`,
        expected: '1089-134686-0000 HE HOPED THERE WOULD BE STEW',
      });
    }
  }
}
