import { expect, it } from 'vitest';
import { blocksOf } from '../../src/workload/flow/blocks.ts';
import { MODELS } from '../../src/workload/models.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { isPort, laidOut } from '../../web/view/operators/layout.ts';
import { plain } from '../workload/plain.ts';

/** Some of each kind of structure. */
const NAMES =
  /^(llama-2-7b|whisper-tiny|swinv2-tiny|gemma-3-4b|deepseek-v3|qwen3-30b|gpt-oss-20b|vivit|.*next.*|mamba.*)/;
const blocks = MODELS.filter(({ name }) => NAMES.test(name)).flatMap((model) => {
  const workload = workloadOf(model, plain);
  return (['prefill', 'decode'] as const).flatMap((phase) =>
    blocksOf(model, workload, phase).map((block) => ({
      ...block,
      name: `${model.name}, ${phase}: ${block.title}`,
    })),
  );
});

it.each([310, 480, 900])('places every block of models on %i pixels', (room) => {
  for (const block of blocks) {
    const { boxes, edges, width, height } = laidOut(block, room);
    expect(boxes.filter(({ id }) => !isPort(id)).length, block.name).toBe(block.steps.length);
    expect(edges.length, block.name).toBe(
      block.steps.reduce((sum, { reads }) => sum + reads.length, block.results.length),
    );
    for (const [i, a] of boxes.entries()) {
      expect(a.x, block.name).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width, block.name).toBeLessThanOrEqual(width + 0.01);
      expect(a.y + a.height, block.name).toBeLessThanOrEqual(height);
      for (const b of boxes.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x + 0.01 ||
          b.x + b.width <= a.x + 0.01 ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart, `${block.name}: ${a.id} and ${b.id}`).toBe(true);
      }
    }
    const at = new Map(boxes.map((box) => [box.id, box]));
    for (const { from, to } of edges)
      expect(at.get(from)!.y + at.get(from)!.height).toBeLessThan(at.get(to)!.y);
  }
});

it('fits a phone without scrolling, but for the widest mixtures', () => {
  const wider = blocks.filter((block) => laidOut(block, 330).width > 330);
  expect(wider.filter(({ title }) => !/experts/.test(title)).map(({ name }) => name)).toEqual([]);
});

it('stands operators without edges in rows', () => {
  const steps = Array.from({ length: 7 }, (_, i) => ({ id: `conv ${i}`, reads: [] }));
  const { boxes, width } = laidOut({ steps, results: [] }, 330);
  expect(width).toBe(330);
  expect(new Set(boxes.map(({ y }) => y)).size).toBe(4);
});
