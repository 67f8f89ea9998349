import type { WhisperConfig } from './config/config.ts';
import type { Listener } from './model.ts';

/**
 * Writes what a listener has heard, the most likely token each time, behind start tokens; stops at an end token or when
 * the context is full. Tokens that generation_config.json suppresses are left out of the choice.
 */
export function* transcribe(
  listener: Listener,
  { eos, suppressed, context }: Pick<WhisperConfig, 'eos' | 'suppressed' | 'context'>,
  start: readonly number[],
  maxTokens = Infinity,
): Generator<number> {
  let ids = start;
  for (let n = 0; n < maxTokens && start.length + n < context; n++) {
    const logits = listener.next(ids);
    for (const id of suppressed.always) logits[id] = -Infinity;
    if (n === 0) for (const id of suppressed.first) logits[id] = -Infinity;
    let best = 0;
    for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
    if (eos.includes(best)) return;
    yield best;
    ids = [best];
  }
}
