import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MugiError, nearest } from '../../errors.ts';
import { parseJson } from '../../huggingface/json.ts';
import { modelFromConfig } from '../../workload/hf-config.ts';
import type { ModelShape } from '../../workload/model.ts';
import { MODELS, modelNamed } from '../../workload/models.ts';
import { modelFromTopology } from '../../workload/scale-sim.ts';

/** No configuration or topology is larger; what is, is something else (weights, say). */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * What `--model` names: a built-in model, a Hugging Face config.json or the folder that holds it, or a SCALE-Sim
 * topology (.csv). A built-in name wins over a file of the same name; write ./name for the file.
 */
export function loadModel(nameOrPath: string): ModelShape {
  if (MODELS.some(({ name }) => name === nameOrPath.toLowerCase())) return modelNamed(nameOrPath);
  const exists = existsSync(nameOrPath);
  if (!exists && !/[\\/]|\.(json|csv)$/i.test(nameOrPath)) throw unknownModel(nameOrPath);
  const path = exists && statSync(nameOrPath).isDirectory() ? join(nameOrPath, 'config.json') : nameOrPath;
  const text = readText(path);
  if (/\.csv$/i.test(path)) return modelFromTopology(text, path, basename(path).replace(/\.csv$/i, ''));
  const folder = basename(dirname(resolve(path)));
  return modelFromConfig(
    parseJson(text, path),
    path,
    basename(path) === 'config.json' ? folder : basename(path, '.json'),
  );
}

function unknownModel(name: string): MugiError {
  const names = MODELS.map((model) => model.name);
  const near = nearest(name, names);
  return new MugiError({
    code: 'unknown-name',
    message: `unknown model "${name}", and there is no file or folder of that name`,
    path: '--model',
    expected: `one of ${names.join(', ')}, or a path to a config.json, its folder, or a topology .csv`,
    received: name,
    ...(near === undefined ? {} : { nearest: near }),
  });
}

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) {
      throw new MugiError({
        code: 'invalid-file',
        message: 'the file is too large for a model configuration',
        path,
        expected: `at most ${MAX_BYTES} bytes`,
        received: `${size} bytes`,
      });
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof MugiError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const near = nearest(basename(path), neighbours(dirname(path)));
    throw new MugiError({
      code: 'missing-file',
      message: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`,
      path,
      ...(near === undefined ? {} : { nearest: join(dirname(path), near) }),
    });
  }
}

function neighbours(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
