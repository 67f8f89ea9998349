import { MugiError, nearest, unknownName } from '../errors.ts';
import { carat } from './carat.ts';
import type { Design } from './design.ts';
import { mugi } from './mugi.ts';
import type { Sides } from './mac-array.ts';
import type { Mesh } from './parts.ts';
import { pick } from './pick.ts';
import { simd } from './simd.ts';
import { systolic, type SystolicOptions } from './systolic.ts';
import { tensorCore } from './tensor-core.ts';
import type { Family, SizeRange } from './family.ts';
import { SWITCH_NAMES } from '../vlp/switches.ts';
import type { VectorMethod } from '../artifact/vector.ts';

const HEIGHTS = [8, 16, 32, 64, 128, 256] as const;
const SIZES = [4, 8, 16, 32, 64] as const;
const HEIGHT: SizeRange = { key: 'height', min: 8, max: 1024, step: 8 };
const SIZE: SizeRange = { key: 'size', min: 4, max: 256, step: 1 };

type Rest = Pick<Family, 'sizes' | 'build' | 'rectangle' | 'range' | 'varies'>;

const vlp = (lut: boolean): Rest => ({
  sizes: HEIGHTS,
  range: HEIGHT,
  varies: ['lut', 'lut_exponents', 'row_sum', 'chain', 'group', 'vector_lanes', ...(lut ? [] : SWITCH_NAMES)],
  build: (height, nodes, variant) => mugi({ height, lut, ...variant, nodes }),
});

const sa = (
  figna: boolean,
  method: VectorMethod,
  kind: Pick<SystolicOptions, 'dataflow' | 'doubleBuffered'> = { dataflow: 'weight-stationary' },
): Rest => ({
  sizes: SIZES,
  range: SIZE,
  varies: ['dataflow', 'method', 'vector_lanes', 'chain', 'group'],
  build: (size, nodes, variant) => systolic({ size, figna, method, ...kind, ...variant, nodes }),
  rectangle: (size, nodes, variant) => systolic({ size, figna, method, ...kind, ...variant, nodes }),
});

const OUTPUT_STATIONARY = { dataflow: 'output-stationary' } as const;
const DOUBLE_BUFFERED = { dataflow: 'weight-stationary', doubleBuffered: true } as const;

const sd = (figna: boolean): Rest => ({
  sizes: SIZES,
  range: SIZE,
  varies: ['method', 'vector_lanes', 'group'],
  build: (size, nodes, variant) => simd({ size, figna, ...variant, nodes }),
  rectangle: (size, nodes, variant) => simd({ size, figna, ...variant, nodes }),
});

