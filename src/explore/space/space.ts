import { namedFamily } from '../../design/index.ts';
import { MugiError } from '../../errors.ts';
import { question, type QuestionInput } from '../../question/question.ts';
import { compile, type Compiled, type Value } from '../expression.ts';
import { Grid } from '../grid.ts';
import { givenOf } from './given.ts';
import { PARAMETERS, type Place, PLACES, WINDOWS } from './parameters.ts';
import type { Plan } from './plan.ts';
import type { Start } from './start.ts';
import { applies, conditionNames, namesOf, type Varied } from './varied.ts';

/** The points of one design to start from: all combinations of the parameters that it has. */
export interface Block {
  start: Start;
  varied: readonly Varied[];
  grid: Grid<Value>;
  /** Number of its first point. */
  offset: number;
  /** Combinations of the parameters of each place. */
  sizes: Readonly<Record<Place, number>>;
}

/** A point in the words of every other command. */
export interface SpacePoint {
  index: number;
  parameters: Record<string, Value>;
  design: string | object;
  asked: QuestionInput;
}

/** A plan as numbered points: those of its first design, then those of the next. Nothing is stored a point. */
export class Space {
  readonly plan: Plan;
  readonly blocks: readonly Block[];
  readonly size: number;
  readonly #conditions: readonly { holds: boolean; test: Compiled }[];
  /** Values that no parameter of a block varies, as conditions see them. */
  readonly #given = new Map<Block, Readonly<Record<string, Value>>>();

  /** @throws MugiError for a space of too many points to number, and a condition on what has no value in it */
  constructor(plan: Plan) {
    this.plan = plan;
    let offset = 0;
    this.blocks = plan.designs.map((start) => {
      const varied = plan.varied.filter(({ name }) => applies(name, start));
      const sizes = Object.fromEntries(
        PLACES.map((place) => [
          place,
          varied
            .filter((one) => one.place === place)
            .reduce((product, { values }) => product * values.length, 1),
        ]),
      ) as Record<Place, number>;
      const block: Block = { start, varied, grid: gridOf(varied), offset, sizes };
      offset += block.grid.size;
      return block;
    });
    this.size = offset;
    if (!Number.isSafeInteger(offset)) throw tooMany();
    const names = conditionNames(plan.varied);
    const known = question(plan.surroundings);
    const valued = new Set(namesOf(plan.varied));
    for (const block of this.blocks) {
      const given = givenOf(block, plan.surroundings, known, names);
      this.#given.set(block, given);
      for (const name of Object.keys(given)) valued.add(name);
    }
    const compiled = (key: 'where' | 'forbid') =>
      plan[key].map((text) => ({
        holds: key === 'where',
        test: compile(text, names, key, (name) => {
          if (!valued.has(name)) throw unset(name, key);
        }),
      }));
    this.#conditions = [...compiled('where'), ...compiled('forbid')];
  }

  blockOf(index: number): Block {
    const block = this.blocks.findLast(({ offset }) => offset <= index);
    if (block === undefined || index >= this.size) throw new RangeError(`point ${index} of ${this.size}`);
    return block;
  }

  get conditional(): boolean {
    return this.#conditions.length > 0;
  }

  /** Whether the conditions on parameters keep a point. */
  keeps(block: Block, parameters: Readonly<Record<string, Value>>): boolean {
    const values = { ...this.#given.get(block), ...parameters };
    return this.#conditions.every(({ holds, test }) => {
      const value = test(values);
      return value === undefined || Boolean(value) === holds;
    });
  }

  /** A point as a design and a question; the design is a file's data where parameters change it. */
  point(index: number): SpacePoint {
    const block = this.blockOf(index);
    const parameters = block.grid.point(index - block.offset);
    return {
      index,
      parameters: { design: block.start.name, ...parameters },
      design: designAt(block, parameters, index),
      asked: this.asked(parameters),
    };
  }

  /** What is asked of every design at a point: use, prices and environment. */
  asked(parameters: Readonly<Record<string, Value>>): QuestionInput {
    const asked: Record<string, unknown> = { ...this.plan.surroundings };
    for (const { name, place } of PARAMETERS)
      if (place !== 'logic' && place !== 'memory' && name !== WINDOWS && parameters[name] !== undefined)
        asked[name] = parameters[name];
    return asked as QuestionInput;
  }
}

function gridOf(varied: readonly Varied[]): Grid<Value> {
  try {
    return new Grid(varied.map(({ name, values }) => ({ name, values })));
  } catch (error) {
    if (error instanceof RangeError) throw tooMany();
    throw error;
  }
}

const tooMany = (): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: 'the space has more points than can be numbered',
    path: 'vary',
    expected: 'fewer values',
  });

const unset = (name: string, path: 'where' | 'forbid'): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: `"${name}" has no value that a condition could look at: nothing varies it, and none is given`,
    path,
    expected: `values of ${name} among what is varied, or one beside`,
    received: name,
  });

/** The data of a design file, without its name: what a start says, with the parameters of a point. */
export function specAt(
  { start }: Pick<Block, 'start'>,
  parameters: Readonly<Record<string, Value>>,
): Record<string, unknown> {
  const spec = structuredClone(start.spec) as Record<string, unknown>;
  for (const [name, value] of Object.entries(parameters)) {
    const place = PARAMETERS.find((one) => one.name === name)?.place ?? 'logic';
    if (place !== 'logic' && place !== 'memory') continue;
    if (name === 'shape') spec.base = shapedName(spec.base as string, value as string);
    else set(spec, /^sram\.[a-z]+$/.test(name) ? `${name}.kib` : name, value);
  }
  return spec;
}

function designAt(block: Block, parameters: Readonly<Record<string, Value>>, index: number): string | object {
  const { start } = block;
  const spec = specAt(block, parameters);
  if (start.kind === 'base' && Object.keys(spec).length === 1) return spec.base as string;
  const changed = block.varied.some(({ place }) => place === 'logic' || place === 'memory');
  const stem = start.name
    .replace(/.*[/\\]|\.ya?ml$|\.json$/gi, '')
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 40);
  return { ...spec, name: changed ? `${stem}-p${index}` : `${stem}-explored` };
}

/** `sa-8x32-os@4x4` for `sa-16-os@4x4` in the shape 8x32: lanes of activations × lanes of weights. */
function shapedName(base: string, shape: string): string {
  const { family } = namedFamily(base);
  const mesh = base.split('@')[1];
  return `${family.pattern.replace('{size}', shape)}${mesh === undefined ? '' : `@${mesh}`}`;
}

function set(spec: Record<string, unknown>, path: string, value: Value): void {
  const keys = path.split('.');
  let node = spec;
  for (const key of keys.slice(0, -1)) {
    const inner = node[key];
    node = (typeof inner === 'object' && inner !== null ? inner : (node[key] = {})) as Record<
      string,
      unknown
    >;
  }
  node[keys.at(-1)!] = value;
}
