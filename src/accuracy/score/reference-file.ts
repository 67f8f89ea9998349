import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { openForReading } from '../../files/read.ts';
import { unwritable, writeAsideAtomic } from '../../files/write.ts';
import { parseJson } from '../../json.ts';
import { weightsDigest } from '../../model/fingerprint.ts';
import { safetensorsHeader } from '../../model/format/safetensors.ts';
import type { OpenedModel } from '../../model/load.ts';
import { version } from '../../version.ts';
import { type Block, digestOfBlocks } from '../data/blocks.ts';
import type { KeptLogits } from './score-runs.ts';

const FORMAT = 'mugi-logits/1';
const TENSOR = 'logits';
const FILE = { what: 'file of logits', limit: Infinity, expected: 'a file of `saveLogits`' };

const Source = z.object({
  format: z.literal(FORMAT),
  mugi: z.string(),
  model: z.string(),
  /** SHA-256 of the weights (`weightsDigest`), and of the configuration as it is read. */
  weights: z.string(),
  configuration: z.string(),
});
/** Whose logits a file holds, as `__metadata__` of safetensors: texts. */
const Metadata = Source.extend({
  /** SHA-256 of what the model read and of its targets, block by block. */
  blocks: z.string(),
});
type Metadata = z.infer<typeof Metadata>;

const sourceOf = (opened: OpenedModel): z.infer<typeof Source> => ({
  format: FORMAT,
  mugi: version,
  model: opened.name,
  weights: weightsDigest(opened.checkpoint),
  configuration: createHash('sha256').update(JSON.stringify(opened.config)).digest('hex'),
});
const metadataOf = (opened: OpenedModel, blocks: readonly Block[]): Metadata => ({
  ...sourceOf(opened),
  blocks: digestOfBlocks(blocks),
});

/** Outputs of a model, before its weights are read. */
const outputsOf = ({ config }: OpenedModel): number =>
  'vocab' in config ? config.vocab : config.labels.length;

/** Logits of a file, for the targets of blocks. */
type LogitsFor = (blocks: readonly Block[]) => { logits: KeptLogits; digest: string };

const targetsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { scored }) => sum + scored, 0);

/**
 * Writes the logits that `measure` passes on (`onReference`), whole or not at all, as a safetensors file with one tensor
 * `logits`, F32 [targets × outputs], and in its metadata whose they are.
 * @returns what `work` returns
 */
