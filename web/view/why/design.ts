import { why } from '../../../src/evaluate/why.ts';
import { toCommand } from '../../../src/question/command.ts';
import { compared } from '../../state/compared.ts';
import type { Explain } from './explained.ts';

/** A metric of a compared design, or a part of one. */
export const explain: Explain = ({ asked, detail: { why: path = '', of = '' } }) => {
  const { value, error } = compared(asked);
  if (error !== undefined) throw error;
  const at = Math.max(
    0,
    value.result.designs.findIndex(({ name }) => name === of),
  );
  const { baseline: _, ...rest } = value.asked;
  const command = `npx ${toCommand({ ...rest, designs: [value.answers.sources[at]] }, ['--why', path])}`;
  const { quantity, label, better, sources } = why(value.answers.evaluations[at], path);
  return {
    title: label ?? quantity.name,
    of,
    ...(better === undefined ? {} : { better }),
    quantity,
    sources,
    command,
  };
};
