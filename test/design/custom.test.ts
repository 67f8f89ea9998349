import { describe, expect, it } from 'vitest';
import { customDesign } from '../../src/design/custom.ts';
import type { Design, NonlinearRun, Pipeline, Rule } from '../../src/design/design.ts';
import { sramBits } from '../../src/design/design.ts';
import { designNamed, designNames, familyNames } from '../../src/design/index.ts';
import { GEMM_COUNT_NAMES, NONLINEAR_COUNT_NAMES } from '../../src/design/schema.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { evaluatePoint, workloadFor } from '../../src/question/point.ts';
import { priceDesign } from '../../src/evaluate/whole-machines.ts';
import { designUnder, preset } from '../../src/published/preset.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { logicRow } from '../../src/technology/technology.ts';
import { modelNamed } from '../../src/workload/models.ts';

const change = (design: Design): Design => designUnder(design, preset('corrected'), PUBLISHED_45);
const build = (value: unknown): Design => customDesign(value, { technology: PUBLISHED_45, change });

describe('a built-in design, changed', () => {
  it('nothing changed but the name', () => {
    const { name, title, provenance, ...same } = build({ base: 'mugi-256@4x4', name: 'mine' });
    const builtIn = designNamed('mugi-256@4x4');
    expect(same).toEqual(withoutNames(builtIn));
    expect([name, title, provenance]).toEqual([
      'mine',
      `${builtIn.title}, after mugi-256@4x4`,
      'not built in: mugi-256@4x4',
    ]);
  });

  it('every key does what it says', () => {
    const design = build({
      base: 'sa-16',
      size: 24,
      mesh: '2x3',
      dataflow: 'output-stationary',
      method: 'taylor',
      sram: { output: { kib: 128, word_bits: 512 }, input: { kib: 32 } },
    });
    expect(design.array).toMatchObject({ rows: 24, columns: 24, stationary: 'output' });
    expect(design.nodes).toEqual({ rows: 2, columns: 3 });
    expect(design.array.pipeline).toEqual({
      kind: 'output-stationary',
      perTile: 24,
      period: 1,
      tail: 0,
    });
    expect(design.method).toBe('taylor');
    expect(design.sram.output).toEqual({ wordBits: 512, depthPerBank: 512 });
    expect(sramBits(design.sram.input)).toBe(32 * 8192);
    expect(build({ base: 'mugi-64', lut: true }).components.map((c) => c.name)).toContain('lut_decoder');
    expect(build({ base: 'carat-64', height: 512 }).array.rows).toBe(512);
  });

  it('sizes between and beyond the built-in ones have whole counts and a price', () => {
    const sizes: [string, string, number[]][] = [
      ['mugi-256', 'height', [24, 72, 192, 320, 1024]],
      ['mugi-l-256', 'height', [40, 1024]],
      ['carat-64', 'height', [40, 104, 192, 1024]],
      ['sa-f-16', 'size', [5, 12, 24, 100, 256]],
      ['sd-16', 'size', [7, 33, 256]],
    ];
    for (const [base, key, values] of sizes) {
      let last = 0;
      for (const value of values) {
        const design = build({ base, [key]: value });
        for (const { name, count } of design.components)
          expect(count % 1, `${base} ${value} ${name}`).toBe(0);
        const { area } = priceDesign(design, PUBLISHED_45);
        expect(area).toBeGreaterThan(last);
        last = area;
      }
    }
  });

  it('a height of 192 lies between 128 and 256 in time and area', () => {
    const workload = workloadFor(
      modelNamed('llama-2-7b'),
      { batch: 8, context: 4096, prefill: 64 },
      preset('corrected'),
    );
    const at = (height: number) =>
      evaluate(priceDesign(build({ base: 'mugi-256', height }), PUBLISHED_45), workload, preset('corrected'));
    const [small, middle, large] = [at(128), at(192), at(256)];
    expect(middle.total.time).toBeLessThan(small.total.time);
    expect(middle.total.time).toBeGreaterThan(large.total.time);
    expect(middle.area).toBeGreaterThan(small.area);
    expect(middle.area).toBeLessThan(large.area);
  });

  it('the name falls back to the file’s, and never hides a built-in design', () => {
    const context = { technology: PUBLISHED_45 };
    expect(customDesign({ base: 'sa-16' }, { ...context, fallbackName: 'edge' }).name).toBe('edge');
    expect(customDesign({ base: 'sa-16' }, { ...context, fallbackName: 'sa-16' }).name).toBe('sa-16-custom');
    expect(() => build({ base: 'sa-16', name: 'mugi-256' })).toThrow('name of a built-in design');
    expect(() => build({ ...writtenDown(designNamed('sa-16')), name: 'sa' })).toThrow('name of a built-in');
    expect([...new Set(designNames().map((name) => designNamed(name).family))]).toEqual(familyNames());
  });
});

