import type { LayerSpec } from '../model.ts';
import { attentionFlow, type Inner } from './attention.ts';
import { type Flow, INPUT, type Pass, Steps } from './flow.ts';
import { networkFlow, recurrenceFlow } from './network.ts';

/** What stands between two sums: from what it reads to what it gives, and how many mixers it holds. */
interface Half {
  mixers: number;
  flow(input: string, stream: string): string[];
}

/**
 * Dataflow of one layer. Norms stand in front of each half, or on both sides where there are twice as many; `normsAt`
 * says where else. Their numbers follow the flow: the norms of a layer have one shape.
 */
export function layerFlow(layer: LayerSpec, pass: Pass): Flow {
  const { attention, recurrence, ffn, norms, normsAt, rope } = layer;
  const steps = new Steps();
  let used = 0;
  const norm = (of: readonly string[]): string =>
    used < norms ? steps.through(`norm-${++used}`, of) : of[0];
  const inner: Inner = (id) => (normsAt === 'inner' ? norm([id]) : id);
  const halves: Half[] = attention.map((one, i) => {
    // A recurrence stands beside the first attention where a layer has both.
    const beside = i === 0 ? recurrence : undefined;
    return {
      mixers: beside === undefined ? 1 : 2,
      flow: (input) => [
        attentionFlow(steps, one, { rope, pass, input, inner }),
        ...(beside === undefined ? [] : [recurrenceFlow(steps, beside, input)]),
      ],
    };
  });
  if (recurrence !== undefined && attention.length === 0) {
    halves.push({ mixers: 1, flow: (input) => [recurrenceFlow(steps, recurrence, input)] });
  }
  if (ffn !== undefined) {
    halves.push({
      mixers: 1,
      flow: (input, stream) => networkFlow(steps, layer.hidden, ffn, { input, stream, inner, norm }),
    });
  }
  if (layer.parallel === true || (norms === 1 && halves.length > 1)) {
    const shared = norms === 1 ? norm([INPUT]) : undefined;
    const results = halves.flatMap(({ flow }) => flow(shared ?? norm([INPUT]), INPUT));
    return { steps: steps.list, results: [steps.through('residual', [INPUT, ...results])] };
  }
  const both = normsAt === undefined && norms >= 2 * halves.length;
  const sums = halves.reduce((sum, { mixers }) => sum + mixers, 0);
  let stream = INPUT;
  for (const { mixers, flow } of halves) {
    if (normsAt === 'stream') stream = norm([stream]);
    const front = normsAt === undefined || normsAt === 'inner';
    const results = flow(front ? norm([stream]) : stream, stream);
    const given = both || normsAt === 'result' ? [norm(results)] : results;
    stream = steps.through('residual', [stream, ...given], mixers / sums);
    if (normsAt === 'sum') stream = norm([stream]);
  }
  return { steps: steps.list, results: [stream] };
}
