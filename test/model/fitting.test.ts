import { afterEach, expect, it, vi } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from './write-checkpoint.ts';

afterEach(() => void vi.restoreAllMocks());

it('refuses weights that the memory cannot hold, with both sizes, and reads those that fit', async () => {
  const tensors = smallLlama();
  const bytes = Object.values(tensors).reduce((sum, { values }) => sum + values.byteLength, 0);
  const opened = await openModel(writeFolder(SMALL_LLAMA, tensors));
  const held = vi.spyOn(process, 'constrainedMemory');
  held.mockReturnValue(bytes - 1);
  expect(() => opened.load()).toThrow(
    /the weights take 0\.000\d+ GiB as they are held, and the memory is 0\.000/,
  );
  held.mockReturnValue(bytes);
  expect(opened.load().outputs).toBe(50);
});

it('takes half the bytes from weights in half the bits', async () => {
  const tensors = smallLlama();
  const bytes = Object.values(tensors).reduce((sum, { values }) => sum + values.byteLength, 0);
  const half = await openModel(writeFolder(SMALL_LLAMA, tensors, 'BF16'));
  vi.spyOn(process, 'constrainedMemory').mockReturnValue(bytes / 2);
  expect(half.load().outputs).toBe(50);
});