/** Every built-in family. Adding a design is one file and one line here. */
export const FAMILIES: readonly Family[] = [
  {
    pattern: 'mugi-{size}',
    title: 'Mugi: VLP for GEMM and nonlinear functions on one array',
    ...vlp(false),
  },
  {
    pattern: 'mugi-l-{size}',
    title: 'Mugi-L: VLP GEMM, nonlinear functions from dedicated LUTs',
    ...vlp(true),
  },
  {
    pattern: 'carat-{size}',
    title: 'Carat: VLP GEMM with a vector array',
    sizes: HEIGHTS,
    range: HEIGHT,
    varies: ['method', 'vector_lanes', 'chain', 'group'],
    build: (height, nodes, variant) => carat({ height, ...variant, nodes }),
  },
  {
    pattern: 'sa-{size}',
    title: 'systolic array, weight stationary',
    ...sa(false, 'precise'),
  },
  {
    pattern: 'sa-f-{size}',
    title: 'systolic array with FIGNA cells',
    ...sa(true, 'precise'),
  },
  {
    pattern: 'sa-{size}-pwl',
    title: 'systolic array, piecewise linear vector array',
    ...sa(false, 'pwl'),
  },
  {
    pattern: 'sa-{size}-taylor',
    title: 'systolic array, Taylor vector array',
    ...sa(false, 'taylor'),
  },
  {
    pattern: 'sa-{size}-os',
    title: 'systolic array, output stationary (ours)',
    ...sa(false, 'precise', OUTPUT_STATIONARY),
  },
  {
    pattern: 'sd-{size}',
    title: 'SIMD array with adder trees',
    ...sd(false),
  },
  {
    pattern: 'sd-f-{size}',
    title: 'SIMD array with FIGNA cells',
    ...sd(true),
  },
  {
    pattern: 'tensor',
    title: 'tensor core, 8 × 16 × 16',
    sizes: [1],
    varies: ['method', 'vector_lanes', 'group'],
    build: (_, nodes, variant) => tensorCore({ ...variant, nodes }),
  },
  {
    pattern: 'sa-f-{size}-os',
    title: 'systolic array with FIGNA cells, output stationary (ours)',
    ...sa(true, 'precise', OUTPUT_STATIONARY),
  },
  {
    pattern: 'sa-{size}-db',
    title: 'systolic array, weight stationary, double-buffered weights (ours)',
    ...sa(false, 'precise', DOUBLE_BUFFERED),
  },
  {
    pattern: 'sa-f-{size}-db',
    title: 'systolic array with FIGNA cells, double-buffered weights (ours)',
    ...sa(true, 'precise', DOUBLE_BUFFERED),
  },
  {
    pattern: 'pick-{size}',
    title: 'integer dot products that pick from shared multiples (ours)',
    sizes: [8, 16, 32, 64],
    varies: ['method', 'vector_lanes', 'chain', 'group'],
    build: (size, nodes, variant) => pick({ size, ...variant, nodes }),
    rectangle: (size, nodes, variant) => pick({ size, ...variant, nodes }),
    columns: [8, 16, 32, 64, 128, 256],
  },
];

/** Largest mesh side that a name may ask for. */
const MAX_MESH = 64;

export function designNames(families: readonly Family[] = FAMILIES): string[] {
  return [
    ...new Set(
      families.flatMap(({ pattern, sizes }) => sizes.map((size) => pattern.replace('{size}', String(size)))),
    ),
  ];
}

/** What designs of the built-in families call their family. */
export const familyNames = (): string[] => [
  ...new Set(FAMILIES.map(({ pattern }) => pattern.replace(/-\{size\}.*/, ''))),
];

/** Sides that the name of a rectangle may ask for. */
export const RECTANGLE = { min: 2, max: 256 } as const;

/** Builds a design from its name: `mugi-256`, a rectangle `sa-8x32-os` or `sd-16x32`, or with a mesh `mugi-256@4x4`. */
export function designNamed(name: string, families: readonly Family[] = FAMILIES): Design {
  const { size, build, nodes } = namedFamily(name, families);
  return build(size, nodes);
}

/** What a design's name stands for. */
export interface Named {
  family: Family;
  /** The size in the name; of a rectangle, of a square with as many cells, rounded. */
  size: number;
  nodes: Mesh;
  /** Builds the family at a size; a rectangle keeps its sides at its own. */
  build: Family['build'];
}

/**
 * What a design's name stands for.
 * @throws MugiError for an unknown name or a size that the family does not come in, with the nearest
 */
export function namedFamily(name: string, families: readonly Family[] = FAMILIES): Named {
  const [base = '', mesh, ...rest] = name.trim().toLowerCase().split('@');
  if (rest.length > 0) throw unknownName('design', name, designNames(families), 'design');
  const nodes = parseMesh(name, mesh);
  for (const family of families) {
    const { pattern, sizes } = family;
    const size = sizes.find((candidate) => pattern.replace('{size}', String(candidate)) === base);
    if (size !== undefined) return { family, size, nodes, build: family.build };
    const sides = family.rectangle && sidesIn(base, pattern);
    if (sides !== undefined) return rectangle(name, family, sides, nodes);
  }
  throw unknownDesign(name, base, families);
}

