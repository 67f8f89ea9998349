import { useMemo } from 'react';
import { comparison } from '../../../src/compare/comparison.ts';
import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import { designName } from '../../../src/evaluate/metrics.ts';
import type { Space } from '../../../src/explore/space/space.ts';
import { answer } from '../../../src/question/point.ts';
import { question } from '../../../src/question/question.ts';
import { attempt } from '../../state/compared.ts';
import { Stacks } from '../compare/stacks.tsx';
import { thinned } from './lines.ts';

/** Designs whose time is drawn: as many as can be compared at a glance. */
const MOST_SHOWN = 8;

/** Where the time of the designs goes whose lines are drawn, each by the road of `mugi evaluate`. */
export function Breakdown({ space, points }: { space: Space; points: readonly number[] }) {
  const found = useMemo(
    () =>
      attempt(() => {
        const shown = thinned(points, MOST_SHOWN);
        if (shown.length === 0) return undefined;
        const { source } = space.plan.models[0];
        const evaluations = shown.map((point): Evaluation => {
          const { design, asked } = space.point(point);
          return answer(question({ ...asked, model: source, designs: [design] }))[0];
        });
        const { designs, ...rest } = comparison(evaluations, designName(evaluations[0]));
        // Points of one start have one name.
        return { ...rest, designs: designs.map((one, i) => ({ ...one, name: `point ${shown[i]}` })) };
      }),
    [space, points],
  );
  return found.value === undefined ? null : <Stacks result={found.value} />;
}
