import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESOURCES } from '../../src/design/design.ts';
import { notesOf } from '../../src/evaluate/price-notes.ts';
import { scaleSimCycles, scaleSimLayer } from '../../src/evaluate/scale-sim.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { modelFromTopology } from '../../src/workload/scale-sim.ts';

/**
 * SCALE-Sim's compute cycles, written from its axes (Samajdar et al., ISPASS 2020, §III): a GEMM of S_R × S_C × T on an
 * array of R rows and C columns runs in ⌈S_R/R⌉·⌈S_C/C⌉ folds. A convolution has as many rows of outputs as windows fit,
 * counted one by one. Its report is one cycle less a layer: the number of the last cycle, counted from 0.
 */

interface Layer {
  height: number;
  width: number;
  filter: number;
  channels: number;
  filters: number;
  stride: number;
  depthwise: boolean;
}

/** Window starts of a side, until one has taken the last of the input. */
function outputs(side: number, filter: number, stride: number): number {
  let count = 1;
  for (let end = filter; end < side; end += stride) count += 1;
  return count;
}

function expected(layer: Layer, side: number, dataflow: 'os' | 'ws'): { cycles: number; macs: number } {
  const pixels =
    outputs(layer.height, layer.filter, layer.stride) * outputs(layer.width, layer.filter, layer.stride);
  const window = layer.filter ** 2 * (layer.depthwise ? 1 : layer.channels);
  const [rows, time] = dataflow === 'os' ? [pixels, window] : [window, pixels];
  let folds = 0;
  for (let r = 0; r < rows; r += side) for (let c = 0; c < layer.filters; c += side) folds += 1;
  // Loading the weights of a fold takes R cycles more than output stationary.
  const fold = time + (side - 1) + (side - 1) + (dataflow === 'ws' ? side : 0);
  const times = layer.depthwise ? layer.channels : 1;
  return { cycles: times * folds * fold, macs: times * pixels * window * layer.filters };
}

function measured(layers: readonly Layer[], design: string): { cycles: number; macs: number }[] {
  const lines = layers.map(({ height, width, filter, channels, filters, stride, depthwise }, i) =>
    [`${depthwise ? 'DP' : 'Conv'}${i}`, height, width, filter, filter, channels, filters, stride, ''].join(
      ', ',
    ),
  );
  const model = modelFromTopology(`Layer name,,,,,,,,\n${lines.join('\n')}`, 'net.csv', 'net');
  // SCALE-Sim's outputs leave while the next fold runs; what its form gives stands beside our cycles in any case.
  const { operators } = evaluatePoint({ design, model, without: ['node-cycles'] });
  const beside = evaluatePoint({ design, model });
  return operators.map(({ work }, i) => {
    const cycles = work.load[RESOURCES.indexOf('array')];
    expect(scaleSimLayer(beside.operators[i], beside.workload, beside.priced)).toBe(cycles);
    return { cycles, macs: work.macs };
  });
}

const layer = fc
  .record({
    height: fc.integer({ min: 1, max: 40 }),
    width: fc.integer({ min: 1, max: 40 }),
    filter: fc.integer({ min: 1, max: 7 }),
    channels: fc.integer({ min: 1, max: 40 }),
    filters: fc.integer({ min: 1, max: 80 }),
    stride: fc.integer({ min: 1, max: 4 }),
    depthwise: fc.boolean(),
  })
  .filter(({ height, width, filter }) => filter <= Math.min(height, width));

