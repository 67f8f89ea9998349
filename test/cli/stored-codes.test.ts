import { describe, expect, it, vi } from 'vitest';
import { sayStoredCodes } from '../../src/cli/source/stored-codes.ts';
import { FULL_PRECISION } from '../../src/accuracy/score/precision.ts';

type Given = Parameters<typeof sayStoredCodes>;

/** What is said of matrices [100 × 10], each with or without an operand of its file. */
function said(
  matrices: ({ group: number; clipped: number } | undefined)[],
  weights: 'int4' | 'stored' = 'int4',
  names: readonly string[] = ['x.weight_packed'],
): string {
  const raw = { type: 'I32', shape: [100, 2], file: 'x', offset: 0, bytes: 800 };
  const opened = { checkpoint: { unread: new Map(names.map((name) => [name, raw])) } };
  const linears = new Map(
    matrices.map((fromFile, i) => [
      String(i),
      { weight: { fromFile, outputs: 100, inputs: 10, int4: () => undefined } },
    ]),
  );
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    sayStoredCodes(opened as unknown as Given[0], { linears } as unknown as Given[1], {
      ...FULL_PRECISION,
      weights,
    });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

describe('what is said of weights that a file holds in four bits', () => {
  it('which matrices are the file’s, in which groups, and how many codes were −8', () => {
    expect(said([{ group: 64, clipped: 3 }, undefined, { group: 128, clipped: 1 }])).toBe(
      'note: 2 of 3 matrices are the INT4 of the file, in groups of 64 and 128; 0.20 % of their codes are -8, which becomes -7\n',
    );
    expect(said([{ group: 64, clipped: 0 }])).toBe(
      'note: 1 of 1 matrices are the INT4 of the file, in groups of 64\n',
    );
  });

  it('that none fits', () => {
    expect(said([undefined])).toMatch(/do not fit INT4 .* quantised anew\n$/);
  });

  it('nothing, where weights are not INT4 or the file is not packed', () => {
    expect(said([undefined], 'stored')).toBe('');
    expect(said([undefined], 'int4', [])).toBe('');
    // FP8 of the same name as any weight.
    expect(said([undefined], 'int4', ['x.weight'])).toBe('');
  });
});