export async function savingLogits<T>(
  path: string,
  { opened, blocks, outputs }: { opened: OpenedModel; blocks: readonly Block[]; outputs: number },
  work: (save: (logits: Float32Array) => void) => Promise<T>,
): Promise<T> {
  const targets = targetsOf(blocks);
  const header = JSON.stringify({
    __metadata__: metadataOf(opened, blocks),
    [TENSOR]: { dtype: 'F32', shape: [targets, outputs], data_offsets: [0, 4 * targets * outputs] },
  });
  const text = Buffer.from(header.padEnd(8 * Math.ceil(header.length / 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  let result: { value: T } | { error: unknown } | undefined;
  await writeAsideAtomic(path, async (neighbour) => {
    const fd = openSync(neighbour, 'wx');
    const write = (bytes: Uint8Array): void => {
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      } catch (error) {
        throw unwritable(path, 'write the file', error);
      }
    };
    try {
      write(length);
      write(text);
      const value = await work(({ buffer, byteOffset, byteLength }) =>
        write(new Uint8Array(buffer, byteOffset, byteLength)),
      );
      result = { value };
    } catch (error) {
      // The file is not kept, and the error is the work's own.
      result = { error };
      throw error;
    } finally {
      closeSync(fd);
    }
  }).catch((error: unknown) => {
    throw result !== undefined && 'error' in result ? result.error : error;
  });
  return (result as { value: T }).value;
}

/**
 * Opens logits that `savingLogits` wrote, of this model: before a text is read, since a wrong file needs none to be told.
 * @returns the logits for the targets of that text
 * @throws MugiError for another file, and for logits of another model; what is returned, for another text or other targets
 */
export function openLogits(path: string, opened: OpenedModel): LogitsFor {
  const { text, tensors } = safetensorsHeader(path);
  const parsed = z.object({ __metadata__: Metadata }).safeParse(parseJson(text, path));
  const tensor = tensors.get(TENSOR);
  if (!parsed.success || tensor?.type !== 'F32' || tensor.shape.length !== 2) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the file holds no logits of a reference',
      path,
      expected: FILE.expected,
    });
  }
  const [rows, width] = tensor.shape;
  const { __metadata__: metadata } = parsed.data;
  refuseOtherModel(path, metadata, sourceOf(opened));
  if (width !== outputsOf(opened)) throw other(path, 'outputs', String(outputsOf(opened)), String(width));
  const { fd } = openForReading(path, FILE);
  const kept: ReturnType<LogitsFor> = {
    digest: JSON.stringify([metadata, sampled(fd, tensor.offset, tensor.bytes)]),
    logits: {
      outputs: width,
      keptRows(from, to) {
        const values = new Float32Array((to - from) * width);
        read(fd, path, tensor.offset + 4 * from * width, new Uint8Array(values.buffer));
        const bad = values.findIndex((value) => !Number.isFinite(value));
        if (bad < 0) return values;
        throw new MugiError({
          code: 'invalid-file',
          message: `the logits of target ${from + Math.floor(bad / width)} are not finite`,
          path,
          expected: 'finite logits',
        });
      },
    },
  };
  return (blocks) => {
    refuseOtherTargets(path, metadata, rows, blocks);
    return kept;
  };
}

/** Bytes of logits by which interrupted work knows the file. */
const SAMPLE = 65_536;

function sampled(fd: number, offset: number, bytes: number): string {
  const hash = createHash('sha256');
  for (const from of [0, Math.max(0, bytes - SAMPLE)]) {
    const chunk = new Uint8Array(Math.min(SAMPLE, bytes));
    readSync(fd, chunk, 0, chunk.length, offset + from);
    hash.update(chunk);
  }
  return hash.digest('hex');
}

function read(fd: number, path: string, at: number, to: Uint8Array): void {
  for (let done = 0; done < to.length; ) {
    const got = readSync(fd, to, done, to.length - done, at + done);
    if (got === 0)
      throw new MugiError({
        code: 'invalid-file',
        message: 'the file became shorter',
        path,
        expected: FILE.expected,
      });
    done += got;
  }
}

const other = (path: string, what: string, expected: string, received: string): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: `the logits are of other ${what}`,
    path,
    expected,
    received,
  });

const short = (digest: string): string => digest.slice(0, 12);

function refuseOtherModel(path: string, file: Metadata, asked: z.infer<typeof Source>): void {
  const by = writtenBy(file);
  if (file.weights !== asked.weights) {
    throw other(
      path,
      'weights',
      `those of ${asked.model} (${short(asked.weights)})`,
      `${file.model} (${short(file.weights)})${by}`,
    );
  }
  if (file.configuration !== asked.configuration)
    throw other(path, 'settings of the same weights', 'the same config.json', `another one${by}`);
}

function refuseOtherTargets(path: string, file: Metadata, rows: number, blocks: readonly Block[]): void {
  const targets = targetsOf(blocks);
  if (rows !== targets)
    throw other(path, 'targets', `${targets}, as \`tokens\` and \`block\` choose them`, String(rows));
  const asked = digestOfBlocks(blocks);
  if (file.blocks !== asked) {
    throw other(
      path,
      'targets',
      'the same text, `tokens`, `block` and tokenizer',
      `as many others (${short(file.blocks)}, not ${short(asked)})${writtenBy(file)}`,
    );
  }
}

const writtenBy = ({ mugi }: Metadata): string => (mugi === version ? '' : `, written by mugi ${mugi}`);
