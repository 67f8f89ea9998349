import type { Config } from '../config.ts';
import type { Rules, StoredFormat } from './rules.ts';

/** More layers than any model has. */
const MOST_LAYERS = 10_000;

const formatOf = (config: Config): StoredFormat => ({
  bits: config.number('bits', 16, 16),
  scaleBits: config.value('scale_bits') === 0 ? 0 : config.number('scale_bits', 0.001, 16),
});

/**
 * How a GGUF file stores its matrices (`gguf-as-config.ts`): runs of layers for each module, and the head. What is not
 * listed keeps its training width.
 */
export function gguf(config: Config): Rules {
  const modules = config.object('modules');
  if (modules === undefined) throw config.missing(['modules']);
  const byFormat = new Map<string, { patterns: string[]; format: StoredFormat }>();
  for (const module of Object.keys(modules.values)) {
    let layer = 0;
    for (const run of modules.items(module)) {
      const format = formatOf(run);
      const key = `${format.bits}|${format.scaleBits}`;
      const known = byFormat.get(key) ?? { patterns: [], format };
      byFormat.set(key, known);
      const end = layer + run.layers('layers');
      if (end > MOST_LAYERS) throw run.invalid('layers', `at most ${MOST_LAYERS} layers in all`, end);
      for (; layer < end; layer++) known.patterns.push(`layers.${layer}.${module}`);
    }
  }
  const head = config.object('lm_head');
  return {
    method: 'GGUF',
    covers: [],
    excluded: [],
    named: [...byFormat.values()],
    ...(head === undefined ? {} : { head: formatOf(head) }),
    notes: [],
  };
}
