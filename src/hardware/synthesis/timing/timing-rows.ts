import type { Timing, TimingPath } from './timing.ts';

/** What limits the clock, unit by unit: the worst path that ends in each module. */
export function unitRows({ units }: Timing) {
  return units.map((path) => ({
    unit: path.module,
    MHz: Math.round(1000 / path.period),
    ns: Number(path.period.toFixed(3)),
    from: path.steps[0].net,
    to: path.endpoint,
    through: crossed(path),
  }));
}

/** Modules that a path passes, in order. */
export const crossed = ({ steps }: TimingPath): string =>
  steps
    .map(({ module }) => module)
    .filter((module, i, all) => module !== all[i - 1])
    .join(' > ');
