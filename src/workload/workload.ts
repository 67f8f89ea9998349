import { wholeNumber } from '../errors.ts';
import { decoderParts } from './decoder.ts';
import { encoderInUse, encoderParts, fixedGemmOperators } from './encoder.ts';
import { graphOperators } from './graph.ts';
import type { DecoderStack, EncoderStack, ModelShape } from './model.ts';
import type { Operator, Workload } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/**
 * Operators of one inference of `model`.
 *
 * - Decoder: a prompt of `prefill` tokens in one pass, then one token at a time up to `context`; tokens are
 *   batch × context, as the paper counts them. A learned position table caps the context at its length.
 * - Encoder: every input is one whole sequence. Images, video and speech fix its length; text takes `context`
 *   tokens, up to the position table. The result's `context` and `prefill` are that length, and tokens are
 *   batch × sequence.
 * - Encoder and decoder (Whisper): the encoder runs once an input, then the decoder as above with its context
 *   capped at its position table (448 tokens); tokens are those of the decoder.
 * - A graph (ONNX): its operators once, with the sizes that they have; one "token" an inference.
 * - Plain GEMMs (SCALE-Sim): the list once, M as the file has it, whatever the batch; one "token" an inference.
 *
 * What was capped or left out stands in `notes`. `change` changes each operator in place, also one that would never run.
 * @throws MugiError for sizes that are not whole or out of range
 */
export function workloadOf(
  model: ModelShape,
  options: WorkloadOptions,
  change: (operator: Operator) => void = () => {},
): Workload {
  wholeNumber('batch', options.batch, 1, 2 ** 30);
  wholeNumber('context', options.context, 1, 2 ** 30);
  wholeNumber('prefill', options.prefill, 0, options.context);
  const decoder = model.stacks.find((stack) => stack.kind === 'decoder');
  const given = model.stacks.find((stack) => stack.kind === 'encoder');
  const encoder = given === undefined ? undefined : encoderInUse(given, options.context);
  const notes = [...(model.notes ?? [])];
  const used = decoder === undefined ? options : decoderOptions(model, decoder, encoder, options, notes);
  const all = model.stacks.flatMap((stack): Operator[][] => {
    if (stack.kind === 'decoder') return decoderParts(stack, used);
    if (stack.kind === 'encoder') return encoderParts(encoderInUse(stack, options.context), used);
    if (stack.kind === 'graph') return [graphOperators(stack, options)];
    return stack.gemms.map((gemm) => fixedGemmOperators(gemm, used, 1));
  });
  const operators: Operator[] = [];
  const parts = all.map((part) => {
    const before = operators.length;
    for (const operator of part) {
      change(operator);
      if (operator.repeat > 0) operators.push(operator);
    }
    return operators.length - before;
  });
  const { batch, context, prefill } =
    decoder !== undefined
      ? used
      : encoder !== undefined
        ? { batch: options.batch, context: encoder.sequence, prefill: encoder.sequence }
        : { batch: 1, context: 1, prefill: 1 };
  if (decoder === undefined) {
    notes.push(
      encoder === undefined
        ? model.stacks.some(({ kind }) => kind === 'graph')
          ? 'one run of the graph: sizes are those of the file (--dims), and batch, context and prompt do not apply; a token is one run'
          : 'plain GEMMs: M is as in the file and batch, context and prompt do not apply; a token is one run of the list'
        : `encoder: one pass over a sequence of ${encoder.sequence} tokens${encoder.followsContext ? '' : ', whatever the context'}; keys and values take the bits of a KV cache`,
    );
  }
  const topology = model.stacks.some(({ kind }) => kind === 'gemms') ? { topology: true as const } : {};
  return {
    model: model.name,
    batch,
    context,
    prefill,
    tokens: batch * context,
    operators,
    parts,
    notes,
    ...topology,
  };
}

/** Options with the context that the decoder can have; says in `notes` what was changed or exceeded. */
function decoderOptions(
  model: ModelShape,
  decoder: DecoderStack,
  encoder: EncoderStack | undefined,
  options: WorkloadOptions,
  notes: string[],
): WorkloadOptions {
  const { learnedPositions = Infinity, maxContext } = decoder;
  const context = Math.min(options.context, learnedPositions);
  if (context < options.context) {
    notes.push(`context capped at ${context} tokens, the length of ${model.name}'s position table`);
  } else if (context > maxContext) {
    notes.push(`context ${context} is longer than the ${maxContext} positions ${model.name} is made for`);
  }
  if (decoder.head !== undefined) {
    notes.push(`${model.name} writes no text: it sees all ${context} tokens in one pass and decodes nothing`);
    return { ...options, context, prefill: context };
  }
  const used = { ...options, context, prefill: Math.min(options.prefill, context) };
  if (encoder === undefined) return used;
  notes.push(
    `the encoder runs once over ${encoder.sequence} positions; the decoder's cross-attention keeps its keys and values`,
  );
  return used;
}
