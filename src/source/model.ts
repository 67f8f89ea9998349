import { basename, dirname, join, resolve } from 'node:path';
import { MugiError, nearest } from '../errors.ts';
import { type FileKind, kindAt, readBytes, readText } from '../files/read.ts';
import { parseJson } from '../huggingface/json.ts';
import { ggufAsConfig } from '../model/format/gguf-as-config.ts';
import { readGgufParts } from '../model/format/gguf-header.ts';
import { noOpenSizes } from '../question/point.ts';
import { modelFromConfig } from '../workload/hf-config.ts';
import type { ModelShape } from '../workload/model.ts';
import { MODELS, modelNamed } from '../workload/models.ts';
import { modelFromOnnx } from '../workload/onnx/model.ts';
import { modelFromTopology } from '../workload/scale-sim.ts';

const CONFIGURATION: FileKind = {
  what: 'model configuration',
  limit: 16 * 2 ** 20,
  expected:
    'a Hugging Face config.json, an ONNX model (.onnx), a GGUF file (.gguf) or a SCALE-Sim topology (.csv)',
};

/** A protobuf is no larger. */
const ONNX: FileKind = { what: 'model file', limit: 2 ** 31 - 1, expected: 'an ONNX model (.onnx)' };

/**
 * What `--model` names: a built-in model, a Hugging Face config.json or the folder that holds it, an ONNX model
 * (.onnx), a GGUF file (.gguf, of which the header is read), or a SCALE-Sim topology (.csv). A built-in name wins over a file of the same name; write ./name for the file.
 */
export function loadModel(nameOrPath: string, dims?: Readonly<Record<string, number>>): ModelShape {
  if (/\.onnx$/i.test(nameOrPath)) {
    const name = basename(nameOrPath).replace(/\.onnx$/i, '');
    return modelFromOnnx(readBytes(nameOrPath, ONNX), nameOrPath, name, dims);
  }
  if (dims !== undefined) throw noOpenSizes(nameOrPath);
  if (/\.gguf$/i.test(nameOrPath)) {
    const name = basename(nameOrPath).replace(/\.gguf$/i, '');
    const parts = readGgufParts(nameOrPath);
    const header = { metadata: parts[0].metadata, tensors: parts.flatMap(({ tensors }) => tensors) };
    return modelFromConfig(ggufAsConfig(header, nameOrPath), nameOrPath, name);
  }
  if (MODELS.some(({ name }) => name === nameOrPath.toLowerCase())) return modelNamed(nameOrPath);
  const kind = kindAt(nameOrPath);
  if (
    kind === 'nothing' &&
    (HUB_ID.test(nameOrPath) || !/[\\/]/.test(nameOrPath)) &&
    !/\.(json|csv)$/i.test(nameOrPath)
  ) {
    throw unknownModel(nameOrPath);
  }
  const path = kind === 'folder' ? inFolder(nameOrPath) : nameOrPath;
  const topology = /\.csv$/i.test(path);
  const text = readText(path, CONFIGURATION, topology);
  if (topology) return modelFromTopology(text, path, basename(path).replace(/\.csv$/i, ''));
  const folder = basename(dirname(resolve(path)));
  const inside = ['config.json', 'params.json'].includes(basename(path));
  // ModelOpt writes how it quantised beside a config.json that is not touched.
  const quantised = join(dirname(path), 'hf_quant_config.json');
  const beside =
    inside && kindAt(quantised) === 'file'
      ? { json: parseJson(readText(quantised, CONFIGURATION), quantised), path: quantised }
      : undefined;
  return modelFromConfig(parseJson(text, path), path, inside ? folder : basename(path, '.json'), beside);
}

/** The file of a folder that says what the model is: a checkpoint in Meta's own format has params.json alone. */
function inFolder(folder: string): string {
  const config = join(folder, 'config.json');
  const params = join(folder, 'params.json');
  return kindAt(config) === 'nothing' && kindAt(params) === 'file' ? params : config;
}

/** A model's id on a hub: `owner/name`. */
const HUB_ID = /^[\w.-]+\/[\w.-]+$/;

function unknownModel(name: string): MugiError {
  const names = MODELS.map((model) => model.name);
  const hub = HUB_ID.test(name);
  // A hub's name says more than its owner's, and chat versions have the shapes of their base.
  const own = name
    .split('/')
    .at(-1)!
    .toLowerCase()
    .replace(/^meta-/, '')
    .replace(/-(instruct|chat|it|base|hf)$/, '');
  const near = nearest(own, names);
  return new MugiError({
    code: 'unknown-name',
    message: hub
      ? `"${name}" is neither a built-in model nor a folder here; mugi downloads nothing: save its config.json from https://huggingface.co/${name}/raw/main/config.json and name the file`
      : `unknown model "${name}", and there is no file or folder of that name; any model works from its config.json (on Hugging Face under "Files")`,
    path: 'model',
    expected: `one of ${names.join(', ')}, or a path to a config.json, its folder, an ONNX model .onnx, a GGUF file .gguf, or a topology .csv`,
    received: name,
    ...(near === undefined ? {} : { nearest: near }),
  });
}
