import { describe, expect, it } from 'vitest';
import { workloadFor } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import { macsOf } from '../../src/workload/operator.ts';
import { kvElements, parameterCount } from '../../src/workload/parameters.ts';
import { llama31, parameters, read, used } from './configs.ts';

describe('heads', () => {
  const reward = {
    ...llama31,
    architectures: ['LlamaForSequenceClassification'],
    id2label: { 0: 'LABEL_0' },
  };

  it('a reward model has one output, of the last position, and decodes nothing', () => {
    expect(parameters(reward)).toBe(7_504_928_768);
    const { operators, prefill, notes } = used(read(reward), { batch: 3, context: 20 });
    const head = operators.filter(({ name }) => name === 'logits');
    expect(head).toMatchObject([{ phase: 'prefill', m: 3, k: 4096, n: 1 }]);
    expect(operators.every(({ phase }) => phase === 'prefill')).toBe(true);
    expect(prefill).toBe(20);
    expect(notes.join('\n')).toMatch(/writes no text/);
  });

  it('labels of every position, and no head at all', () => {
    const tokens = { ...llama31, architectures: ['LlamaForTokenClassification'], num_labels: 9 };
    const { operators } = used(read(tokens), { batch: 3, context: 20 });
    expect(operators.find(({ name }) => name === 'logits')).toMatchObject({ m: 60, n: 9 });
    const bare = read({ ...llama31, architectures: ['LlamaModel'] });
    expect(used(bare, { context: 20 }).operators.some(({ name }) => name === 'logits')).toBe(false);
    expect(parameterCount(bare).total).toBe(7_504_928_768 - 4096);
  });

  it('decode steps of the published model are not charged to a model that decodes nothing', () => {
    const { operators } = workloadFor(
      read(reward),
      { batch: 1, context: 20, prefill: 4 },
      preset('as-published'),
    );
    expect(operators.every(({ phase, repeat }) => phase === 'prefill' && repeat === 1)).toBe(true);
  });

  it('EmbeddingGemma looks both ways: 61.6 G MACs for 512 tokens, no head and no decode', () => {
    const model = read({
      architectures: ['Gemma3TextModel'],
      model_type: 'gemma3_text',
      hidden_size: 768,
      intermediate_size: 1152,
      num_attention_heads: 3,
      num_key_value_heads: 1,
      head_dim: 256,
      num_hidden_layers: 24,
      vocab_size: 262_144,
      max_position_embeddings: 2048,
      sliding_window: 512,
      use_bidirectional_attention: true,
    });
    const workload = used(model, { context: 512 });
    const linear = 512 * 24 * (2 * 768 * 768 + 2 * 768 * 256 + 3 * 768 * 1152);
    expect(macsOf(workload)).toBe(linear + 24 * 2 * 512 * 512 * 3 * 256);
    expect(macsOf(workload) / 1e9).toBeCloseTo(61.6, 1);
    expect(kvElements(model)).toBe(0);
  });
});

describe('BERT by its class', () => {
  const bert = {
    model_type: 'bert',
    hidden_size: 768,
    intermediate_size: 3072,
    num_attention_heads: 12,
    num_hidden_layers: 12,
    vocab_size: 30_522,
    max_position_embeddings: 512,
    hidden_act: 'gelu',
  };
  // Tables, layers, norms; a pooler of 768 × 768 where the class has one.
  const body = (30_522 + 512 + 2) * 768 + 12 * (4 * 768 ** 2 + 2 * 768 * 3072) + (2 * 12 + 1) * 2 * 768;
  const pooler = 768 ** 2;
  it.each([
    ['BertModel', {}, pooler],
    ['BertForSequenceClassification', {}, pooler + 2 * 768],
    ['BertForSequenceClassification', { id2label: { 0: 'a', 1: 'b', 2: 'c' } }, pooler + 3 * 768],
    ['BertForTokenClassification', { id2label: { 0: 'a', 1: 'b', 2: 'c' } }, 3 * 768],
    ['BertForQuestionAnswering', {}, 2 * 768],
  ])('%s with %j', (name, more, head) => {
    expect(parameters({ ...bert, architectures: [name], ...more })).toBe(body + head);
  });
});
