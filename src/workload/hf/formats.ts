import type { Quantisation, StoredFormat } from '../../huggingface/quantisation/index.ts';
import { headMatrix, layerMatrices } from '../matrices.ts';
import type { DecoderStack, EncoderStack, Formats, GemmList, LayerSpec } from '../model.ts';
import { merged } from './merged.ts';

type Stack = DecoderStack | EncoderStack | GemmList;

/** What is assumed for a file without a quantisation. */
export const UNSTATED =
  'the file states no quantisation: weights and KV cache take 4 bits, as in the paper, unless other bits are asked for';

/** The stack with the format of every matrix as the file stores it, and equal layers as one entry. */
export function formatted(stack: Stack, stored: Quantisation | undefined, type: string): Stack {
  if (stack.kind === 'gemms') return stack;
  if (stored === undefined) return { ...stack, layers: merged(stack.layers) } as Stack;
  let first = 0;
  const layers = stack.layers.flatMap((layer) => {
    const each = Array.from({ length: layer.count }, (_, i) => ({
      ...layer,
      count: 1,
      formats: layerFormats(layer, stored, first + i, type),
    }));
    first += layer.count;
    return each;
  });
  const head =
    stack.kind === 'decoder' && headMatrix(stack) !== undefined
      ? {
          formats: {
            logits: stored.formatOf(stack.tiedEmbeddings ? 'tied-logits' : 'logits', undefined, type),
          },
        }
      : {};
  return { ...stack, layers: merged(layers), ...head } as Stack;
}

const layerFormats = (layer: LayerSpec, stored: Quantisation, at: number, type: string): Formats =>
  Object.fromEntries(layerMatrices(layer).map(({ name }) => [name, stored.formatOf(name, at, type)]));

/** Every format with how many weights have it and which operators they belong to. */
function census(stacks: readonly Stack[]): { format: StoredFormat; weights: number; names: Set<string> }[] {
  const found = new Map<string, { format: StoredFormat; weights: number; names: Set<string> }>();
  const add = (name: string, weights: number, formats: Formats | undefined): void => {
    const format = formats?.[name];
    if (format === undefined) return;
    const key = `${format.bits}|${format.scaleBits}`;
    const known = found.get(key) ?? { format, weights: 0, names: new Set<string>() };
    known.weights += weights;
    known.names.add(name);
    found.set(key, known);
  };
  for (const stack of stacks) {
    if (stack.kind === 'gemms') continue;
    for (const layer of stack.layers) {
      for (const { name, k, n, count } of layerMatrices(layer)) {
        add(name, k * n * count * layer.count, layer.formats);
      }
    }
    const head = stack.kind === 'decoder' ? headMatrix(stack) : undefined;
    if (head !== undefined && stack.kind === 'decoder') add(head.name, head.k * head.n, stack.formats);
  }
  return [...found.values()].sort((a, b) => b.weights - a.weights);
}

/** The width that most weights have. */
export const commonBits = (stacks: readonly Stack[]): number | undefined => census(stacks)[0]?.format.bits;

/** Which widths were read, and what the file leaves open. */
export function storedNotes(stacks: readonly Stack[], stored: Quantisation): string[] {
  const widths = census(stacks).map(({ format, names }) => {
    const scales = format.scaleBits === 0 ? '' : ` and ${Number(format.scaleBits.toPrecision(3))} of scales`;
    return `${Number(format.bits.toPrecision(4))} bits${scales} in ${[...names].join(', ')}`;
  });
  const cache =
    stored.kvBits === undefined
      ? 'the file says nothing of the KV cache: 4 bits are assumed unless others are asked for'
      : `the file keeps its KV cache in ${stored.kvBits} bits`;
  return [`weights as the file stores them (${stored.method}): ${widths.join('; ')}`, ...stored.notes, cache];
}
