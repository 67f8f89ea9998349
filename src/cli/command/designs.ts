import type { Command } from 'commander';
import { type DesignDetails, designDetails, designSummary } from '../../compare/design-facts.ts';
import { designNames } from '../../design/index.ts';
import { designSchema } from '../../design/schema.ts';
import { presetOf, pricedDesign } from '../../question/point.ts';
import { technologyNamed } from '../../technology/index.ts';
import { version } from '../../version.ts';
import { define as command } from '../options/command.ts';
import { type Flag, flag, SWITCH } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { output, outputFlags, type OutputFlags } from '../options/output.ts';
import { PRICE_KEYS } from '../../question/question.ts';
import { questionFlags, questionOf } from '../options/question-options.ts';
import { detailsText, listText } from '../show/designs.ts';
import { loadDesign } from '../../source/design.ts';

const FLAGS: readonly Flag[] = [
  ...questionFlags(PRICE_KEYS),
  flag('--schema', SWITCH, 'print the JSON Schema of design files'),
  ...outputFlags(
    'print one JSON object',
    'print one CSV row a design, or a component of the designs that are named',
  ),
];

interface Flags extends OutputFlags {
  schema?: true;
}

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'designs',
    description: 'What is built in, one design in depth, and the schema of design files',
    arguments: [
      {
        name: '[designs...]',
        help: 'names or design files; without, a list of what is built in',
        offer: { words: designNames, paths: 'files' },
      },
    ],
    flags: FLAGS,
    examples: [
      'mugi designs',
      'mugi designs mugi-256',
      'mugi designs tensor@2x1 my-design.yaml --csv',
      'mugi designs sa-64 --preset as-published --json',
      'mugi designs --schema > design.schema.json',
    ],
    run: ({ words, flags, given }) => designs(words, flags, given),
  });

function designs(names: readonly string[], flags: Flags, given: ReadonlySet<string>): void {
  refuseIdle(given, [
    {
      flags: ['schema'],
      when: names.length > 0,
      because: 'takes no designs: one schema holds for all design files',
    },
    {
      flags: ['csv', ...PRICE_KEYS],
      when: flags.schema === true,
      because: 'has no effect on the schema of design files',
    },
  ]);
  if (flags.schema === true) {
    return output({ json: true }, { json: designSchema, text: () => '' });
  }
  const asked = questionOf(flags);
  const chosen = presetOf(asked);
  const technology = technologyNamed(asked.technology);
  const heading = { mugi: version, preset: chosen.name, technology: technology.name };
  if (names.length === 0) {
    const all = designNames().map((name) => designSummary(pricedDesign(name, chosen, technology)));
    return output(flags, {
      json: () => ({ ...heading, designs: all }),
      csv: () => all,
      text: () => listText(all, `preset ${chosen.name}, costs: ${technology.title}`),
    });
  }
  const priced = names.map((name) => loadDesign(name, chosen, technology));
  const details = priced.map(designDetails);
  return output(flags, {
    json: () => ({ ...heading, designs: details }),
    csv: () => details.flatMap(componentRows),
    text: () => details.map((one, i) => detailsText(one, priced[i], chosen.name)).join('\n\n'),
  });
}

/** Components and memories as rows of one table. */
function componentRows({ design, components, memories }: DesignDetails) {
  return [
    ...components.map(({ attributes, ...part }) => ({ design, ...part, ...attributes })),
    ...memories.map(({ memory, read_pJ, ...rest }) => ({
      design,
      component: memory,
      class: 'sram',
      group: 'sram',
      energy_pJ: read_pJ,
      ...rest,
    })),
  ];
}
