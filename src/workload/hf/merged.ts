import type { LayerSpec } from '../model.ts';

/** Equal layers as one entry; the order of layers does not matter to their cost. */
export function merged(layers: readonly LayerSpec[]): LayerSpec[] {
  const byShape = new Map<string, LayerSpec>();
  for (const layer of layers) {
    const key = JSON.stringify({ ...layer, count: 0 });
    const known = byShape.get(key);
    if (known === undefined) byShape.set(key, { ...layer });
    else known.count += layer.count;
  }
  return [...byShape.values()];
}
