import { expect, it } from 'vitest';
import { find, published, repaired } from './support.ts';

it('repaired, linear layers run context − prefill times, and so does the output head', () => {
  const [before, after] = [published({ context: 512 }), repaired('decode-repeats', { context: 512 })];
  expect(find(before, 'q').operator.repeat).toBe(4096);
  expect(find(after, 'q').operator.repeat).toBe(512 - 64);
  expect(find(before, 'logits').operator.repeat).toBe(1);
  expect(find(after, 'logits').operator.repeat).toBe(512 - 64);
  expect(find(after, 'q·kT').time).toBe(find(before, 'q·kT').time);
});

it('a context that ends with the prompt still decodes 4096 steps of the linear layers as published', () => {
  const at = { context: 64, prefill: 64 };
  expect(find(published(at), 'q').operator.repeat).toBe(4096);
  expect(find(published(at), 'q·kT')).toBeUndefined();
  expect(find(repaired('decode-repeats', at), 'q')).toBeUndefined();
});

it('an encoder-decoder, which the artifact has not, is counted as it is', () => {
  const [before, after] = [
    published({ model: 'whisper-tiny', context: 100 }),
    repaired('decode-repeats', { model: 'whisper-tiny', context: 100 }),
  ];
  expect(after.total).toEqual(before.total);
});
