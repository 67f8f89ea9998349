import { expect, it } from 'vitest';
import { changes, published, repaired } from './support.ts';

const MEMORIES = ['input', 'output', 'weight'];
const cycles = MEMORIES.map((memory) => `sram.${memory}.accessCycles: 1 → none`);

it('repaired, scaled-up arrays and the tensor core have 1 MB, and every SRAM its own cycles', () => {
  const doubled = (from: number): string[] =>
    MEMORIES.flatMap((memory, i) => [cycles[i], `sram.${memory}.depthPerBank: ${from} → ${2 * from}`]);
  for (const name of ['sa-32', 'sa-64', 'sd-f-64']) expect(changes(name, 'sram-size')).toEqual(doubled(1024));
  expect(changes('tensor', 'sram-size')).toEqual(doubled(512));
  for (const name of ['mugi-256', 'carat-256', 'sa-16', 'sd-8'])
    expect(changes(name, 'sram-size')).toEqual(cycles);
});

it('repaired, words that one macro does not give in a cycle come from narrower ones side by side', () => {
  const as = published({ design: 'tensor' }).priced;
  const built = repaired('sram-size', { design: 'tensor' }).priced;
  expect([as.accessCycles.input, as.srams.input.macros]).toEqual([1, 1]);
  expect([built.accessCycles.input, built.srams.input.macros]).toEqual([1, 2]);
  expect(built.srams.input.source).toContain('2 macros of 1024 bits');
  const scaledUp = repaired('sram-size', { design: 'sa-64' }).priced;
  expect([scaledUp.accessCycles.output, scaledUp.srams.output.macros]).toEqual([1, 2]);
});
