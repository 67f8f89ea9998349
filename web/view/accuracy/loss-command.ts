import type { LossMeasurement } from '../../../src/accuracy/score/loss-increase.ts';
import { STUDIO_MODELS } from '../../../src/model/embedded.ts';
import { toCommand } from '../../../src/question/command.ts';
import type { Question } from '../../../src/question/question.ts';

/** The command that measures these losses again; none where the model or its text is not an embedded one. */
export function lossCommand(
  asked: Question,
  { model, targets, data }: Pick<LossMeasurement, 'model' | 'targets' | 'data'>,
): string | undefined {
  if (!(STUDIO_MODELS as readonly string[]).includes(model) || data !== 'embedded') return undefined;
  return `npx ${toCommand(asked, ['--accuracy', model, '--accuracy-tokens', String(targets), '--json'])}`;
}
