import { MEMORIES, sramName } from '../design/design.ts';
import { componentUse } from '../evaluate/components.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { READS, WRITES } from '../evaluate/execute/execution.ts';
import { designName } from '../evaluate/metrics.ts';
import type { PricedComponent } from '../evaluate/price.ts';
import {
  milliwattsToWatts,
  nanojoules,
  picojoulesOf,
  squareMicrometresOf,
  squareMillimetres,
} from '../units.ts';
import { type HandoverFile, yamlNumber } from './file.ts';

/** Version of the formats: Accelergy takes files of its own version and of those before. */
const VERSION = '0.4';

/** What a component can do: energy of one action in pJ, and how often it happens in the inference. */
interface Action {
  name: string;
  picojoules: number;
  count: number;
}

/**
 * A design and an inference for Accelergy: energy and area of every component (ERT.yaml in pJ an action, ART.yaml in µm² an
 * instance), and what happens in the inference (action_counts.yaml, sums over all instances). Σ energy × count is
 * `energy_J`, leakage included as the action `leak` of one instance in one cycle; Σ area × instances is `area_mm2`.
 */
export function accelergyTables(evaluation: Evaluation): HandoverFile[] {
  const { components } = evaluation.priced;
  const chip = designName(evaluation).replaceAll(/\W/g, '_');
  // Accelergy names a list of equal instances by its range.
  const nameOf = ({ name, count }: PricedComponent): string => `${chip}.${name}[1..${count}]`;
  const used = new Map(
    componentUse(evaluation, evaluation.operators).map((use) => [use.name, use.activations]),
  );
  const rows = components.map((part) => ({
    part,
    name: nameOf(part),
    actions: actionsOf(part, used.get(part.name)!, evaluation),
  }));
  const table = (title: string, list: string, lines: readonly string[]): string =>
    [`${title}:`, `  version: ${VERSION}`, `  ${list}:`, ...lines, ''].join('\n');
  const ert = rows.flatMap(({ name, actions }) => [
    `    - name: ${name}`,
    '      actions:',
    ...actions.flatMap((action) => [
      `        - name: ${action.name}`,
      '          arguments: {}',
      `          energy: ${yamlNumber(action.picojoules)}`,
    ]),
  ]);
  const art = rows.flatMap(({ name, part }) => [
    `    - name: ${name}`,
    `      area: ${yamlNumber(squareMicrometresOf(squareMillimetres(part.area / part.count)))}`,
  ]);
  const counts = rows.flatMap(({ name, actions }) => [
    `    - name: ${name}`,
    '      action_counts:',
    ...actions.flatMap((action) => [
      `        - name: ${action.name}`,
      `          counts: ${yamlNumber(action.count)}`,
    ]),
  ]);
  return [
    { path: 'ERT.yaml', text: table('ERT', 'tables', ert) },
    { path: 'ART.yaml', text: table('ART', 'tables', art) },
    { path: 'action_counts.yaml', text: table('action_counts', 'local', counts) },
  ];
}

function actionsOf(
  part: PricedComponent,
  activations: number,
  { priced, operators, total }: Evaluation,
): Action[] {
  const { clock } = priced.technology;
  const instances = part.count;
  const leak: Action = {
    name: 'leak',
    picojoules: ((milliwattsToWatts(part.leakage) / instances) * 1e12) / clock,
    count: total.time * clock * instances,
  };
  const memory = MEMORIES.find((one) => sramName(one) === part.name);
  if (memory !== undefined) {
    const { read_nJ, write_nJ } = priced.srams[memory];
    const words = (at: number): number => operators.reduce((sum, { work }) => sum + work.words[at], 0);
    return [
      { name: 'read', picojoules: picojoulesOf(nanojoules(read_nJ)), count: words(READS[memory]) },
      { name: 'write', picojoules: picojoulesOf(nanojoules(write_nJ)), count: words(WRITES[memory]) },
      leak,
    ];
  }
  return [{ name: 'activate', picojoules: picojoulesOf(part.energy), count: activations }, leak];
}
