import { MugiError } from '../errors.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluate/evaluation.ts';
import { designName } from '../evaluate/metrics.ts';
import { answer, type Sources } from '../question/point.ts';
import type { Question } from '../question/question.ts';
import type { Operator, Phase } from '../workload/operator.ts';
import { type HandoverFile, yamlNumber } from './file.ts';

/** What the simulator calls hardware and model, which a cluster configuration must name alike. */
export interface BundleNames {
  hardware: string;
  model: string;
}

/** Layers of the simulator's catalogue for dense decoders, each as operators of mugi. */
const DENSE: Readonly<Record<string, readonly string[]>> = {
  // A table that is read, which mugi does not count.
  embedding: [],
  layernorm: ['norm-1', 'norm-2', 'residual'],
  qkv_proj: ['q', 'k', 'v'],
  qk_norm: ['qk-norm'],
  rotary_emb: ['rope'],
  o_proj: ['a'],
  gate_up_proj: ['up', 'gate'],
  act_fn: ['silu', 'gelu', 'relu', 'gate-product'],
  down_proj: ['down'],
  final_layernorm: ['final-norm'],
};
/** Drawing a token is not counted either. */
const PER_SEQUENCE: Readonly<Record<string, readonly string[]>> = { lm_head: ['logits'], sampler: [] };
const ATTENTION = ['kv-write', 'q·kT', 'a·v', 'softmax'];
/** A layer that stands twice in a block, and sums its residual there. */
const TWICE = 'layernorm';

const doubling = (from: number, to: number): number[] => {
  const values: number[] = [];
  for (let value = from; value <= to; value *= 2) values.push(value);
  return values;
};
const stepping = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

/** The grids of the simulator's own profiles: every token at first, then coarser; histories and chunks double. */
const MOST = { tokens: 2048, sequences: 256, kv: 16_384 } as const;
const TOKENS = [...stepping(1, 16, 1), ...stepping(20, 64, 4), ...stepping(80, MOST.tokens, 16)];
const SEQUENCES = TOKENS.filter((tokens) => tokens <= MOST.sequences);
const CHUNKS = doubling(16, MOST.tokens);
const DECODES = doubling(1, MOST.sequences);
const HISTORIES = doubling(16, MOST.kv);

/**
 * A hardware bundle of LLMServingSim 2 (its `profiler/perf/HARDWARE/MODEL/VARIANT/`): microseconds of every layer by tokens,
 * sequences, and shape of attention, in place of a profile of a GPU. Of one decode step, the layers of the tables add up to what
 * `mugi evaluate` gives its operators. Chunks and decodes of a mixed batch run one after another.
 * @throws MugiError for models that its dense decoder does not describe
 */
export function servingBundle(asked: Question, names: BundleNames, sources?: Sources): HandoverFile[] {
  const at = (use: Partial<Question>): Evaluation => answer({ ...asked, ...use }, sources)[0];
  const decoding = (batch: number, history: number): Evaluation =>
    at({ batch, prefill: history, context: history + 1 });
  const first = decoding(1, 1);
  refuseOthers(first);
  const byTokens = new Map(TOKENS.map((tokens) => [tokens, decoding(tokens, 1)]));
  const own = new Set(first.operators.map(({ operator }) => operator.name));
  const dense = Object.entries(DENSE).filter(([layer]) => layer !== 'qk_norm' || own.has('qk-norm'));
  const rows = (layers: [string, readonly string[]][], sizes: readonly number[]): string[] =>
    layers.flatMap(([layer, operators]) =>
      sizes.map((size) => {
        const time = layerTime(byTokens.get(size)!, operators, 'decode') / (layer === TWICE ? 2 : 1);
        return `${layer},${size},${time}`;
      }),
    );
  const perSequence = Object.entries(PER_SEQUENCE);
  const csv = (header: string, lines: readonly string[]): string => [header, ...lines, ''].join('\n');
  const folder = `${names.hardware}/${names.model}/bf16`;
  return [
    { path: `${folder}/tp1/dense.csv`, text: csv('layer,tokens,time_us', rows(dense, TOKENS)) },
    {
      path: `${folder}/tp1/per_sequence.csv`,
      text: csv('layer,sequences,time_us', rows(perSequence, SEQUENCES)),
    },
    {
      path: `${folder}/tp1/attention.csv`,
      text: csv('prefill_chunk,kv_prefill,n_decode,kv_decode,time_us', attentionRows(at, decoding)),
    },
    { path: `${folder}/meta.yaml`, text: meta(first, names) },
  ];
}

const MICROSECONDS = 1e6;

