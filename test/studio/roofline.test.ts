import { expect, it } from 'vitest';
import { rooflinePlot } from '../../src/compare/roofline-plot.ts';
import { roofOf } from '../../src/evaluate/parts/figure.ts';
import { evaluatePoint } from '../../src/question/point.ts';

interface Dot {
  design: string;
  operator: string;
  intensity: number;
  rate: number;
}

it.each([32, 256, 4096])('no GEMM is above the roof of its design at %i GB/s', (dramBandwidth) => {
  for (const design of ['mugi-256', 'sa-16-os', 'carat-256', 'tensor', 'mugi-256@4x4']) {
    const evaluation = evaluatePoint({ design, model: 'llama-2-7b', batch: 4, context: 512, dramBandwidth });
    const { layer } = rooflinePlot([evaluation]).spec as unknown as { layer: { data: { values: Dot[] } }[] };
    const { rate, bytes } = roofOf(evaluation);
    expect(bytes).toBe(dramBandwidth * 1e9);
    const dots = layer[1].data.values;
    expect(dots.length).toBeGreaterThan(5);
    for (const dot of dots) {
      const roof = Math.min(rate, dot.intensity * bytes);
      expect(dot.rate / roof, `${design} ${dot.operator}`).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
});
