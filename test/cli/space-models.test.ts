import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planFrom } from '../../src/cli/source/space.ts';
import { evaluatedPoint } from '../../src/explore/front-points.ts';
import { Space } from '../../src/explore/space/space.ts';
import { Walker } from '../../src/explore/walk.ts';
import { onnxFile } from '../onnx/write.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-space-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a space over an ONNX model', () => {
  const path = join(folder, 'net.onnx');
  writeFileSync(
    path,
    onnxFile({
      inputs: [{ name: 'x', dims: ['rows', 64] }],
      outputs: [{ name: 'y' }],
      nodes: [{ op: 'MatMul', in: ['x', 'w'], out: ['y'], name: '/product' }],
      initializers: [{ name: 'w', dims: [64, 128] }],
    }),
  );
  const flags = { model: path, vary: { height: [64, 128] } };

  it('gives it the sizes that it leaves open, and its commands too', () => {
    const space = new Space(planFrom(undefined, { ...flags, dims: { rows: 32 } }));
    expect(new Walker(space).at(1)).toBe('evaluated');
    const { metrics, commands } = evaluatedPoint(space, 1);
    expect(metrics.macs).toBe(32 * 64 * 128);
    expect(commands[0]).toContain(`--model ${path} --dims rows=32`);
  });

  it('refuses sizes that are missing, and those of a model that leaves none open', () => {
    expect(() => planFrom(undefined, flags)).toThrow('rows');
    expect(() => planFrom(undefined, { ...flags, model: 'llama-2-7b', dims: { rows: 32 } })).toThrow(
      'llama-2-7b leaves no sizes open',
    );
    expect(() =>
      planFrom(undefined, { vary: flags.vary, model: { model_type: 'llama' }, dims: { rows: 1 } }),
    ).toThrow('a model that is written out leaves no sizes open');
  });
});