/** Time of one execution of some operators in one layer, µs. */
const layerTime = ({ operators }: Evaluation, names: readonly string[], phase: Phase): number =>
  operators
    .filter(({ operator }) => operator.phase === phase && names.includes(operator.name))
    .reduce(
      (sum, { operator, time }) => sum + (time * MICROSECONDS) / (operator.layers * operator.repeat),
      0,
    );

function attentionRows(
  at: (use: Partial<Question>) => Evaluation,
  decoding: (batch: number, history: number) => Evaluation,
): string[] {
  const table = <Key>(keys: readonly Key[], time: (key: Key) => number): [Key, number][] =>
    keys.map((key) => [key, time(key)]);
  const pairs = (sizes: readonly number[], histories: readonly number[]): [number, number][] =>
    sizes.flatMap((size) => histories.map((history): [number, number] => [size, history]));
  const decodes = table(pairs(DECODES, HISTORIES), ([count, history]) =>
    layerTime(decoding(count, history), ATTENTION, 'decode'),
  );
  const chunks = CHUNKS.flatMap((chunk) => {
    const prompt = at({ batch: 1, prefill: chunk, context: chunk });
    return table(
      [0, ...HISTORIES].map((history): [number, number] => [chunk, history]),
      ([, history]) => behind(prompt, history),
    );
  });
  const none: [[number, number], number] = [[0, 0], 0];
  return [none, ...chunks].flatMap(([[chunk, before], prefill]) =>
    [none, ...decodes]
      .filter(([[count]]) => chunk + count > 0)
      .map(([[count, history], decode]) => `${chunk},${before},${count},${history},${prefill + decode}`),
  );
}

/**
 * Attention of a prompt as a chunk behind `history` tokens, which all its queries see, µs in one layer: the rectangle of
 * its queries over all keys, less what causality saves within the chunk.
 */
function behind({ priced, workload, preset, environment, operators }: Evaluation, history: number): number {
  const own = operators.map(({ operator }) => operator);
  const time = (list: readonly Operator[]): number =>
    layerTime(
      evaluate(priced, { ...workload, operators: [...list] }, preset, environment),
      ATTENTION,
      'prefill',
    );
  if (history === 0) return time(own);
  const gemms = own.filter((operator) => operator.kind === 'gemm' && ATTENTION.includes(operator.name));
  const saved = time(gemms.map((operator) => widened(operator, 0))) - time(gemms);
  return time(own.map((operator) => widened(operator, history))) - saved;
}

/** An operator of attention over `history` more keys, its products as whole rectangles; others as they are. */
function widened(operator: Operator, history: number): Operator {
  const { name } = operator;
  if (!ATTENTION.includes(name)) return operator;
  if (operator.kind === 'gemm') {
    const axis = name === 'a·v' ? 'k' : 'n';
    return { ...operator, [axis]: (operator[axis] as number) + history, causal: undefined };
  }
  if (operator.kind !== 'nonlinear') return operator;
  const { columns, needed } = operator as typeof operator & { columns: number };
  const share = needed === undefined ? undefined : (history + needed * columns) / (history + columns);
  return { ...operator, columns: columns + history, needed: share };
}

function refuseOthers({ operators, workload }: Evaluation): void {
  const known = new Set([...Object.values(DENSE), ...Object.values(PER_SEQUENCE), ATTENTION].flat());
  const refuse = (received: string): never => {
    throw new MugiError({
      code: 'unsupported',
      message: `${workload.model} is no dense decoder with one kind of layer`,
      path: 'model',
      expected:
        'a model such as llama-3.1-8b or qwen3-8b: the hand-over to LLMServingSim has no other layers',
      received,
    });
  };
  const seen = new Set<string>();
  for (const { operator } of operators.filter(inDecode)) {
    if (!known.has(operator.name)) refuse(`operator ${operator.name}`);
    if (seen.has(operator.name)) refuse(`two kinds of ${operator.name}`);
    seen.add(operator.name);
  }
  if (!seen.has('q·kT')) refuse('a model that does not decode');
}

const inDecode = ({ operator }: OperatorEvaluation): boolean => operator.phase === 'decode';

/** The simulator reads the two bounds; the rest is for people. */
const meta = (evaluation: Evaluation, { hardware, model }: BundleNames): string =>
  [
    'profiler_version: mugi',
    'vllm_version: n/a',
    `gpu: ${JSON.stringify(`${designName(evaluation)}, preset ${evaluation.preset.name}, costs ${evaluation.priced.technology.name}`)}`,
    `hardware: ${JSON.stringify(hardware)}`,
    `model: ${JSON.stringify(model)}`,
    'variant: bf16',
    'tp_degrees: [1]',
    'engine_effective:',
    `  max_num_batched_tokens: ${yamlNumber(MOST.tokens)}`,
    `  max_num_seqs: ${yamlNumber(MOST.sequences)}`,
    '',
  ].join('\n');
