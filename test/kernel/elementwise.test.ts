import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { loadKernels } from '../../src/kernel/node.ts';
import type { VlpOptions } from '../../src/vlp/mode.ts';
import { newStatistics } from '../../src/vlp/statistics.ts';
import { vlp } from '../../src/vlp/vlp.ts';
import { bitsOf } from './bits.ts';
import { vlpOptions } from './vlp-options.ts';

const kernels = await Promise.all(
  (['scalar', 'plain', 'relaxed'] as const).map((backend) => loadKernels({ backend })),
);

/** Runs a function by definition and on all kernels, in place and not; results and counts must be the same. */
function same(name: string, x: Float32Array, rows: number, cols: number, options: VlpOptions): void {
  const expected = new Float32Array(x.length);
  const statistics = newStatistics();
  vlp.named(name, options).apply(x, expected, rows, cols, { statistics });
  for (const kernel of kernels) {
    const apply = kernel.elementwise(name, options);
    for (const out of [new Float32Array(x.length), x.slice()]) {
      const counted = newStatistics();
      const from = out.every((value) => value === 0) ? x : out;
      apply(from, out, rows, cols, { statistics: counted });
      expect(bitsOf(out)).toEqual(bitsOf(expected));
      expect(counted).toEqual(statistics);
    }
  }
}

const NAMES = ['silu', 'gelu', 'gelu-tanh', 'sigmoid', 'tanh'];

const options = fc.record({
  ...vlpOptions({ min: -12, max: 2 }, 4),
  group: fc.constantFrom(1, 3, 8, 20, 128),
  below: fc.constantFrom('zero' as const, 'zero' as const, 'linear' as const),
});

describe('functions by VLP on the kernels', () => {
  it('equal the definition in every bit and count the same, for any patterns, shape and window', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        options,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 150 }),
        fc.infiniteStream(fc.oneof({ weight: 1, arbitrary: fc.nat(0xffffffff) }, fc.nat(0x7fffffff))),
        (name, given, rows, cols, stream) => {
          const words = Uint32Array.from({ length: rows * cols }, () => stream.next().value);
          same(
            name,
            new Float32Array(words.buffer),
            rows,
            cols,
            name === 'sigmoid' ? { ...given, below: 'zero' } : given,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('equal it for ordinary inputs, in more rows than one chunk and in rows longer than one', () => {
    for (const [rows, cols] of [
      [300, 513],
      [2, 40_001],
    ] as const) {
      const x = Float32Array.from(
        { length: rows * cols },
        (_, i) => Math.sin(i * 1.7) * 2 ** ((i % 23) - 14),
      );
      for (const window of [
        { lo: -4, hi: 3 },
        { lo: -9, hi: 2 },
      ])
        for (const mode of ['hardware', 'artifact'] as const) same('silu', x, rows, cols, { mode, window });
    }
  });

  it('leave regions one by one to the definition', () => {
    const x = Float32Array.of(0, 1, -1e-9, 1e9, Number.NaN);
    const expected = new Uint8Array(5);
    vlp.named('gelu').apply(x, new Float32Array(5), 1, 5, { regions: expected });
    for (const kernel of kernels) {
      const regions = new Uint8Array(5);
      kernel.elementwise('gelu')(x, new Float32Array(5), 1, 5, { regions });
      expect(regions).toEqual(expected);
    }
  });

  it('take no memory for each operator, nor does softmax: both work in the same place', () => {
    const [rows, cols] = [40, 1000];
    const x = new Float32Array(rows * cols).fill(0.3);
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
    for (const kernel of kernels) {
      for (let i = 0; i < 40; i++) {
        if (i === 1) grow.mockClear();
        kernel.elementwise('silu')(x, new Float32Array(x.length), rows, cols);
        kernel.softmax()({ scores: x, out: new Float32Array(x.length), rows, cols });
      }
      expect(grow).not.toHaveBeenCalled();
    }
    grow.mockRestore();
  });
});
