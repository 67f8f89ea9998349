import { expect, it } from 'vitest';
import { VOLTAGE } from '../../src/hardware/liberty/open-45-rules.ts';
import { WIRES } from '../../src/hardware/synthesis/policy.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import { LINK_WIRE } from '../../src/technology/link.ts';
import { modelFromTopology } from '../../src/workload/scale-sim.ts';
import { changed, changes, find, published, repaired } from './support.ts';

it('touches meshes only', () => {
  expect(changed(published(), repaired('mesh'))).toEqual([]);
  expect(changes('mugi-256', 'mesh')).toEqual([]);
  expect(changes('mugi-256@4x4', 'mesh')).toEqual(['divided: true → none']);
  expect(
    changed(published({ design: 'mugi-256@4x4' }), repaired('mesh', { design: 'mugi-256@4x4' })),
  ).toContain('decode softmax');
});

it('published, one tile on 64 nodes takes a 64th of its cycles; repaired, one node takes them all', () => {
  const model = modelFromTopology('Layer,M,N,K\ntiny,8,64,64\n', 'tiny.csv', 'tiny');
  const cycles = (design: string, mesh: boolean): number =>
    evaluatePoint({ design, model, preset: preset('corrected', { mesh }) }).operators[0].cycles;
  expect(cycles('mugi-256', true)).toBe(606);
  expect(cycles('mugi-256@8x8', false)).toBe(606 / 64);
  expect(cycles('mugi-256@8x8', true)).toBe(606);
  // N = 64 is a piece of 8 rows for each of 8 nodes.
  expect(cycles('mugi-8@8x8', true)).toBe(606);
  expect(cycles('mugi-8', true)).toBe(8 * (64 + 8) * 8 + 30);
});

it('what several nodes need leaves DRAM once', () => {
  const at = (design: string, mesh: boolean) =>
    find(evaluatePoint({ design, model: 'llama-2-70b', preset: preset('corrected', { mesh }) }), 'q').work;
  const [divided, mapped] = [at('mugi-256@4x4', false), at('mugi-256@4x4', true)];
  expect(mapped.dram.weight).toBe(divided.dram.weight);
  expect(mapped.dram.input).toBe(divided.dram.input / 16);
  expect(mapped.mesh).toMatchObject({ parts: [{ axis: 'N', parts: 16 }], nodes: 16, balance: 1 });
});

it('a tile of rows of softmax is not spread over nodes', () => {
  const at = (design: string) => find(evaluatePoint({ design, model: 'llama-2-70b' }), 'softmax');
  // 8 · 64 rows are two tiles of 256 lanes: two nodes work.
  expect(at('mugi-256@8x8').work.mesh).toMatchObject({ nodes: 2, balance: 2 / 64 });
  expect(at('mugi-256@8x8').cycles / at('mugi-256').cycles).toBeCloseTo(0.5, 6);
});

it('wires between nodes are priced where work is mapped, and said to be of no table', () => {
  const energy = (mesh: boolean) =>
    evaluatePoint({ design: 'mugi-256@4x4', model: 'llama-2-7b', preset: preset('corrected', { mesh }) });
  expect(energy(false).priced.link).toBeUndefined();
  const { link, area } = energy(true).priced;
  // ¼ · 0.1 fF/µm · 1.21 V² along the side of a node filled to 0.7.
  expect(link).toBeCloseTo(0.25 * 0.1e-6 * 1.21 * 1e3 * Math.sqrt(area / 16 / 0.7), 12);
});

it('the wire is that of synthesis', () => {
  const { perMicrometre, utilisation } = WIRES;
  expect(LINK_WIRE).toEqual({ perMicrometre, utilisation, volts: VOLTAGE });
});

it('corrected has it', () => {
  expect(preset('corrected').repairs.mesh).toBe(true);
});
