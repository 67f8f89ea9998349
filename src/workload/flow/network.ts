import type { Ffn, Recurrence } from '../model.ts';
import { CONVOLVED, ROUTER_SOFTMAX } from '../operator.ts';
import type { Inner } from './attention.ts';
import type { Steps } from './flow.ts';

/** A norm in front of what is given. */
type Norm = (of: readonly string[]) => string;

/**
 * Dataflow of a feed-forward network as `ffn.ts` makes it; returns what it gives to the sum.
 * @param stream the residual stream, which experts with norms of their own read
 */
export function networkFlow(
  steps: Steps,
  hidden: number,
  ffn: Ffn,
  { input, stream, inner, norm }: { input: string; stream: string; inner: Inner; norm: Norm },
): string[] {
  const network = (prefix: string, from: string): string => {
    const up = steps.step(`${prefix}up`, [from]);
    const gate = ffn.gated ? steps.step(`${prefix}gate`, [from]) : undefined;
    let result = steps.step(prefix + ffn.activation, [gate ?? up]);
    if (ffn.gated || ffn.squared === true) {
      result = steps.through(`${prefix}gate-product`, [result, gate === undefined ? undefined : up]);
    }
    return steps.step(`${prefix}down`, [inner(result)]);
  };
  if (ffn.experts === undefined) return [network('', input)];
  const { shared, width = hidden, sharedGate, ownNorms = false } = ffn.experts;
  const apart = ownNorms ? norm([stream]) : input;
  const weights = steps.step(ROUTER_SOFTMAX, [steps.step('router', [apart])]);
  const narrow = width === hidden ? apart : steps.step('latent-down', [apart]);
  const chosen = [network('expert-', narrow), network('expert-low-', narrow)];
  let sum = steps.through('expert-sum', [...chosen, weights]);
  if (width !== hidden) sum = steps.step('latent-up', [sum]);
  const results = [ownNorms ? norm([sum]) : sum];
  if (shared > 0) {
    const beside = network('shared-', input);
    results.push(ownNorms ? norm([beside]) : beside);
  }
  if (sharedGate === true) results.push(steps.step('shared-weight', [input]));
  return results;
}

/** Dataflow of a layer with a state, as `recurrence.ts` makes it; returns what it gives to the sum. */
export function recurrenceFlow(
  steps: Steps,
  { projections, convolution }: Recurrence,
  input: string,
): string {
  const usual = convolution === undefined ? 'state' : 'convolution';
  const given = (to: string): string[] =>
    projections.filter(({ gives = [usual] }) => gives.some((one) => one === to)).map(({ name }) => name);
  const project = (behind: boolean): void => {
    for (const { name, reads } of projections) {
      if (
        (reads === CONVOLVED || projections.some((one) => one.name === reads && one.reads === CONVOLVED)) !==
        behind
      )
        continue;
      steps.step(name, [reads ?? input]);
    }
  };
  project(false);
  const convolved =
    convolution === undefined
      ? undefined
      : steps.step(CONVOLVED, [steps.through('convolution', given('convolution'))]);
  project(true);
  const state = steps.step('state', [convolved, ...given('state')]);
  const normed = steps.through('state-norm', [state]);
  const gate = steps.step('state-gate-silu', given('gate'));
  return steps.step('out', [steps.through('state-gate-product', [normed, gate])]);
}
