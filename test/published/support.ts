import type { Activation } from '../../src/artifact/inventory.ts';
import type { Design } from '../../src/design/design.ts';
import { designNamed } from '../../src/design/index.ts';
import type { Evaluation } from '../../src/evaluate/evaluation.ts';
import { evaluatePoint, type Point } from '../../src/question/point.ts';
import { designUnder, preset, type Repair } from '../../src/published/preset.ts';
import { OPEN_45 } from '../../src/technology/open-45.ts';

/** What each quirk is tested with: the published model, and the same with one quirk repaired. */

const base: Point = { design: 'mugi-256', model: 'llama-2-70b' };
const alone = (repair: Repair) => preset('as-published', { [repair]: true });

export const published = (point: Partial<Point> = {}): Evaluation =>
  evaluatePoint({ ...base, ...point, preset: 'as-published' });
export const repaired = (repair: Repair, point: Partial<Point> = {}): Evaluation =>
  evaluatePoint({ ...base, ...point, preset: alone(repair) });

export const find = ({ operators }: Evaluation, name: string, phase = 'decode') =>
  operators.find(({ operator }) => operator.name === name && operator.phase === phase)!;

/** Names of operators whose time or energy differs. */
export const changed = (before: Evaluation, after: Evaluation): string[] =>
  after.operators
    .filter(({ operator, time, energy }) => {
      const was = find(before, operator.name, operator.phase);
      return (
        was === undefined ||
        Math.abs(time / was.time - 1) > 1e-12 ||
        Math.abs(energy / was.energy - 1) > 1e-12
      );
    })
    .map(({ operator }) => `${operator.phase} ${operator.name}`);

/** The design of a name under a technology that prices everything. */
export const publishedDesign = (name: string): Design =>
  designUnder(designNamed(name), preset('as-published'), OPEN_45);
export const repairedDesign = (name: string, repair: Repair): Design =>
  designUnder(designNamed(name), alone(repair), OPEN_45);

const byComponent = (list: readonly Activation[]): Record<string, number> =>
  Object.fromEntries(list.map(({ component, count }) => [component, count]));

/** A design as flat facts, `components.adder.count = 256`. */
function facts(design: Design): Map<string, string> {
  const plain = {
    ...design,
    components: Object.fromEntries(design.components.map((part) => [part.name, part])),
    events: Object.fromEntries(
      Object.entries(design.events).map(([event, list]) => [event, byComponent(list)]),
    ),
  };
  const flat = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) flat.set(path, String(value));
    else for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
  };
  walk(plain, '');
  return flat;
}

/** What a repair changes in a design: `path: before → after`, sorted. */
export function changes(name: string, repair: Repair): string[] {
  const [before, after] = [facts(publishedDesign(name)), facts(repairedDesign(name, repair))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => `${path}: ${before.get(path) ?? 'none'} → ${after.get(path) ?? 'none'}`)
    .sort();
}
