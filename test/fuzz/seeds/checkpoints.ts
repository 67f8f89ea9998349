import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { llama2cFile, llama2cTokenizer } from '../../model/write-llama2c.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from '../../model/write-checkpoint.ts';
import { METADATA, writeGguf } from '../../model/write-gguf.ts';

/** A safetensors checkpoint in one file: its folder's files by name. */
export function checkpointFiles(): { config: string; weights: Uint8Array } {
  const folder = writeFolder(SMALL_LLAMA, smallLlama(), 'BF16');
  return {
    config: JSON.stringify(SMALL_LLAMA),
    weights: readFileSync(join(folder, 'model.safetensors')),
  };
}

/** The same in GGUF, version 3, with a tokenizer of six entries. */
export function gguf(): Uint8Array {
  const tokenizer = {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.tokens': ['<s>', 'a', 'b', 'Ġ', 'ab', 'Ġab'],
    'tokenizer.ggml.merges': ['a b', 'Ġ ab'],
  };
  return readFileSync(writeGguf('F32', { ...METADATA, ...tokenizer }));
}

/** The same as llama2.c keeps it, with its tokenizer. */
export function llama2c(): { model: Uint8Array; tokenizer: Uint8Array } {
  const pieces = ['<unk>', '<s>', '</s>', ' ', 'a', 'b', ' a', 'ab', ' ab', 'ba', '<0x41>', 't'];
  const all = Array.from({ length: SMALL_LLAMA.vocab_size }, (_, i) => pieces[i] ?? `t${i}`);
  return {
    model: llama2cFile(smallLlama(), { version: 0, shared: true }),
    tokenizer: llama2cTokenizer(all, (i) => -i),
  };
}

/** A chat template as instruct models have it. */
export const CHAT =
  "{% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + m.content | trim + ' [/INST]' }}{% else %}{{ m['content'] + eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
