import { parseDesignFile } from '../../src/design/design-file.ts';
import { customDesign } from '../../src/design/custom.ts';
import { MugiError } from '../../src/errors.ts';
import { parseJson } from '../../src/huggingface/json.ts';
import { ggufAsConfig } from '../../src/model/format/gguf-as-config.ts';
import { parseGguf } from '../../src/model/format/gguf-parse.ts';
import { technologyNamed } from '../../src/technology/index.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import { modelFromTopology } from '../../src/workload/scale-sim.ts';

/** What a dropped file adds to the question. */
export type Dropped =
  | { kind: 'model'; model: object; said: string }
  | { kind: 'design'; design: object; said: string };

/** Of a checkpoint only the beginning is read: header and metadata stand there. */
const HEADER_BYTES = 48 * 2 ** 20;
const MOST_TEXT = 16 * 2 ** 20;
const MOST_YAML = 64 * 2 ** 10;

const READ = 'config.json, a GGUF file, a SCALE-Sim topology (.csv) or a design (.yaml)';

/**
 * Reads a dropped file in the page.
 * @throws MugiError for what is none of the kinds that are read
 */
export async function readDropped(file: File): Promise<Dropped> {
  const { name, size } = file;
  const ending = /\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? '';
  const magic = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (String.fromCharCode(...magic) === 'GGUF') {
    const bytes = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
    const source = {
      size: bytes.length,
      read: (begin: number, count: number) => bytes.subarray(begin, begin + count),
    };
    return {
      kind: 'model',
      model: ggufAsConfig(parseGguf(source, name), name),
      said: `Read the header of ${name}.`,
    };
  }
  if (ending === '.safetensors') {
    throw new MugiError({
      code: 'unsupported',
      message: 'a safetensors header has the shapes of matrices, but not the number of heads',
      path: name,
      expected: 'the config.json of the same folder',
      received: `${size} bytes of safetensors`,
    });
  }
  if (size > (ending === '.yaml' || ending === '.yml' ? MOST_YAML : MOST_TEXT)) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the file is too large to be one of these',
      path: name,
      expected: READ,
      received: `${size} bytes`,
    });
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
  const design = typeof json === 'object' && json !== null && ('base' in json || 'components' in json);
  if (design) return designOf(text, name);
  // Checked here, so that errors name the file.
  modelFromConfig(json, name, 'model');
  return { kind: 'model', model: json as object, said: `Read ${name}.` };
}

function designOf(text: string, name: string): Dropped {
  const { value, locate } = parseDesignFile(name, text);
  const fallbackName = name.replace(/\.[^.]*$/, '');
  const design = customDesign(value, { technology: technologyNamed('published'), locate, fallbackName });
  return {
    kind: 'design',
    design: { ...(value as object), name: design.name },
    said: `Added ${design.name}.`,
  };
}
