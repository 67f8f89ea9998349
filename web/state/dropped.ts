import { parseDesignFile } from '../../src/design/design-file.ts';
import { customDesign } from '../../src/design/custom.ts';
import { MugiError } from '../../src/errors.ts';
import { parseJson } from '../../src/huggingface/json.ts';
import { isDeeper } from '../../src/json.ts';
import { ggufAsConfig } from '../../src/model/format/gguf-as-config.ts';
import { parseGguf } from '../../src/model/format/gguf-parse.ts';
import { safetensorsAsConfig } from '../../src/model/format/safetensors-as-config.ts';
import { invalidHeader, MAX_HEADER, parseHeader } from '../../src/model/format/safetensors-header.ts';
import { truncated } from '../../src/model/truncated.ts';
import { DEEPEST } from '../../src/question/text.ts';
import { technologyNamed } from '../../src/technology/index.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import { modelFromOnnx } from '../../src/workload/onnx/model.ts';
import { modelFromTopology } from '../../src/workload/scale-sim.ts';

/** What a dropped file adds to the question. */
export type Dropped = { kind: 'model'; model: object; said: string } | { kind: 'design'; design: object };

/** Sizes that a file leaves open, by their names. */
export type Sizes = Readonly<Record<string, number>>;

/** Of a checkpoint only the beginning is read: header and metadata stand there. */
const HEADER_BYTES = 48 * 2 ** 20;
const MOST_TEXT = 16 * 2 ** 20;
const MOST_YAML = 64 * 2 ** 10;
/** Weights of an ONNX file stand in it: what a page can hold. */
const MOST_ONNX = 2 ** 30;

const READ =
  'config.json, the header of a .gguf or .safetensors file, an ONNX graph (.onnx), a SCALE-Sim topology (.csv) or a design (.yaml)';

/**
 * Reads a dropped file in the page.
 * @param sizes of an ONNX graph those that it leaves open; of a safetensors header `head_dim`
 * @throws MugiError for what is none of the kinds that are read
 */
export async function readDropped(file: File, sizes: Sizes = {}): Promise<Dropped> {
  const { name, size } = file;
  const ending = /\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? '';
  const magic = await bytesOf(file, 4);
  if (String.fromCharCode(...magic) === 'GGUF') {
    const bytes = await bytesOf(file, HEADER_BYTES);
    const source = {
      size: bytes.length,
      read: (begin: number, count: number) => bytes.subarray(begin, begin + count),
    };
    return headerOf(ggufAsConfig(parseGguf(source, name), name), name);
  }
  if (ending === '.safetensors') {
    const config = safetensorsAsConfig(await safetensorsHeader(file), name, sizes);
    return headerOf(config, name);
  }
  if (size > mostBytes(ending)) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the file is too large to be one of these',
      path: name,
      expected: READ,
      received: `${size} bytes`,
    });
  }
  if (ending === '.onnx') {
    const model = modelFromOnnx(await bytesOf(file, size), name, name.replace(/\.onnx$/i, ''), sizes);
    return { kind: 'model', model, said: `Read the graph ${name}.` };
  }
  const text = await file.text();
  if (ending === '.yaml' || ending === '.yml') return designOf(text, name);
  if (ending === '.csv') {
    const model = modelFromTopology(text, name, name.replace(/\.csv$/i, ''));
    return { kind: 'model', model, said: `Read the topology ${name}.` };
  }
  if (ending !== '.json') {
    throw new MugiError({
      code: 'invalid-file',
      message: 'this kind of file is not read',
      path: name,
      expected: READ,
      received: ending || 'no extension',
    });
  }
  const json: unknown = parseJson(text, name);
  if (isDeeper(json, DEEPEST)) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the JSON is nested too deeply',
      path: name,
      expected: `at most ${DEEPEST} lists and maps in each other`,
    });
  }
  const design = typeof json === 'object' && json !== null && ('base' in json || 'components' in json);
  if (design) return designOf(text, name);
  // Checked here, so that errors name the file.
  modelFromConfig(json, name, 'model');
  return { kind: 'model', model: json as object, said: `Read ${name}.` };
}

const bytesOf = async (file: File, most: number): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await file.slice(0, most).arrayBuffer());

const mostBytes = (ending: string): number =>
  ending === '.onnx' ? MOST_ONNX : ending === '.yaml' || ending === '.yml' ? MOST_YAML : MOST_TEXT;

/** A configuration that was made of a header, checked as a file of its own would be. */
function headerOf(model: object, name: string): Dropped {
  modelFromConfig(model, name, 'model');
  return { kind: 'model', model, said: `Read the header of ${name}.` };
}

async function safetensorsHeader(file: File): Promise<ReturnType<typeof parseHeader>> {
  const { name, size } = file;
  if (size < 8) throw truncated(name, 8, size, 'the header length');
  const length = Number(new DataView((await bytesOf(file, 8)).buffer).getBigUint64(0, true));
  if (length > MAX_HEADER)
    throw invalidHeader(name, `a header of ${length} bytes is not a safetensors header`);
  if (size < 8 + length) throw truncated(name, 8 + length, size, 'the header');
  return parseHeader(name, await file.slice(8, 8 + length).text(), 8 + length, size);
}

function designOf(text: string, name: string): Dropped {
  const { value, locate } = parseDesignFile(name, text);
  const fallbackName = name.replace(/\.[^.]*$/, '');
  const design = customDesign(value, { technology: technologyNamed('published'), locate, fallbackName });
  return { kind: 'design', design: { ...(value as object), name: design.name } };
}
