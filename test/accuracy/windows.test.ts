import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { greedyWindows } from '../../src/accuracy/windows/greedy-windows.ts';
import { emptyHistogram, type InputHistogram } from '../../src/accuracy/windows/histogram.ts';
import { EXPONENTS, exponentIndex, roundedInput } from '../../src/accuracy/windows/rounded-input.ts';
import { readWindowFile, windowFileText, windowFor } from '../../src/accuracy/windows/window-file.ts';
import { clusterHeads, rankWindows, windowCost } from '../../src/accuracy/windows/window-search.ts';

/** A histogram whose mass lies at one exponent, in groups whose largest exponent is `largest`. */
function at(exponent: number, largest = exponent): InputHistogram {
  const h = emptyHistogram();
  const cell = exponentIndex(largest) * EXPONENTS + exponentIndex(exponent);
  h.rows = 1;
  h.count[cell] = 1;
  h.inside[cell] = 1;
  h.below[cell] = 100;
  h.above[cell] = 10_000;
  return h;
}

describe('the cost of a window', () => {
  it('is that of the region its inputs fall into', () => {
    expect(windowCost(at(2), -4, 3)).toBe(1);
    expect(windowCost(at(4), -4, 3)).toBe(10_000);
    expect(windowCost(at(-5), -4, 3)).toBe(100);
  });

  it('follows the sliding window: 8 exponents down from the largest of the group', () => {
    // LUT of 12 exponents [−8, 3]: a group that reaches 3 sees [−4, 3], one that reaches −1 sees [−8, −1].
    expect(windowCost(at(-6, 3), -8, 3)).toBe(100);
    expect(windowCost(at(-6, -1), -8, 3)).toBe(1);
    expect(windowCost(at(-6, 5), -8, 3)).toBe(100);
  });

  it('ranks the windows that hold everything first, and clusters heads that need different ones', () => {
    expect(rankWindows(at(2), 8)[0].cost).toBe(1);
    expect(rankWindows(at(2), 8).at(-1)!.cost).toBe(10_000);
    const clusters = clusterHeads([at(-7), at(6), at(-7), at(6)], 8);
    expect(clusters.map(({ members }) => members)).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(clusterHeads([at(1), at(2)], 8)).toHaveLength(1);
  });
});

it('rounds mantissas to nearest, ties to even, with carry into the exponent', () => {
  const { exponent, value } = roundedInput(3);
  const bits = (x: number) => new Uint32Array(Float32Array.of(x).buffer)[0] >>> 16;
  for (const [x, rounded, e] of [
    [1, 1, 0],
    [1.0625, 1, 0],
    [1.1875, 1.25, 0],
    [1.9375, 2, 1],
    [-0.99609375, -1, 0],
    [3.25, 3.25, 1],
  ] as const) {
    expect(value[bits(x)]).toBe(rounded);
    expect(exponent[bits(x)]).toBe(exponentIndex(e));
  }
  expect(exponent[bits(0)]).toBe(0);
});

it('the greedy sweep tries every candidate in every layer and keeps what is better', async () => {
  const wanted = [1, 3, 2];
  const candidates = [0, 1, 2, 3].map((hi) => ({ lo: hi - 7, hi, anchor: 'max' as const }));
  const result = await greedyWindows('softmax', 3, candidates, candidates[2], async (windows) =>
    windows.reduce((loss, { hi }, layer) => loss + Math.abs(hi - wanted[layer]), 0),
  );
  expect(result.windows.map(({ hi }) => hi)).toEqual(wanted);
  expect(result.evaluations).toBe(1 + 3 * 3);
  expect(result.steps.map(({ loss }) => loss)).toEqual([1, 0, 0]);
});

describe('a window file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-windows-'));
  const file = {
    format: 'mugi-windows/1' as const,
    model: 'm',
    mantissa_bits: 3,
    group_rows: 128,
    calibration: { text: 'embedded', tokens: 4096 },
    windows: [
      { function: 'softmax', lo: -4, hi: 3, anchor: 'max' as const },
      { function: 'softmax', layer: 1, heads: [2, 3], lo: -6, hi: 1, anchor: 'max' as const },
    ],
  };

  it('comes back as it was written; the last entry that matches holds', () => {
    const path = join(folder, 'windows.json');
    writeFileSync(path, windowFileText(file));
    const { windows } = readWindowFile(path);
    expect(windows).toEqual(file.windows);
    expect(windowFor(windows, 'softmax', 1, 2)!.hi).toBe(1);
    expect(windowFor(windows, 'softmax', 1, 0)!.hi).toBe(3);
    expect(windowFor(windows, 'softmax', 0, 2)!.hi).toBe(3);
    expect(windowFor(windows, 'silu', 0)).toBeUndefined();
  });

  it.each([
    ['{', /not valid JSON/],
    [JSON.stringify({ ...file, format: 'windows' }), /mugi-windows/],
    [JSON.stringify({ ...file, windows: [{ function: 'softmax', lo: 0, hi: 3 }] }), /at least 8 exponents/],
    [JSON.stringify({ ...file, windows: [] }), /./],
  ])('that is wrong is refused: %#', (text, message) => {
    const path = join(folder, 'wrong.json');
    writeFileSync(path, text);
    expect(() => readWindowFile(path)).toThrow(message);
  });
});
