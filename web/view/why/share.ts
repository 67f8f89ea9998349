import { unknownName } from '../../../src/errors.ts';
import type { Evaluation, OperatorEvaluation } from '../../../src/evaluate/evaluation.ts';
import { shareOfTime } from '../../../src/evaluate/parts/figure.ts';
import { fromAddress } from '../../../src/question/address.ts';
import { sourceText } from '../../../src/question/text.ts';
import { GROUPS } from '../../../src/workload/operator.ts';
import { SOURCES } from '../../state/sources.ts';
import { graphOf } from '../operators/chosen.ts';
import type { Explain } from './explained.ts';
import { ofDesign, type OfDesign } from './of-design.ts';

type Part = { one: OperatorEvaluation; part: number };

/**
 * A share of the time of an inference. `.of` names the design and what takes the time: a group of operators
 * (`design=mugi-256&group=ffn`), a block of the model's graph (`&pass=decode&block=1`), or a step of it (`&step=q`). A
 * point of a space is no design of the question: `point` is its address.
 */
export const explain: Explain = ({ detail: { of = '' }, asked }) => {
  const words = new URLSearchParams(of);
  const point = words.get('point');
  const own = ofDesign(point === null ? asked : fromAddress(point).asked, words.get('design') ?? '');
  const group = words.get('group');
  const { title, parts } =
    group === null ? inGraph(own, words) : { title: group, parts: inGroup(own.evaluation, group) };
  return {
    title: 'share of the time',
    of: `${title} on ${own.name}`,
    quantity: shareOfTime(parts, own.evaluation),
    command: own.command(['--json']),
  };
};

function inGroup({ operators }: Evaluation, group: string): Part[] {
  if (!(GROUPS as readonly string[]).includes(group)) throw unknownName('group', group, GROUPS, 'of');
  return operators.filter(({ operator }) => operator.group === group).map((one) => ({ one, part: 1 }));
}

function inGraph({ evaluation, shown }: OfDesign, words: URLSearchParams): { title: string; parts: Part[] } {
  const { blocks, phases } = graphOf(SOURCES.model(sourceText(shown.asked.model)), evaluation);
  const [pass, at, id] = ['pass', 'block', 'step'].map((key) => words.get(key) ?? '');
  const phase = phases.find((one) => one === pass);
  if (phase === undefined) throw unknownName('pass', pass, phases, 'of');
  const block = blocks[phase][Number(at)];
  if (block === undefined) throw unknownName('block', at, [`0 to ${blocks[phase].length - 1}`], 'of');
  const steps = id === '' ? block.steps : block.steps.filter((step) => step.id === id);
  if (steps.length === 0) {
    throw unknownName(
      'step',
      id,
      block.steps.map((step) => step.id),
      'of',
    );
  }
  return {
    title: id === '' ? block.title : id,
    parts: steps.flatMap(({ operators, share }) =>
      operators.map((place) => ({ one: evaluation.operators[place], part: share })),
    ),
  };
}