describe('compute cycles of SCALE-Sim', () => {
  it.each([
    [8, 'os'],
    [16, 'os'],
    [8, 'ws'],
    [32, 'ws'],
  ] as const)('on %i × %i cells, %s', (side, dataflow) => {
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 4 }), (layers) => {
        const design = dataflow === 'os' ? `sa-${side}-os` : `sa-${side}`;
        const got = measured(layers, design);
        expect(got).toMatchObject(layers.map((one) => expected(one, side, dataflow)));
      }),
      { numRuns: 40 },
    );
  });

  it('of networks that everybody has', () => {
    // Shapes of the architectures: AlexNet conv1, a depthwise layer of MobileNet, ResNet's conv1 (padded to 230).
    const known: Layer[] = [
      { height: 224, width: 224, filter: 11, channels: 3, filters: 96, stride: 4, depthwise: false },
      { height: 114, width: 114, filter: 3, channels: 32, filters: 1, stride: 1, depthwise: true },
      { height: 230, width: 230, filter: 7, channels: 3, filters: 64, stride: 2, depthwise: false },
    ];
    expect(measured(known, 'sa-32')[0]).toMatchObject({ cycles: 36 * 3119, macs: 105_415_200 });
    expect(measured(known, 'sa-16')[1]).toMatchObject({ cycles: 402_880, macs: 32 * 12_544 * 9 });
    expect(measured(known, 'sa-16-os')[1]).toMatchObject({ cycles: 978_432 });
    expect(measured(known, 'sa-16-os')[2]).toMatchObject({
      cycles: 799 * 4 * (147 + 30),
      macs: 113 ** 2 * 147 * 64,
    });
  });

  it('of a GEMM whose header says M, K, N', () => {
    const model = modelFromTopology('Layer, M, K, N,\nqk, 1, 128, 4096,', 'net.csv', 'net');
    const cycles = (design: string, without: 'node-cycles'[] = []): number =>
      evaluatePoint({ design, model, without }).operators[0].cycles;
    // 256 folds of 128 + 30 cycles, and 16 each to drain.
    expect(cycles('sa-16-os', ['node-cycles'])).toBe(256 * (128 + 30));
    expect(cycles('sa-16-os')).toBe(256 * (128 + 30 + 16));
    const { compute_cycles, reported_cycles, drain_cycles } = scaleSimCycles(
      evaluatePoint({ design: 'sa-16-os', model }),
    )!;
    expect({ compute_cycles, reported_cycles, drain_cycles }).toEqual({
      compute_cycles: 40_448,
      reported_cycles: 40_447,
      drain_cycles: 256 * 16,
    });
    // 16 folds of 256 rows: 128 steps of 8 cycles and 64 to drain each, and 30 cycles of latency.
    expect(cycles('mugi-256')).toBe(16 * (128 * 8 + 64) + 30);
  });

  it('stand in the notes of a topology on one systolic array, and nowhere else', () => {
    const model = modelFromTopology(
      'DP1, 30, 30, 3, 3, 8, 1, 1,\nfc, 1, 1, 1, 1, 64, 10, 1,',
      'net.csv',
      'net',
    );
    const told = (design: string, of: typeof model | string) =>
      notesOf(evaluatePoint({ design, model: of })).filter((note) => note.includes('SCALE-Sim counts them'));
    // Eight channels of 784 × 9 and one fully connected layer: nine layers, each printed one cycle short.
    const cycles = 8 * 49 * (9 + 30) + (64 + 30);
    expect(told('sa-16-os', model)[0]).toContain(`${cycles.toLocaleString('en-US')} compute cycles`);
    expect(told('sa-16-os', model)[0]).toContain(`says ${(cycles - 9).toLocaleString('en-US')}, since`);
    expect(told('sa-16', model)).toHaveLength(1);
    for (const design of ['mugi-256', 'tensor', 'sa-16@2x2']) expect(told(design, model)).toEqual([]);
    expect(told('sa-16-os', 'llama-2-7b')).toEqual([]);
  });

  it('of a rectangle: activations go to its rows where outputs stay, inputs of a product where weights do', () => {
    const model = modelFromTopology('Layer, M, K, N,\na, 20, 70, 100,', 'net.csv', 'net');
    const cycles = (design: string) => scaleSimCycles(evaluatePoint({ design, model }))!;
    // 8 lanes of activations, 32 of weights.
    expect(cycles('sa-8x32-os')).toMatchObject({
      compute_cycles: 3 * 4 * (70 + 38),
      drain_cycles: 3 * 4 * 8,
    });
    expect(cycles('sa-8x32')).toMatchObject({ compute_cycles: 9 * 4 * (20 + 8 + 38), drain_cycles: 1 });
  });
});
