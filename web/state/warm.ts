import type { Asked } from '../../src/question/address.ts';
import { question } from '../../src/question/question.ts';
import { attempt, compared } from './compared.ts';

/** Answers after which an engine has compiled what a question takes. */
const TIMES = 12;
/** Work that a resting page is not kept from resting for. */
const MOST_MS = 400;

/**
 * Answers questions beside the one that is asked while the page rests, so that a slider which is dragged for the first time
 * does not wait until an engine has compiled the model.
 * @returns what ends it
 */
export function warmUp(asked: Asked): () => void {
  let left = TIMES;
  let spent = 0;
  let waiting: number;
  const step = (): void => {
    const batch = (attempt(() => question(asked)).value?.batch ?? 1) + left;
    const begin = performance.now();
    compared({ ...asked, batch });
    spent += performance.now() - begin;
    left--;
    if (left > 0 && spent < MOST_MS) waiting = rest(step);
  };
  waiting = rest(step);
  return () => wake(waiting);
}

// Safari has no idle callbacks.
const idle = 'requestIdleCallback' in globalThis;
const rest = (work: () => void): number =>
  idle ? requestIdleCallback(work) : (setTimeout(work, 50) as unknown as number);
const wake = (waiting: number): void => (idle ? cancelIdleCallback(waiting) : clearTimeout(waiting));
