import { afterEach, expect, it, vi } from 'vitest';
import { progress } from '../../src/present/progress.ts';

afterEach(() => void vi.useRealTimers());

it('says a line every half minute where there is no terminal, and nothing before', () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const stream = {
    isTTY: false,
    write: (text: string) => lines.push(text) > 0,
  } as unknown as NodeJS.WriteStream;
  const bar = progress('accuracy of x', 120, stream);
  for (let second = 1; second <= 65; second++) {
    vi.advanceTimersByTime(1000);
    bar.update(second, `${second} of 120 targets`);
  }
  bar.stop();
  expect(lines).toEqual([
    'accuracy of x: 25 % 90 s left 30 of 120 targets\n',
    'accuracy of x: 50 % 60 s left 60 of 120 targets\n',
  ]);
});
