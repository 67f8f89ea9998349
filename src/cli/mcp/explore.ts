import { MugiError } from '../../errors.ts';
import { resultOf } from '../../explore/result.ts';
import { planOf } from '../../explore/space/plan.ts';
import { spaceSchema } from '../../explore/space/schema.ts';
import { Space } from '../../explore/space/space.ts';
import { explore } from '../../scale/run.ts';
import { digestOf } from '../../scale/store.ts';
import { shallow } from '../serve/reply.ts';
import { resultJson } from '../show/explore.ts';
import type { Schema, Tool } from './tool.ts';

/** A tool answers within seconds, and keeps nothing on disk; larger spaces are for the command line. */
const MOST_POINTS = 50_000;
/** Rows of a front that an agent can read. */
const MOST_ROWS = 100;

const {
  version: _,
  search: __,
  loss: ___,
  ...properties
} = (spaceSchema() as { properties: Record<string, Schema> }).properties;

export const EXPLORE: Tool = {
  name: 'explore',
  description: `The best designs of a space of at most ${MOST_POINTS} points: every combination of parameters evaluated, and the front of those that none beats, under bounds. Designs and models are built-in names or objects.`,
  properties,
  async run(given) {
    const plan = planOf(shallow(given));
    if (plan.loss !== undefined)
      throw new MugiError({
        code: 'unsupported',
        message: 'the loss is measured for minutes, too long for one call',
        path: 'minimise',
        expected: 'metrics of mugi evaluate; mugi explore on the command line measures losses',
      });
    const space = new Space(plan);
    if (space.size > MOST_POINTS) {
      throw new MugiError({
        code: 'unsupported',
        message: `the space has ${space.size} points, too many for one call`,
        path: 'vary',
        expected: `at most ${MOST_POINTS} points; mugi explore on the command line takes larger spaces`,
        received: `${space.size} points`,
      });
    }
    const { tally } = await explore(space, { folder: undefined, threads: 1 });
    if (tally === undefined) throw new Error('a space without a store is evaluated whole');
    const result = resultOf(space, tally);
    const { front } = result;
    return {
      ...resultJson({ ...result, front: front.slice(0, MOST_ROWS) }, digestOf(plan)),
      front_size: front.length,
    };
  },
};
