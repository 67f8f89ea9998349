import type {
  Attention,
  DecoderStack,
  EncoderStack,
  FixedGemm,
  GraphStack,
  LayerSpec,
  ModelShape,
} from '../model.ts';
import type { Phase, Workload } from '../operator.ts';
import { type Flow, INPUT, type Pass, present, type Step, Steps } from './flow.ts';
import { layerFlow } from './layer.ts';

/** A use of an operator, with its places among the workload's operators: several where the keys it meets grow. */
export interface BlockStep extends Step {
  operators: readonly number[];
}

/** A part of a model: layers of one kind, or what stands around layers. */
export interface Block {
  stack: ModelShape['stacks'][number]['kind'];
  /** What tells it from others: `attention, window of 1024; network`. */
  title: string;
  /** Layers of this kind, one behind another but for others between them; 1 around them. */
  layers: number;
  isLayer: boolean;
  /** Each behind those that it reads. */
  steps: readonly BlockStep[];
  /** Steps whose results leave the block, or INPUT where a workload leaves them all out. */
  results: readonly string[];
}

/** A part of a stack before its operators are looked for. */
interface Part {
  title: string;
  layers: number;
  isLayer: boolean;
  flow: Flow;
}

/**
 * The blocks of a model in the order of its dataflow, with the operators of one phase of a workload of it. Kinds of
 * layers come in the order in which the model first has them; they may take turns. Blocks without operators are left
 * out: one-pass models have none in decode.
 */
export function blocksOf(model: ModelShape, { operators, parts }: Workload, phase: Phase): Block[] {
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, count) => sum + count, 0));
  let next = 0;
  /** Places of the operators of so many parts, by name. */
  const take = (count: number): Map<string, number[]> => {
    const found = new Map<string, number[]>();
    for (const part of parts.slice(next, next + count).keys()) {
      const start = starts[next + part];
      for (let at = start; at < start + parts[next + part]; at++) {
        const { name, phase: when } = operators[at];
        if (when === phase) found.set(name, [...(found.get(name) ?? []), at]);
      }
    }
    next += count;
    return found;
  };
  return model.stacks.flatMap((stack): Block[] => {
    const made = stackBlocks(stack, phase, take);
    return made.map((block) => ({ stack: stack.kind, ...block })).filter(({ steps }) => steps.length > 0);
  });
}

type Take = (parts: number) => Map<string, number[]>;

function stackBlocks(stack: ModelShape['stacks'][number], phase: Phase, take: Take): Omit<Block, 'stack'>[] {
  if (stack.kind === 'gemms') return listed(take(stack.gemms.length), 'products of the list');
  if (stack.kind === 'graph') return graphed(stack, take(1));
  if (stack.kind === 'decoder') {
    const layers = stack.layers.map(() => take(1));
    const around = take(1);
    return [
      placed({ ...AROUND, title: 'in front of the layers', flow: chain(['embedding-in']) }, around),
      ...layerBlocks(stack, { phase, cached: true }).map((part, i) => placed(part, layers[i])),
      placed({ ...AROUND, title: 'behind the layers', flow: chain(BEHIND_DECODER) }, around),
    ];
  }
  const extra = stack.extra.map(() => take(1));
  const layers = layerBlocks(stack, { phase, cached: false }).map((part) => placed(part, take(1)));
  const norm = take(1);
  const around = (behind: number, title: string): Omit<Block, 'stack'> => {
    const here = stack.extra.flatMap((gemm, i) =>
      placeOf(gemm, stack) === behind ? [{ gemm, found: extra[i] }] : [],
    );
    const found = new Map(here.flatMap(({ found: own }) => [...own]));
    const final = behind === (stack.normFirst === true ? 0 : stack.layers.length);
    const products = here.flatMap(({ gemm }) => productOperators(gemm));
    // Words are normalised behind their embedding, which is no product here.
    const names = final ? ['final-norm', ...products] : products;
    return placed({ ...AROUND, title, flow: chain(names) }, new Map([...found, ...(final ? norm : [])]));
  };
  return [
    around(0, 'in front of the layers'),
    ...layers.flatMap((block, i) =>
      i + 1 < layers.length
        ? [block, around(i + 1, 'between layers')]
        : [block, around(layers.length, 'behind the layers')],
    ),
  ];
}

