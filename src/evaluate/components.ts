import { nanojoules, perAccess } from '../units.ts';
import { MEMORIES, sramName } from '../design/design.ts';
import type { Evaluation, OperatorEvaluation } from './evaluation.ts';
import { eventCounts, READS, WRITES } from './execute/execution.ts';
import { activationsOf, LINK } from './price.ts';

/** One component with what it costs over the whole inference. */
export interface ComponentUse {
  name: string;
  class: string;
  group: string;
  /** Instances on the chip. */
  count: number;
  area_mm2: number;
  leakage_mW: number;
  /** Activations over the inference; accesses of an SRAM, bits × hops (or as published) of a router and a link. */
  activations: number;
  /** Dynamic energy over the inference. */
  energy_J: number;
}

/**
 * Dynamic energy by component, of some operators or of all: events × activations × energy of one. Sums to the
 * operators' energy (`total.energy`).
 */
export function componentUse(
  { priced }: Evaluation,
  operators: readonly OperatorEvaluation[],
): ComponentUse[] {
  const { design, components, srams, router, link } = priced;
  const activations = new Map<string, number>();
  const energy = new Map<string, number>();
  const add = (name: string, count: number, each_nJ: number): void => {
    activations.set(name, (activations.get(name) ?? 0) + count);
    energy.set(name, (energy.get(name) ?? 0) + perAccess(nanojoules(each_nJ), count));
  };
  const each = new Map(components.map((component) => [component.name, component.energy]));
  for (const { work } of operators) {
    for (const [event, occurrences] of eventCounts(work)) {
      for (const { component, count } of activationsOf(design, event)) {
        add(component, occurrences * count, each.get(component) ?? 0);
      }
    }
    for (const memory of MEMORIES) {
      add(sramName(memory), work.words[READS[memory]], srams[memory].read_nJ);
      add(sramName(memory), work.words[WRITES[memory]], srams[memory].write_nJ);
    }
    if (router !== undefined) add('router', work.routing, router.energy);
    if (link !== undefined) add(LINK, work.routing, link);
  }
  return components.map(({ name, class: className, group, count, area, leakage }) => ({
    name,
    class: className,
    group,
    count,
    area_mm2: area,
    leakage_mW: leakage,
    activations: activations.get(name) ?? 0,
    energy_J: energy.get(name) ?? 0,
  }));
}
