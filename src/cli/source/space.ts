import { basename, extname } from 'node:path';
import { parseDesignFile } from '../../design/design-file.ts';
import { dotted, type Locate } from '../../design/problem.ts';
import { MugiError } from '../../errors.ts';
import { type Opened, type Plan, planOf } from '../../explore/space/plan.ts';
import { type FileKind, kindAt, readText } from '../../files/read.ts';
import { MODELS } from '../../workload/models.ts';
import { readDesignFile } from '../../source/design.ts';
import { loadModel } from '../../source/model.ts';

const SPACE_FILE: FileKind = { what: 'space file', limit: 2 ** 20, expected: 'a space in YAML or JSON' };

/** Files that a space names, read once: their content is part of the space's digest. */
const OPENED: Opened = {
  model: (text, dims) =>
    dims === undefined && MODELS.some(({ name }) => name === text.toLowerCase())
      ? text.toLowerCase()
      : loadModel(text, dims),
  design(text) {
    if (!/\.(ya?ml|json)$/i.test(text) && !/[/\\]/.test(text)) return text;
    const { value } = parseDesignFile(text, readDesignFile(text));
    if (typeof value !== 'object' || value === null)
      throw new MugiError({
        code: 'invalid-file',
        message: 'not a design: the file has no keys',
        path: text,
      });
    return 'name' in value ? value : { ...value, name: basename(text, extname(text)) };
  },
};

/** The plan of a space file, or of a space that is written out as JSON, with what flags say instead. */
export function planFrom(path: string | undefined, flags: Readonly<Record<string, unknown>>): Plan {
  if (path === undefined) return planOf(flags, OPENED, fromFlags);
  const written = path.trimStart().startsWith('{');
  if (!written && kindAt(path) === 'nothing' && !/\.(ya?ml|json)$/i.test(path))
    throw new MugiError({
      code: 'missing-file',
      message: 'there is no such space file; a space without a file is written in flags',
      path,
      expected: 'mugi explore SPACE.yaml, mugi explore --vary …, or mugi explore show FILE',
    });
  const [file, text] = written ? ['space', path] : [path, readText(path, SPACE_FILE)];
  const { value, locate } = parseDesignFile(file, text, {
    what: 'a space file',
    expected: '"designs: [mugi-256]" and "vary:", say',
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MugiError({ code: 'invalid-file', message: 'not a space: the file has no keys', path: file });
  // Flags stand in the place of a file's keys, what is varied beside them.
  const { vary, ...rest } = flags;
  const input: Record<string, unknown> = { ...value, ...rest };
  if (vary !== undefined) input.vary = { ...(input.vary as object | undefined), ...(vary as object) };
  const where: Locate = (keys, on) =>
    Object.hasOwn(flags, String(keys[0])) ? fromFlags(keys, on) : locate(keys, on);
  return planOf(input, OPENED, where);
}

/** Where a mistake in a flag is: its key, before which the command line puts dashes. */
const fromFlags: Locate = (keys, on) => {
  const [key, inner] = keys.map(String);
  if (key === 'loss' && inner !== undefined) return `loss${inner[0].toUpperCase()}${inner.slice(1)}`;
  return key === undefined ? 'space' : key === 'models' ? 'model' : dotted([key], on);
};
