import type { LanguageModel } from '../../huggingface/language-model.ts';
import { line } from '../../shown.ts';
import type { DecoderStack, EncoderStack } from '../model.ts';

/** Labels of a classifier: those that the file lists, else their number, else transformers' two. */
function labelsOf({ config }: LanguageModel): number {
  const names = config.object('id2label');
  return names === undefined ? config.sizeOr(2, 'num_labels') : Math.max(1, Object.keys(names.values).length);
}

/** Classes of whole models that end in "Model" all the same. */
const WITH_HEAD = /(LMHead|Chat|ChatGLM|Pretrained)Model$/;

/**
 * A decoder's head by the class in `architectures`: a classifier's labels, no head (`LlamaModel`), or the words. A
 * model that looks both ways (`use_bidirectional_attention`, or a class that says so) has no head and no cache: it
 * is an encoder.
 */
export function withHead(stack: DecoderStack, model: LanguageModel): DecoderStack | EncoderStack {
  const { config } = model;
  const name = config.texts('architectures')?.[0] ?? '';
  const both =
    config.value('use_bidirectional_attention') === true ||
    config.value('is_causal') === false ||
    /Bidirectional/.test(name) ||
    model.type === 'llama_bidirec';
  if (both) return asEncoder(stack, model);
  if (/ForSequenceClassification$|RewardModel$/.test(name)) {
    return { ...stack, tiedEmbeddings: false, head: { outputs: labelsOf(model) } };
  }
  if (name.endsWith('ForTokenClassification')) {
    return { ...stack, tiedEmbeddings: false, head: { outputs: labelsOf(model), everyPosition: true } };
  }
  if (name.endsWith('Model') && !WITH_HEAD.test(name)) {
    config.notes.push(`"${line(name, 60)}" in "architectures" has no output head: the model writes no text`);
    return { ...stack, head: { outputs: 0 } };
  }
  return stack;
}

function asEncoder(stack: DecoderStack, { config }: LanguageModel): EncoderStack {
  const sequence = Math.min(stack.maxContext, 2 ** 30);
  config.notes.push('attention looks both ways: the model is an encoder, without a head and without decode');
  return {
    kind: 'encoder',
    sequence,
    followsContext: true,
    layers: stack.layers.map((layer) => ({ ...layer, sequence, windows: 1 })),
    extra: [],
    finalNorm: true,
    tableParameters: stack.vocabulary * (stack.embeddingWidth ?? stack.layers[0].hidden),
  };
}