/** The sides in a name of this pattern, if it holds any. */
function sidesIn(base: string, pattern: string): Sides | undefined {
  const [before = '', after = ''] = pattern.split('{size}');
  if (!base.startsWith(before) || !base.endsWith(after)) return undefined;
  const match = /^(\d+)x(\d+)$/.exec(base.slice(before.length, base.length - after.length));
  return match === null ? undefined : { columns: Number(match[1]), rows: Number(match[2]) };
}

const within = ({ min, max }: { min: number; max: number }, side: number): number =>
  Math.min(max, Math.max(min, side));

/** Whether a family has a rectangle of these sides. */
export const fitsSides = ({ columns: lanes }: Family, { columns, rows }: Sides): boolean =>
  (lanes?.includes(columns) ?? within(RECTANGLE, columns) === columns) && within(RECTANGLE, rows) === rows;

function rectangle(name: string, family: Family, sides: Sides, nodes: Mesh): Named {
  if (!fitsSides(family, sides)) {
    const { min, max } = RECTANGLE;
    const { columns: lanes } = family;
    const far = (side: number): number => Math.abs(side - sides.columns);
    const columns = lanes?.reduce((a, b) => (far(b) < far(a) ? b : a)) ?? within(RECTANGLE, sides.columns);
    throw new MugiError({
      code: 'invalid-value',
      message: `design "${name}" has sides that cannot be built`,
      path: 'design',
      expected: `${family.pattern.replace('{size}', 'COLUMNSxROWS')} with ${lanes === undefined ? '' : `${lanes.join(', ')} columns and `}sides from ${min} to ${max}`,
      received: `${sides.columns}x${sides.rows}`,
      nearest: family.pattern.replace('{size}', `${columns}x${within(RECTANGLE, sides.rows)}`),
    });
  }
  const size = Math.round(Math.sqrt(sides.columns * sides.rows));
  const build: Family['build'] = (asked, mesh, variant) =>
    asked === size ? family.rectangle!(sides, mesh, variant) : family.build(asked, mesh, variant);
  return { family, size, nodes, build };
}

function unknownDesign(name: string, base: string, families: readonly Family[]): MugiError {
  for (const { pattern, sizes } of families) {
    const [before = '', after = ''] = pattern.split('{size}');
    if (!pattern.includes('{size}') || !base.startsWith(before) || !base.endsWith(after)) continue;
    const text = base.slice(before.length, base.length - after.length);
    if (!/^\d+(\.\d+)?$/.test(text)) continue;
    const closest = sizes.reduce((a, b) => (Math.abs(b - Number(text)) < Math.abs(a - Number(text)) ? b : a));
    return new MugiError({
      code: 'invalid-value',
      message: `design "${name}": ${pattern.replace('{size}', '…')} does not come in size ${text}`,
      path: 'design',
      expected: `a size of ${sizes.join(', ')}`,
      received: text,
      nearest: pattern.replace('{size}', String(closest)),
    });
  }
  const names = designNames(families);
  return new MugiError({
    code: 'unknown-name',
    message: `unknown design "${name}"`,
    path: 'design',
    expected: families
      .map(({ pattern, sizes }) => pattern.replace('{size}', `{${sizes.join('|')}}`))
      .join(', '),
    received: name,
    nearest: nearest(base, names),
  });
}

/** @throws MugiError for a mesh that is not ROWSxCOLUMNS within its limits */
export function parseMesh(name: string, mesh: string | undefined): Mesh {
  if (mesh === undefined) return { rows: 1, columns: 1 };
  const match = /^(\d+)x(\d+)$/.exec(mesh);
  const [rows, columns] = [Number(match?.[1]), Number(match?.[2])];
  const valid = (n: number): boolean => n >= 1 && n <= MAX_MESH;
  if (match !== null && valid(rows) && valid(columns)) return { rows, columns };
  throw new MugiError({
    code: 'invalid-value',
    message: `design "${name}" asks for a mesh that cannot be built`,
    path: 'design',
    expected: `NAME@ROWSxCOLUMNS with sides from 1 to ${MAX_MESH}`,
    received: mesh,
    nearest: `${name.split('@')[0]}@4x4`,
  });
}
