import { windowFor, type WindowEntry } from '../accuracy/windows/window-file.ts';
import type { ActivationCall, AttentionSoftmax, NonlinearEvaluator } from '../model/layer/nonlinear.ts';
import { DEFAULT_WINDOW } from '../vlp/mode.ts';
import type { Machine } from './machine.ts';
import type { Tally } from './tally.ts';

/** The engine's functions, those of one layer by the cycle model. */
export function functionsOf(
  machine: Machine,
  engine: NonlinearEvaluator,
  layer: number,
  windows: readonly WindowEntry[],
  tally: Tally,
): NonlinearEvaluator {
  const windowAt = (name: string, head?: number) => {
    const { lo, hi, anchor } = windowFor(windows, name, layer, head) ?? {
      ...DEFAULT_WINDOW,
      anchor: 'max' as const,
    };
    return { window: { lo, hi }, anchor };
  };
  const softmax = (call: AttentionSoftmax): void => {
    const expected = call.scores.slice();
    engine.softmax({ ...call, scores: expected });
    const { scores, rows, columns: width, lengths, firstHead, heads } = call;
    const perHead = rows / heads;
    // Neighbouring heads with one window go together, as in the engine: their rows share sliding windows.
    for (let h = 0, end = 0; h < heads; h = end) {
      const own = windowAt('softmax', firstHead + h);
      for (end = h + 1; end < heads; end++)
        if (JSON.stringify(windowAt('softmax', firstHead + end)) !== JSON.stringify(own)) break;
      const [from, to] = [h * perHead, end * perHead];
      const part = scores.subarray(from * width, to * width);
      const job = {
        function: 'softmax',
        height: to - from,
        width,
        lengths: lengths.subarray(from, to),
      } as const;
      const ran = machine.compute({ ...job, ...own, values: part.slice() });
      tally.function(job, expected.subarray(from * width, to * width), ran);
      part.set(ran.output);
    }
  };
  const activation = (call: ActivationCall): void => {
    const { name, values, rows: height, width } = call;
    const expected = values.slice();
    engine.activation({ ...call, values: expected });
    const job = { function: name, height, width } as const;
    const ran = machine.compute({ ...job, ...windowAt(name), values: values.slice() });
    tally.function(job, expected, ran);
    values.set(ran.output);
  };
  return {
    // Norms, rotary embeddings and routers are the engine's own.
    ...engine,
    softmax: (call) => (call.layer === layer ? softmax(call) : engine.softmax(call)),
    activation: (call) => (call.layer === layer ? activation(call) : engine.activation(call)),
  };
}
