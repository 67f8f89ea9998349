import { unknownName } from '../../../src/errors.ts';
import { why } from '../../../src/evaluate/why.ts';
import { toCommand } from '../../../src/question/command.ts';
import { compared } from '../../state/compared.ts';
import type { Explain } from './explained.ts';

/** A metric of a compared design, or a part of one. */
export const explain: Explain = ({ asked, detail: { why: path = '', of = '' } }) => {
  const { value, error } = compared(asked);
  if (error !== undefined) throw error;
  const names = value.result.designs.map(({ name }) => name);
  // Where an address names none, the first.
  const at = of === '' ? 0 : names.indexOf(of);
  if (at < 0) throw unknownName('compared design', of, names, 'of');
  const { baseline: _, ...rest } = value.asked;
  const command = `npx ${toCommand({ ...rest, designs: [value.answers.sources[at]] }, ['--why', path])}`;
  const { quantity, label, better, sources } = why(value.answers.evaluations[at], path);
  return {
    title: label ?? quantity.name,
    of: names[at],
    ...(better === undefined ? {} : { better }),
    quantity,
    sources,
    command,
  };
};
