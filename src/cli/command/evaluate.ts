import type { Command } from 'commander';
import { answer } from '../../question/point.ts';
import { sweep } from '../../explore/sweep.ts';
import { METRICS } from '../../evaluate/metrics.ts';
import { why } from '../../evaluate/why.ts';
import { EVALUATED, toCommand } from '../../question/command.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, text } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { csvFlag, jsonFlag, output } from '../options/output.ts';
import { askedOf, evaluatedFlags, questionOf } from '../options/question-options.ts';
import { SWITCH_FLAGS, switchesOf } from '../options/switch-flags.ts';
import { refuseOnLists, sweptIn, unswept, withLists } from '../options/sweep-flags.ts';
import { sweptForms } from '../show/sweep.ts';
import { resultHead } from '../source/result-head.ts';
import { switchedDesign } from '../source/switched-design.ts';
import { evaluationJson, evaluationText, operatorRows } from '../show/evaluate.ts';
import { whyJson, whyText } from '../show/why.ts';
import { FILES } from '../../source/index.ts';

const QUESTION_FLAGS = withLists(evaluatedFlags());
const FLAGS = [
  ...SWITCH_FLAGS,
  flag(
    '--why',
    text('<metric>', { words: () => METRICS.map(({ name }) => name) }),
    'explain one number, or a part of one (METRIC/PART): what it is made of, and sources',
  ),
  jsonFlag('print one JSON object'),
  csvFlag('print one CSV row an operator, and the total; with lists, one an answer'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'evaluate',
    description: 'One design in depth: operators, what bounds them, activity, energy and area by component',
    flags: [...QUESTION_FLAGS, ...FLAGS],
    examples: [
      'mugi evaluate --design mugi-256',
      'mugi evaluate --design sa-16 --model llama-2-7b --batch 1 --context 1024',
      'mugi evaluate --design mugi-256@8x8 --why tokens_per_s',
      'mugi evaluate --why energy_J/energy_dynamic_J/energy_gemm_J',
      'mugi evaluate --design mugi-256 --preset as-published --json',
      'mugi evaluate --design carat-128 --csv > operators.csv',
      'mugi evaluate --norms vlp --rope vlp --normalise vlp     more functions by VLP',
      'mugi evaluate --context 1k..128k --batch 1,8,64        one row for each combination',
    ],
    run: ({ flags, given }) => evaluate(flags, given),
  });

/** The flags with the switches of VLP in the design. */
function switched(flags: Flags): Flags {
  const switches = switchesOf(flags);
  if (Object.keys(switches).length === 0) return flags;
  const { designs = [EVALUATED] } = askedOf(flags, 'evaluate');
  return {
    ...flags,
    design: designs.map((one) => switchedDesign(one as string | object, switches)),
  } as Flags;
}

function evaluate(own: Flags, given: ReadonlySet<string>): void {
  const flags = switched(own);
  refuseIdle(given, [
    {
      flags: ['csv'],
      when: flags.why !== undefined,
      because: 'is for operators, and --why explains one number',
    },
  ]);
  const swept = sweptIn(flags);
  if (swept.length > 0) {
    refuseOnLists(given, swept, { why: 'explains one number, and a list asks for several' });
    const base = askedOf(unswept(flags, swept), 'evaluate');
    return output(flags, sweptForms(sweep(base, swept, FILES), resultHead(base, swept)));
  }
  const asked = questionOf(flags, 'evaluate');
  const [evaluation] = answer(asked, FILES);
  const again = (metric: string): string => toCommand(asked, ['--why', metric]);
  if (flags.why === undefined) {
    return output(flags, {
      json: () => ({ ...resultHead(asked), ...evaluationJson(evaluation) }),
      csv: () => operatorRows(evaluation),
      text: () => evaluationText(evaluation, again('tokens_per_s')),
    });
  }
  const explanation = why(evaluation, flags.why);
  const repeat = again(flags.why);
  return output(flags, {
    json: () => whyJson(explanation, repeat),
    text: () => whyText(explanation, repeat),
  });
}
