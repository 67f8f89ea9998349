import { afterEach, describe, expect, it, vi } from 'vitest';
import { progress, withStages } from '../../src/present/progress.ts';
import { progressAsLines } from '../../src/present/progress-lines.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  progressAsLines(undefined);
});

/** A stream that is no terminal, and what is written to it. */
function written<T>(read: (text: string) => T): { lines: T[]; stream: NodeJS.WriteStream } {
  const lines: T[] = [];
  const write = (text: string): boolean => lines.push(read(text)) > 0;
  return { lines, stream: { isTTY: false, write } as unknown as NodeJS.WriteStream };
}

it('says a line every half minute where there is no terminal, and nothing before', () => {
  vi.useFakeTimers();
  const { lines, stream } = written((text) => text);
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

it('says a JSON line a second where a program reads, the last count too, and nothing of less than a second', () => {
  vi.useFakeTimers();
  progressAsLines('accuracy');
  const { lines, stream } = written((text) => JSON.parse(text) as unknown);
  const bar = progress('accuracy of x', 1, stream, 'losses');
  for (let tenth = 1; tenth <= 25; tenth++) {
    vi.advanceTimersByTime(100);
    bar.update(tenth / 50, undefined, { done: tenth, total: 50, unit: 'targets' });
  }
  bar.stop();
  const counted = { command: 'accuracy', phase: 'losses', total: 50, unit: 'targets' };
  expect(lines).toEqual([
    { ...counted, done: 10, elapsed_s: 1, left_s: 4 },
    { ...counted, done: 20, elapsed_s: 2, left_s: 3 },
    { ...counted, done: 25, elapsed_s: 2.5, left_s: 2.5 },
  ]);
  const short = progress('calibration', 4, stream);
  vi.advanceTimersByTime(900);
  short.update(4);
  short.stop();
  expect(lines).toHaveLength(3);
});

describe('the time left of resumed work', () => {
  // 90 of 120 were there before; of the other 30 one takes a second.
  const resumed = (stream: NodeJS.WriteStream): void => {
    vi.useFakeTimers();
    const bar = progress('accuracy of x', 120, stream);
    bar.update(90, undefined, undefined, 90);
    for (let own = 1; own <= 5; own++) {
      vi.advanceTimersByTime(own === 5 ? 27_000 : 1000);
      bar.update(90 + own, undefined, undefined, 90);
    }
  };

  it('is at the pace of this run where a program reads', () => {
    progressAsLines('accuracy');
    const { lines, stream } = written((text) => JSON.parse(text) as { left_s: number | null });
    resumed(stream);
    expect(lines.map(({ left_s }) => left_s)).toEqual([29, 28, 27, 26, 155]);
  });

  it('is so in lines and behind a bar', () => {
    const plain = written((text) => text);
    resumed(plain.stream);
    expect(plain.lines).toEqual(['accuracy of x: 79 % 155 s left\n']);
    const terminal = written((text) => text);
    resumed(Object.assign(terminal.stream, { isTTY: true }));
    expect(terminal.lines.map((line) => /\d+ s left/.exec(line)?.[0])).toEqual(
      [29, 28, 27, 26, 155].map((left) => `${left} s left`),
    );
  });

  it('is not told before anything of this run is done', () => {
    vi.useFakeTimers();
    progressAsLines('accuracy');
    const { lines, stream } = written((text) => JSON.parse(text) as { left_s: number | null });
    const bar = progress('accuracy of x', 0.3, stream);
    vi.advanceTimersByTime(1000);
    bar.update(0.1 + 0.1, undefined, undefined, 0.2 - Number.EPSILON / 8);
    vi.advanceTimersByTime(1000);
    bar.update(0.2, undefined, undefined, 0.2);
    vi.advanceTimersByTime(1000);
    bar.update(0.3, undefined, undefined, 0.3);
    expect(lines.map(({ left_s }) => left_s)).toEqual([null, null, 0]);
  });

  it('does not count what a stage had done before its bar began', async () => {
    vi.useFakeTimers();
    progressAsLines('tune');
    const lines: { left_s: number }[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation(
      (text) => lines.push(JSON.parse(text as string) as { left_s: number }) > 0,
    );
    const tty = process.stderr.isTTY;
    process.stderr.isTTY = false;
    try {
      await withStages({ greedy: { label: 'greedy sweep' } }, (report) => {
        report('greedy', 5, 10, 4);
        vi.advanceTimersByTime(2000);
        report('greedy', 7, 10, 5);
      });
    } finally {
      process.stderr.isTTY = tty;
    }
    expect(lines.map(({ left_s }) => left_s)).toEqual([6]);
  });
});

it('tells no time left of work that ends when it has enough', () => {
  vi.useFakeTimers();
  const { lines, stream } = written((text) => text);
  const bar = progress('calibration', 64, stream, 'calibration', true);
  vi.advanceTimersByTime(31_000);
  bar.update(1);
  expect(lines).toEqual(['calibration: 2 % of the most\n']);
});

it('names the stage that is at work, what it says, and no time left before anything is done', async () => {
  vi.useFakeTimers();
  progressAsLines('explore');
  const lines: unknown[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(JSON.parse(text as string)) > 0);
  const tty = process.stderr.isTTY;
  process.stderr.isTTY = false;
  try {
    await withStages({ explore: { label: 'evaluating', unit: 'points' } }, (report) => {
      report('explore', 0, 8);
      vi.advanceTimersByTime(1500);
      report('explore', 0, 8, 0, '2 on the front so far');
    });
  } finally {
    process.stderr.isTTY = tty;
  }
  expect(lines).toEqual([
    {
      command: 'explore',
      phase: 'explore',
      done: 0,
      total: 8,
      unit: 'points',
      elapsed_s: 1.5,
      left_s: null,
      note: '2 on the front so far',
    },
  ]);
});
