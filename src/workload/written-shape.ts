import { MugiError } from '../errors.ts';
import type { ModelShape } from './model.ts';
import { workloadOf } from './workload.ts';

/** Shapes that were looked through: a sweep asks for the same one thousands of times. */
const checked = new WeakSet<object>();

const SMALL = { batch: 1, context: 64, prefill: 8, activationBits: 16, weightBits: 4, kvBits: 4 };

/** Sizes of models stay below this by far. */
const MOST = 2 ** 40;

/**
 * A shape that was written out, as in a link of the studio: every operator that it leads to must have names and sizes.
 * @throws MugiError for an object that is no shape
 */
export function writtenShape(object: object, path = 'model'): ModelShape {
  const shape = object as ModelShape;
  if (checked.has(object)) return shape;
  const { notes = [] } = shape;
  if (!Array.isArray(notes)) throw noShape(path, 'notes');
  const texts = [shape.name, shape.title ?? '', shape.source ?? '', ...notes];
  if (!Array.isArray(shape.stacks) || shape.stacks.length === 0) throw noShape(path, 'stacks');
  if (texts.some((text) => typeof text !== 'string')) throw noShape(path, 'name, title, source and notes');
  for (const operator of operatorsOf(shape, path)) {
    const { name, kind, k, n } = operator as Record<string, unknown>;
    const sized = kind !== 'gemm' || (k !== undefined && n !== undefined);
    if (typeof name !== 'string' || !sized || !measured(operator))
      throw noShape(path, `the operator ${String(name)}`);
  }
  checked.add(object);
  return shape;
}

function operatorsOf(shape: ModelShape, path: string): readonly object[] {
  try {
    return workloadOf(shape, SMALL).operators;
  } catch (error) {
    if (error instanceof MugiError) throw error;
    throw noShape(path, (error as Error).message);
  }
}

/** Keys of an operator that are texts, or maps of them; all others are numbers, spans of them, or absent. */
const TEXTS = ['kind', 'name', 'group', 'phase', 'operand', 'function', 'axis'];

/** Whether every number of an operator is one, also inside its spans. */
const measured = (part: object): boolean =>
  Object.entries(part).every(([key, value]: [string, unknown]) => {
    if (typeof value === 'number') return value >= 0 && value < MOST;
    if (typeof value === 'object') return value !== null && measured(value);
    return typeof value !== 'string' || TEXTS.includes(key);
  });

const noShape = (path: string, received: string): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: 'the object is no shape of a model',
    path,
    expected: 'a config.json, or a shape with name and stacks as the studio writes it',
    received,
  });
