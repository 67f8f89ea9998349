import { memo, useMemo } from 'react';
import { comparison } from '../../../src/compare/comparison.ts';
import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import { designName } from '../../../src/evaluate/metrics.ts';
import type { Space } from '../../../src/explore/space/space.ts';
import { answer } from '../../../src/question/point.ts';
import { attempt } from '../../state/compared.ts';
import { Stacks } from '../compare/stacks.tsx';
import { thinned } from './lines.ts';
import { addressOf, askedOf, firstOf } from './point-address.ts';

/** Designs whose time is drawn: as many as can be compared at a glance. */
const MOST_SHOWN = 8;

const NAMED = 'point ';

/** Where the time of the designs goes whose lines are drawn, each by the road of `mugi evaluate`. */
export const Breakdown = memo(function Breakdown({
  space,
  points,
}: {
  space: Space;
  points: readonly number[];
}) {
  const found = useMemo(
    () =>
      attempt(() => {
        const shown = thinned(points, MOST_SHOWN);
        if (shown.length === 0) return undefined;
        const evaluations = shown.map((point): Evaluation => answer(askedOf(space, point))[0]);
        const { designs, ...rest } = comparison(evaluations, designName(evaluations[0]));
        // Points of one start have one name.
        return { ...rest, designs: designs.map((one, i) => ({ ...one, name: NAMED + shown[i] })) };
      }),
    [space, points],
  );
  if (found.value === undefined) return null;
  const address = (name: string): string => addressOf(askedOf(space, Number(name.slice(NAMED.length))));
  return <Stacks result={found.value} point={address} model={firstOf(space)} />;
});