function withoutNames({ name: _n, title: _t, provenance: _p, ...rest }: Design) {
  return rest;
}

describe('a new design', () => {
  it.each(designNames())('%s written down in full evaluates to the same numbers', (name) => {
    const chosen = preset('corrected');
    const builtIn = evaluatePoint({ design: name, model: 'llama-2-7b', preset: chosen });
    const described = build({ ...writtenDown(builtIn.priced.design), name: 'mine' });
    const again = evaluate(priceDesign(described, PUBLISHED_45), builtIn.workload, chosen);
    expect(again.total).toEqual(builtIn.total);
    expect(again.area).toBe(builtIn.area);
    expect(again.leakage).toBe(builtIn.leakage);
  });

  it('as published it neither fills nor drains, like every design', () => {
    const value = { ...writtenDown(designNamed('sa-16')), name: 'mine' };
    const published = customDesign(value, {
      technology: PUBLISHED_45,
      change: (design) => designUnder(design, preset('as-published'), PUBLISHED_45),
    });
    expect(build(value).array.pipeline).toEqual({ kind: 'weight-stationary', tail: 1, reloads: true });
    expect(published.array.pipeline).toEqual({ kind: 'ideal' });
  });
});

function pipelineFile(pipeline: Pipeline): unknown {
  if (pipeline.kind === 'ideal') return pipeline.kind;
  if (pipeline.kind === 'tail') return { tail: pipeline.cycles, tile: pipeline.perTile };
  if (pipeline.kind === 'output-stationary') return { keeps: 'outputs', tail: pipeline.tail };
  const { registers, skew, tail } = pipeline;
  return { keeps: 'weights', registers, skew, tail };
}

/** A built-in design as a file would describe it. */
function writtenDown(design: Design): Record<string, unknown> {
  const { array, nonlinear, elementwise, scaling } = design;
  const { pipeline } = array;
  const used = new Set([
    'element multiply',
    'element add',
    ...[...design.gemm, ...nonlinear.softmax.rules, ...nonlinear.activation.rules].map(({ event }) => event),
  ]);
  const rules = (list: readonly Rule<string>[], names: Record<string, string>) =>
    list.map((rule) => {
      const named = (count: string) => Object.keys(names).find((key) => names[key] === count);
      return { ...rule, energy: named(rule.energy), time: named(rule.time) };
    });
  const run = ({ reads, writes, sequence, rules: list }: NonlinearRun) => {
    const {
      step,
      perTile: tile,
      tail,
      lutPasses,
    } = sequence ?? { step: 0, perTile: 0, tail: 0, lutPasses: 1 };
    return {
      reads,
      writes,
      sequence: { step, tile, tail, lut_passes: lutPasses },
      rules: rules(list, NONLINEAR_COUNT_NAMES),
    };
  };
  return {
    array: {
      columns: array.columns,
      rows: array.rows,
      depth: array.depth,
      step_cycles: array.stepCycles,
      stationary: array.stationary,
      pipeline: pipelineFile(pipeline),
      weight_bits: array.weightBits,
    },
    components: Object.fromEntries(
      design.components
        .filter(({ count }) => count > 0)
        .map(({ name, class: className, attributes, count, group }) => {
          const needed = Object.keys(logicRow(PUBLISHED_45, className).reference);
          const given = Object.fromEntries(
            Object.entries(attributes).filter(([key]) => needed.includes(key)),
          );
          return [name, { class: className, attributes: given, count, group }];
        }),
    ),
    sram: Object.fromEntries(
      Object.entries(design.sram).map(([memory, sram]) => [
        memory,
        { kib: sramBits(sram) / 8192, word_bits: sram.wordBits },
      ]),
    ),
    events: Object.fromEntries(
      Object.entries(design.events)
        .filter(([event]) => used.has(event))
        .map(([event, fired]) => [event, Object.fromEntries(fired.map((a) => [a.component, a.count]))]),
    ),
    gemm: rules(design.gemm, GEMM_COUNT_NAMES),
    scaling: scaling.kind === 'vector' ? { lanes: scaling.lanes } : scaling.kind,
    nonlinear: {
      lanes: nonlinear.lanes,
      through_weight_sram: nonlinear.throughWeightSram,
      softmax: run(nonlinear.softmax),
      activation: run(nonlinear.activation),
      lut_words: nonlinear.lutWords,
    },
    elementwise: {
      multiply_lanes: elementwise.multiplyLanes,
      add_lanes: elementwise.addLanes,
      divide_multiplies: elementwise.divideMultiplies,
    },
    method: design.method,
  };
}
