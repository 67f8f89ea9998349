import { dirname, join } from 'node:path';
import { MugiError } from '../../errors.ts';
import { kindAt } from '../../files/read.ts';
import { Checkpoint, type TensorInfo } from '../checkpoint.ts';
import { truncated } from '../truncated.ts';
import type { DecoderConfig } from '../config/config.ts';
import { type ChatTemplate, folderTemplate, ggufTemplate } from './chat-template.ts';
import { ggufConfig } from './gguf-config.ts';
import { GGML_TYPES } from './ggml-types.ts';
import { readGgufParts } from './gguf-header.ts';
import { hubName } from './gguf-names.ts';
import { ggufTokenizer } from './gguf-tokenizer.ts';
import { blockElements, isStored, storedBytes } from './stored-type.ts';
import { readTokenizer, type TextTokenizer } from './tokenizer.ts';

/**
 * Opens a GGUF file of architecture llama (Llama, Mistral) or qwen2: header and rotary factors only.
 * @throws MugiError for a file that is not GGUF, of another architecture, or with tensors of unsupported types
 */
export function openGguf(path: string): {
  config: DecoderConfig;
  checkpoint: Checkpoint;
  tokenizer: () => TextTokenizer;
  template: () => ChatTemplate | undefined;
} {
  const parts = readGgufParts(path);
  const [{ metadata }] = parts;
  const architecture = String(metadata.get('general.architecture'));
  if (architecture !== 'llama' && architecture !== 'qwen2') {
    throw new MugiError({
      code: 'unsupported',
      message: `a GGUF file of architecture ${architecture} cannot be run`,
      path: `${path}: general.architecture`,
      expected: 'llama or qwen2 (other families as a Hugging Face folder)',
      received: architecture,
    });
  }
  const tensors = parts.flatMap(({ path: file, tensors: stored, size }) =>
    stored.map((info): TensorInfo => {
      if (/^rope_factors_(long|short)\./.test(info.name)) {
        throw new MugiError({
          code: 'unsupported',
          message: `the engine does not support the rotary factors of tensor ${info.name} (longrope)`,
          path,
        });
      }
      const name = hubName(info.name);
      const type = GGML_TYPES[info.type] ?? `ggml type ${info.type}`;
      const shape = info.shape.toReversed();
      const count = shape.reduce((a, b) => a * b, 1);
      if (!isStored(type)) {
        throw new MugiError({
          code: 'unsupported',
          message: `tensor ${info.name} is stored as ${type}, which is not supported`,
          path,
          expected: Object.values(GGML_TYPES).filter(isStored).join(', '),
          received: type,
        });
      }
      const block = blockElements(type);
      if (shape.at(-1)! % block !== 0) {
        throw new MugiError({
          code: 'invalid-file',
          message: `tensor ${info.name} has rows of ${shape.at(-1)} elements, which are no whole blocks of ${type}`,
          path,
          expected: `a multiple of ${block}`,
          received: String(shape.at(-1)),
        });
      }
      const { offset } = info;
      const bytes = storedBytes(type, count);
      if (offset + bytes > size) throw truncated(file, offset + bytes, size, `tensor ${info.name}`);
      return { name, type, shape, file, offset, bytes };
    }),
  );
  const checkpoint = new Checkpoint(path, tensors);
  const config = ggufConfig(architecture, metadata, checkpoint);
  const tokenizer = () =>
    kindAt(join(dirname(path), 'tokenizer.json')) !== 'nothing'
      ? readTokenizer(dirname(path))
      : ggufTokenizer(metadata, path);
  const template = () => ggufTemplate(metadata, path) ?? folderTemplate(dirname(path));
  return { config, checkpoint, tokenizer, template };
}
