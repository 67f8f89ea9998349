import { basename, dirname, join, resolve } from 'node:path';
import { MugiError, nearest } from '../../errors.ts';
import { type FileKind, kindAt, readText } from '../../files/read.ts';
import { parseJson } from '../../huggingface/json.ts';
import { modelFromConfig } from '../../workload/hf-config.ts';
import type { ModelShape } from '../../workload/model.ts';
import { MODELS, modelNamed } from '../../workload/models.ts';
import { modelFromTopology } from '../../workload/scale-sim.ts';

const CONFIGURATION: FileKind = {
  what: 'model configuration',
  limit: 16 * 2 ** 20,
  expected: 'a Hugging Face config.json or a SCALE-Sim topology (.csv)',
};

/**
 * What `--model` names: a built-in model, a Hugging Face config.json or the folder that holds it, or a SCALE-Sim
 * topology (.csv). A built-in name wins over a file of the same name; write ./name for the file.
 */
export function loadModel(nameOrPath: string): ModelShape {
  if (MODELS.some(({ name }) => name === nameOrPath.toLowerCase())) return modelNamed(nameOrPath);
  const kind = kindAt(nameOrPath);
  if (kind === 'nothing' && !/[\\/]|\.(json|csv)$/i.test(nameOrPath)) throw unknownModel(nameOrPath);
  const path = kind === 'folder' ? join(nameOrPath, 'config.json') : nameOrPath;
  const topology = /\.csv$/i.test(path);
  const text = readText(path, CONFIGURATION, topology);
  if (topology) return modelFromTopology(text, path, basename(path).replace(/\.csv$/i, ''));
  const folder = basename(dirname(resolve(path)));
  // ModelOpt writes how it quantised beside a config.json that is not touched.
  const quantised = join(dirname(path), 'hf_quant_config.json');
  const beside =
    basename(path) === 'config.json' && existsSync(quantised)
      ? { json: parseJson(readText(quantised), quantised), path: quantised }
      : undefined;
  return modelFromConfig(
    parseJson(text, path),
    path,
    basename(path) === 'config.json' ? folder : basename(path, '.json'),
    beside,
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
