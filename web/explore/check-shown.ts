import { MugiError } from '../../src/errors.ts';
import type { Plan } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { MOST_POINTS } from './messages.ts';

/**
 * The space of a plan, where a page can show it.
 * @throws MugiError for one that has too many points, or a loss that is measured
 */
export function shownSpace(plan: Plan): Space {
  const space = new Space(plan);
  if (space.size > MOST_POINTS) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the space has more points than a page shows',
      path: 'vary',
      expected: `at most ${MOST_POINTS}; mugi explore takes more`,
      received: `${space.size} points`,
    });
  }
  if (plan.loss !== undefined) {
    throw new MugiError({
      code: 'unsupported',
      message: 'a loss is measured on a model, which a page does not run',
      path: 'loss',
      expected: 'a space without it; mugi explore measures it',
    });
  }
  return space;
}