const AROUND = { layers: 1, isLayer: false };

const BEHIND_DECODER = ['final-norm', 'embedding-out', 'logits'];

const placeOf = ({ behind, group }: FixedGemm, { layers }: EncoderStack): number =>
  group === 'output' ? layers.length : (behind ?? 0);

/** Operators of a product around the layers in order; its norm stands in front of it where it is as wide as K alone. */
function productOperators({ name, activation, norm, k, n }: FixedGemm): string[] {
  const normed = norm === undefined ? [] : [`${name}-norm`];
  const front = norm === k && norm !== n;
  return [
    ...(front ? normed : []),
    name,
    ...(activation === undefined ? [] : [`${name}-${activation}`]),
    ...(front ? [] : normed),
  ];
}

/** Steps that read one another in turn. */
function chain(names: readonly string[]): Flow {
  const steps = new Steps();
  let last = INPUT;
  for (const name of names) last = steps.through(name, [last]);
  return { steps: steps.list, results: [last] };
}

function placed(part: Part, found: ReadonlyMap<string, number[]>): Omit<Block, 'stack'> {
  const { steps, results } = present(part.flow, (name) => found.has(name));
  return {
    title: part.title,
    layers: part.layers,
    isLayer: part.isLayer,
    steps: steps.map((step) => ({ ...step, operators: found.get(step.operator) ?? [] })),
    results,
  };
}

function layerBlocks({ layers }: DecoderStack | EncoderStack, pass: Pass): Part[] {
  const titles = layers.map(layerTitle);
  const wide = layers.map((layer, i) =>
    titles.filter((title) => title === titles[i]).length > 1
      ? `${titles[i]}; ${layer.hidden} wide`
      : titles[i],
  );
  return layers.map((layer, i) => {
    const alike = wide.filter((title) => title === wide[i]).length > 1;
    const number = wide.slice(0, i + 1).filter((title) => title === wide[i]).length;
    return {
      title: alike ? `${wide[i]} (${number})` : wide[i],
      layers: layer.count,
      isLayer: true,
      flow: layerFlow(layer, pass),
    };
  });
}

/** What a layer is made of, in words. */
function layerTitle({ attention, recurrence, ffn }: LayerSpec): string {
  const network =
    ffn === undefined
      ? []
      : ffn.experts === undefined
        ? ['network']
        : [`${ffn.experts.active} of ${ffn.experts.total} experts`];
  return [
    ...attention.map(attentionTitle),
    ...(recurrence === undefined ? [] : [recurrence.title]),
    ...network,
  ].join('; ');
}

function attentionTitle({ latent, indexer, window, chunk, crossSequence, sharesKv }: Attention): string {
  const kind =
    crossSequence !== undefined ? 'cross-attention' : latent === undefined ? 'attention' : 'latent attention';
  return [
    indexer === undefined ? kind : `sparse ${kind}`,
    ...(window === undefined ? [] : [`window of ${window}`]),
    ...(chunk === undefined ? [] : [`chunks of ${chunk}`]),
    ...(sharesKv === true ? ['keys of an earlier layer'] : []),
  ].join(', ');
}

/** Operators without edges: a list of products says no more. */
const listed = (found: ReadonlyMap<string, number[]>, title: string): Omit<Block, 'stack'>[] => [
  {
    ...AROUND,
    title,
    steps: [...found].map(([operator, operators]) => ({
      id: operator,
      operator,
      reads: [],
      share: 1,
      through: false,
      operators,
    })),
    results: [],
  },
];

/** Operators of a graph file with the edges that were read from it, where there are any. */
function graphed(
  { operators, edges = [] }: GraphStack,
  found: ReadonlyMap<string, number[]>,
): Omit<Block, 'stack'>[] {
  const [block] = listed(found, 'the graph of the file');
  const reads = (name: string): string[] => [
    ...new Set(
      edges.flatMap(([from, to]) =>
        operators[to]?.name === name && operators[from] !== undefined ? [operators[from].name] : [],
      ),
    ),
  ];
  return [{ ...block, steps: block.steps.map((step) => ({ ...step, reads: reads(step.id) })) }];
}
