import { unknownName } from '../../../src/errors.ts';
import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import type { Asked } from '../../../src/question/address.ts';
import { toCommand } from '../../../src/question/command.ts';
import { type Compared, compared } from '../../state/compared.ts';

/** One design of a question, which numbers are of. */
export interface OfDesign {
  name: string;
  evaluation: Evaluation;
  /** The command that asks about it alone. */
  command(words: readonly string[]): string;
  shown: Compared;
}

/** @throws MugiError for a mistake in the question, or a design that is not compared */
export function ofDesign(asked: Asked, of: string): OfDesign {
  const { value, error } = compared(asked);
  if (error !== undefined) throw error;
  const names = value.result.designs.map(({ name }) => name);
  // Where an address names none, the first.
  const at = of === '' ? 0 : names.indexOf(of);
  if (at < 0) throw unknownName('compared design', of, names, 'of');
  const { baseline: _, ...rest } = value.asked;
  return {
    name: names[at],
    evaluation: value.answers.evaluations[at],
    command: (words) => `npx ${toCommand({ ...rest, designs: [value.answers.sources[at]] }, words)}`,
    shown: value,
  };
}
