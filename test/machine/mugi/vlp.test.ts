import { expect, it } from 'vitest';
import { nodeFunction } from '../../../src/machine/mugi/program/node-function.ts';
import { runNonlinear } from '../../../src/machine/mugi/program/nonlinear.ts';
import { decode, encode } from '../../../src/number/bf16.ts';
import { vlp } from '../../../src/vlp/vlp.ts';
import { patterns, random } from './reference.ts';

it.each([8, 32])('the node equals the VLP arithmetic in hardware mode, bit for bit, at %i rows', (rows) => {
  const next = random(rows);
  let mappings = 0;
  while (mappings < 10_000) {
    const [lo, size] = [-7 + Math.floor(next() * 4), 8 + Math.floor(next() * 5)];
    const window = { lo, hi: lo + size - 1 };
    const anchor = next() < 0.6 ? 'max' : 'min';
    const height = 1 + Math.floor(next() * 2 * rows);
    const width = 1 + Math.floor(next() * 60);
    const input = patterns(next, height * width, next() < 0.7);
    const values = decode(input);
    const out = new Float32Array(values.length);
    const options = { window, anchor, group: rows } as const;
    if (next() < 0.5) {
      // A masked key stays exactly 0 on the node also in a row with NaN, where the arithmetic multiplies by NaN.
      const clean = input.every((bits) => (bits & 0x7f80) !== 0x7f80);
      const mask = clean && next() < 0.7 ? Uint8Array.from(input, () => (next() < 0.3 ? 1 : 0)) : undefined;
      const accumulation = (['bf16', 'bf16', 'bf16-cascade', 'fp32'] as const)[Math.floor(next() * 4)];
      const softmax = vlp.softmax({ ...options, accumulate: accumulation });
      softmax.apply({ scores: values, out, rows: height, cols: width, masked: mask });
      const fn = nodeFunction('exp', window, anchor);
      const run = runNonlinear({
        rows,
        softmax: true,
        function: fn,
        input,
        mask,
        height,
        width,
        accumulation,
      });
      expect(run.output).toEqual(encode(out));
      mappings += run.activity.mappings;
    } else {
      const name = (['silu', 'gelu', 'exp'] as const)[Math.floor(next() * 3)];
      vlp.named(name, options).apply(values, out, height, width);
      const fn = nodeFunction(name, window, anchor);
      const run = runNonlinear({ rows, softmax: false, function: fn, input, height, width });
      expect(run.output).toEqual(encode(out));
      mappings += run.activity.mappings;
    }
  }
});
