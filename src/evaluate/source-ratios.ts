import { TECHNOLOGIES } from '../technology/index.ts';
import { atClock, type Technology } from '../technology/technology.ts';
import { megahertzOf } from '../units.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { designName, metrics } from './metrics.ts';
import { lacksMachine, priceDesign } from './whole-machines.ts';

/** What another source of cost makes of a number: that source over the one that is shown. */
interface SourceRatio {
  technology: string;
  tokens_per_J: number;
  area_mm2: number;
}

/**
 * A design by every other source of cost, over the one that it was priced with: tokens per joule on chip, and area. A source
 * that lacks a part of the design, or a machine that stands for it, is left out.
 */
export function sourceRatios(evaluation: Evaluation): SourceRatio[] {
  const { priced, workload, preset, environment } = evaluation;
  const shown = metrics(evaluation);
  return TECHNOLOGIES.filter(({ name }) => name !== priced.technology.name).flatMap((source) => {
    const technology: Technology = atClock(source, megahertzOf(priced.technology.clock));
    if (!priced.design.components.every(({ class: name }) => Object.hasOwn(technology.logic, name)))
      return [];
    if (lacksMachine(priced.design, technology)) return [];
    const other = metrics(evaluate(priceDesign(priced.design, technology), workload, preset, environment));
    return [
      {
        technology: source.name,
        tokens_per_J: other.tokens_per_J / shown.tokens_per_J,
        area_mm2: other.area_mm2 / shown.area_mm2,
      },
    ];
  });
}

/** The same in a sentence, for all designs of a comparison. */
export function sourcesNote(evaluations: readonly Evaluation[]): string {
  const told = evaluations.map((evaluation) => {
    const ratios = sourceRatios(evaluation).map(
      ({ technology, tokens_per_J, area_mm2 }) =>
        `${technology} ${tokens_per_J.toFixed(2)} and ${area_mm2.toFixed(2)}`,
    );
    return `${designName(evaluation)}: ${ratios.join(', ')}`;
  });
  return `tokens per joule on chip and area by the other sources of cost, over those of ${evaluations[0].priced.technology.name}: ${told.join('; ')}`;
}
