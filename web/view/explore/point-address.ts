import { questionsOf } from '../../../src/explore/front-points.ts';
import type { Space } from '../../../src/explore/space/space.ts';
import { toAddress } from '../../../src/question/address.ts';
import type { Question } from '../../../src/question/question.ts';

/** A point as a question about one design, on the first of the models of its space. */
export const askedOf = (space: Space, point: number): Question => questionsOf(space, point)[0];

/** A point as an address, which says all that its numbers depend on. */
export const addressOf = (asked: Question): string => toAddress({ view: 'compare', asked, detail: {} });

/** The model that a point is shown on, where its space has several. */
export const firstOf = ({ plan: { models } }: Space): string | undefined =>
  models.length > 1 ? models[0].name : undefined;
