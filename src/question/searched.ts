import { type Design, meshedName } from '../design/design.ts';
import { FAMILIES, fitsSides, type Named, namedFamily } from '../design/index.ts';
import type { Sides } from '../design/mac-array.ts';
import { MugiError } from '../errors.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';

/**
 * A rival as its designer would build it: `best:sa-16` stands for the shape and dataflow that suits a model and its use
 * best among arrays with the cells of sa-16. "Best" is the least product of energy and delay, on chip: the fastest shape
 * alone may be one whose memories are so wide that no one would build it.
 */
const PREFIX = 'best:';
/** Shapes with longer or shorter sides are not tried: words of their memories would pass what CACTI models. */
const SIDES = { min: 4, max: 64 } as const;

/** What a source asks to search, `sa-16` for `best:sa-16`. */
export const searchedLike = (source: string | object): string | undefined =>
  typeof source === 'string' && source.startsWith(PREFIX) ? source.slice(PREFIX.length) : undefined;

/**
 * Names of all shapes and dataflows with as many cells as a built-in design has, itself included.
 * @throws MugiError for a design whose family has one shape
 */
export function shapesLike(name: string): readonly string[] {
  let shapes = SHAPES.get(name);
  if (shapes === undefined) {
    shapes = shapesOf(name);
    if (SHAPES.size === MOST_SHAPES) SHAPES.clear();
    SHAPES.set(name, shapes);
  }
  return shapes;
}

/** A question that changes a little asks for the same ones again. */
const SHAPES = new Map<string, readonly string[]>();
const MOST_SHAPES = 64;

function shapesOf(name: string): string[] {
  const like = namedFamily(name);
  const own = like.build(like.size, like.nodes);
  const cells = own.array.columns * own.array.rows;
  const built = alternatives(like, own).flatMap((family) =>
    sidesOf(cells)
      .filter((sides) => fitsSides(family, sides))
      .map((sides) => family.rectangle!(sides, like.nodes)),
  );
  const names = [own, ...built].map(meshedName);
  if (built.length > 0) return [...new Set(names)];
  throw new MugiError({
    code: 'unsupported',
    message: `"${name}" has one shape, so that there is nothing to search`,
    path: 'designs',
    expected: `${PREFIX}NAME of a systolic array, such as ${PREFIX}sa-16 or ${PREFIX}sa-f-16`,
    received: `${PREFIX}${name}`,
    nearest: `${PREFIX}sa-16`,
  });
}

/** Families of the same cells and vector unit, whatever their dataflow. */
const alternatives = ({ family, size, nodes }: Named, own: Design) =>
  FAMILIES.filter(({ rectangle, build, sizes }) => {
    if (rectangle === undefined || family.rectangle === undefined) return false;
    const other = build(sizes.includes(size) ? size : sizes[0], nodes);
    return other.family === own.family && other.method === own.method;
  });

function sidesOf(cells: number): Sides[] {
  const found: Sides[] = [];
  for (let columns = SIDES.min; columns <= SIDES.max; columns++) {
    const rows = cells / columns;
    if (Number.isInteger(rows) && rows >= SIDES.min && rows <= SIDES.max) found.push({ columns, rows });
  }
  return found;
}

/** The evaluation with the least product of energy and delay, with a sentence on what it was chosen from. */
export function bestOf(like: string, evaluations: readonly Evaluation[]): Evaluation {
  const product = ({ total, leakage }: Evaluation): number =>
    (total.energy + leakage * total.time) * total.time;
  const best = evaluations.reduce((a, b) => (product(b) < product(a) ? b : a));
  const searched = `the best of ${evaluations.length} shapes and dataflows with the cells of ${like}, by energy × delay for this model and use`;
  return { ...best, searched };
}
