import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MugiError } from '../../src/errors.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { accelergyTables } from '../../src/handover/accelergy.ts';
import { yamlNumber } from '../../src/handover/file.ts';
import { servingBundle } from '../../src/handover/llmservingsim.ts';
import { perfettoTrace, type TraceEvent } from '../../src/handover/perfetto.ts';
import { answer, evaluatePoint } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';
import { commandLine, outputOf } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-handover-'));
afterAll(() => rmSync(folder, { recursive: true }));

const POINTS = [
  { design: 'mugi-256', model: 'llama-2-7b', context: 512 },
  { design: 'mugi-64@2x2', model: 'llama-3.1-8b', context: 300, prefill: 200 },
  { design: 'sa-16', model: 'llama-2-7b', context: 256, preset: 'as-published' as const },
  { design: 'carat-128', model: 'vivit-base', technology: 'open-45' },
];

const close = (value: number, expected: number): void =>
  expect(Math.abs(value / expected - 1)).toBeLessThan(1e-9);

describe.each(POINTS)('$design, $model', (point) => {
  const evaluation = evaluatePoint(point);
  const all = metrics(evaluation);

  it('as Accelergy tables, adds up to the energy and the area', () => {
    const [ert, art, counts] = accelergyTables(evaluation).map(({ text }) => parse(text) as unknown) as [
      {
        ERT: {
          version: number;
          tables: { name: string; actions: { name: string; arguments: object; energy: number }[] }[];
        };
      },
      { ART: { version: number; tables: { name: string; area: number }[] } },
      {
        action_counts: {
          version: number;
          local: { name: string; action_counts: { name: string; counts: number }[] }[];
        };
      },
    ];
    expect([ert.ERT.version, art.ART.version, counts.action_counts.version]).toEqual([0.4, 0.4, 0.4]);
    const instances = (name: string): number => Number(/^\w+\.\w+\[1\.\.(\d+)\]$/.exec(name)![1]);
    const area = art.ART.tables.reduce((sum, { name, area: each }) => sum + each * instances(name), 0);
    close(area / 1e6, all.area_mm2);
    const energies = new Map(
      ert.ERT.tables.flatMap(({ name, actions }) =>
        actions.map((action): [string, number] => [`${name} ${action.name}`, action.energy]),
      ),
    );
    const sums = { leak: 0, other: 0 };
    for (const { name, action_counts } of counts.action_counts.local) {
      for (const { name: action, counts: count } of action_counts)
        sums[action === 'leak' ? 'leak' : 'other'] += energies.get(`${name} ${action}`)! * count;
    }
    close(sums.other / 1e12, all.energy_dynamic_J);
    close(sums.leak / 1e12, all.energy_leakage_J);
    expect(counts.action_counts.local.map(({ name }) => name)).toEqual(
      art.ART.tables.map(({ name }) => name),
    );
    expect(
      ert.ERT.tables.every(({ actions }) => actions.every(({ arguments: none }) => typeof none === 'object')),
    ).toBe(true);
  });

  it('as a trace, has slices that add up to the time, do not overlap, and hold the energy', () => {
    const trace = JSON.parse(JSON.stringify(perfettoTrace(evaluation))) as {
      displayTimeUnit: string;
      traceEvents: TraceEvent[];
    };
    expect(trace.displayTimeUnit).toBe('ms');
    const names = new Map(
      trace.traceEvents
        .filter(({ name }) => name === 'thread_name')
        .map(({ tid, args }) => [args.name as string, tid!]),
    );
    const track = (name: string): TraceEvent[] =>
      trace.traceEvents.filter(({ ph, tid }) => ph === 'X' && tid === names.get(name));
    const operators = track('operators');
    const total = (events: readonly TraceEvent[], of: (event: TraceEvent) => number): number =>
      events.reduce((sum, event) => sum + of(event), 0);
    close(total(operators, ({ dur }) => dur!) / 1e6, all.time_s);
    close(total(track('phases'), ({ dur }) => dur!) / 1e6, all.time_s);
    close(
      total(operators, ({ args }) => args.energy_J as number),
      all.energy_dynamic_J,
    );
    close(
      total(operators, ({ args }) => args.cycles as number),
      all.time_s * evaluation.priced.technology.clock,
    );
    for (const [i, { ts, dur, args, name }] of operators.entries()) {
      const next = operators[i + 1];
      if (next !== undefined) close(ts! + dur! + 1, next.ts! + 1);
      // What the operator waits for is busy all along, and nothing for longer.
      const busy = [...names.keys()]
        .filter((one) => one !== 'operators' && one !== 'phases')
        .flatMap((one) => track(one).filter((event) => event.ts === ts && event.name === name));
      close(Math.max(...busy.map((event) => event.dur!)), dur!);
      expect(busy.find((event) => event.args.resource === args.bound)?.dur).toBeCloseTo(dur!, 3);
    }
    const counters = trace.traceEvents.filter(({ ph, name }) => ph === 'C' && name === 'power_W');
    const power = (i: number): number => counters[i]!.args.power_W as number;
    // Power over time is the energy on chip, leakage included.
    close(
      total(operators, (event) => (power(operators.indexOf(event)) * event.dur!) / 1e6),
      all.energy_J,
    );
  });
});

/** A bundle as the simulator reads it: nanoseconds by layer and size, and of attention by its four sizes. */
function bundle(model: string, design: string, preset: 'corrected' | 'as-published' = 'corrected') {
  // As published, linear layers decode 4,096 steps where one is asked for.
  const asked = question({ model, designs: [design], preset, with: ['decode-repeats'] });
  const files = servingBundle(asked, { hardware: 'chip', model: 'org/name' });
  expect(files.map(({ path }) => path)).toEqual(
    ['tp1/dense.csv', 'tp1/per_sequence.csv', 'tp1/attention.csv', 'meta.yaml'].map(
      (name) => `chip/org/name/bf16/${name}`,
    ),
  );
  const rows = (at: number): Map<string, number> =>
    new Map(
      files[at]!.text.trim()
        .split('\n')
        .slice(1)
        .map((line) => {
          const comma = line.lastIndexOf(',');
          return [line.slice(0, comma), Number(line.slice(comma + 1)) * 1e-6];
        }),
    );
  const headers = files.slice(0, 3).map(({ text }) => text.slice(0, text.indexOf('\n')));
  return {
    dense: rows(0),
    heads: rows(1),
    attention: rows(2),
    meta: parse(files[3]!.text) as object,
    headers,
  };
}

const BLOCK = [
  'layernorm',
  'qkv_proj',
  'qk_norm',
  'rotary_emb',
  'o_proj',
  'layernorm',
  'gate_up_proj',
  'act_fn',
  'down_proj',
];

describe('an LLMServingSim bundle', () => {
  it('has the columns and keys that the simulator reads', () => {
    const { headers, meta } = bundle('llama-3.1-8b', 'mugi-256');
    expect(headers).toEqual([
      'layer,tokens,time_us',
      'layer,sequences,time_us',
      'prefill_chunk,kv_prefill,n_decode,kv_decode,time_us',
    ]);
    expect(meta).toMatchObject({
      hardware: 'chip',
      model: 'org/name',
      variant: 'bf16',
      tp_degrees: [1],
      engine_effective: { max_num_batched_tokens: 2048, max_num_seqs: 256 },
    });
  });

  it.each([
    ['llama-3.1-8b', 'mugi-256', 32, 'corrected'],
    ['qwen3-8b', 'sa-16-os', 36, 'corrected'],
    ['llama-2-7b', 'mugi-128', 32, 'as-published'],
  ] as const)(
    'of %s on %s: a step of its layers takes what evaluate says',
    (model, design, layers, preset) => {
      const { dense, heads, attention } = bundle(model, design, preset);
      const has = (layer: string): boolean => dense.has(`${layer},1`);
      expect(has('qk_norm')).toBe(model === 'qwen3-8b');
      const step = (tokens: number, sequences: number, key: string): number => {
        const block = BLOCK.filter(has).reduce(
          (sum, layer) => sum + dense.get(`${layer},${tokens}`)!,
          attention.get(key)!,
        );
        return layers * block + dense.get(`final_layernorm,${tokens}`)! + heads.get(`lm_head,${sequences}`)!;
      };
      const used = (batch: number, prefill: number, context: number) => {
        const asked = { model, designs: [design], preset, with: ['decode-repeats' as const] };
        return metrics(answer(question({ ...asked, batch, prefill, context }))[0]!);
      };
      for (const [batch, history] of [
        [1, 16],
        [8, 1024],
        [64, 16_384],
      ] as const) {
        close(
          step(batch, batch, `0,0,${batch},${history}`),
          used(batch, history, history + 1).time_per_output_token_s!,
        );
      }
      // A prompt has the same layers, but its attention, and logits of every position, which a server leaves out.
      close(step(256, 256, '256,0,0,0'), used(1, 256, 256).time_to_first_token_s);
    },
  );

  it('grows with history, and adds chunks and decodes', () => {
    const { attention } = bundle('llama-3.1-8b', 'mugi-256');
    const time = (...key: number[]): number => attention.get(key.join(','))!;
    close(time(128, 512, 8, 1024), time(128, 512, 0, 0) + time(0, 0, 8, 1024));
    let before = 0;
    for (const history of [0, 16, 32, 64, 256, 4096, 16_384]) {
      expect(time(128, history, 0, 0)).toBeGreaterThan(before);
      before = time(128, history, 0, 0);
    }
    // A prompt costs the same in chunks, each behind those before it, but for the pieces that it is cut into.
    for (const chunk of [64, 128, 512, 1024]) {
      const halves = time(chunk, 0, 0, 0) + time(chunk, chunk, 0, 0);
      expect(Math.abs(halves / time(2 * chunk, 0, 0, 0) - 1)).toBeLessThan(0.002);
    }
  });

  it.each(['gpt-oss-20b', 'vivit-base', 'gemma-3-27b', 'deepseek-v3'])('refuses %s', (model) => {
    const ask = () =>
      servingBundle(question({ model, designs: ['mugi-256'] }), { hardware: 'a', model: 'b' });
    expect(ask).toThrow(MugiError);
    expect(ask).toThrow(/is no dense decoder/);
  });
});

describe('mugi export', () => {
  it('writes what the library makes', async () => {
    const run = await commandLine(process.cwd());
    const words = (format: string, out: string) => [
      'export',
      format,
      '--model',
      'llama-2-7b',
      '--out',
      join(folder, out),
    ];
    await outputOf(run, words('accelergy', 'tables'));
    const made = accelergyTables(evaluatePoint({ design: 'mugi-256', model: 'llama-2-7b' }));
    for (const { path, text } of made) expect(readFileSync(join(folder, 'tables', path), 'utf8')).toBe(text);
    await outputOf(run, words('perfetto', 'trace.json'));
    expect(JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(perfettoTrace(evaluatePoint({ design: 'mugi-256', model: 'llama-2-7b' })))),
    );
    const printed = await outputOf(run, [
      ...words('llmservingsim', 'perf'),
      '--hardware',
      'MUGI',
      '--model-name',
      'meta-llama/Llama-2-7b',
      '--json',
    ]);
    const { files } = JSON.parse(printed) as { files: string[] };
    expect(files).toContain(join(folder, 'perf/MUGI/meta-llama/Llama-2-7b/bf16/meta.yaml'));
  });

  it.each([
    [['export', 'timeloop'], /unknown format "timeloop"/],
    [['export', 'perfetto', '--hardware', 'x'], /--hardware is for llmservingsim alone/],
    [['export', 'llmservingsim', '--batch', '4'], /--batch would change nothing/],
    [
      ['export', 'llmservingsim', '--model', 'llama-2-7b', '--hardware', '../x'],
      /cannot be the name of a folder/,
    ],
    [
      ['export', 'llmservingsim', '--model', 'llama-2-7b', '--model-name', 'a/..'],
      /cannot be the name of a folder/,
    ],
  ])('refuses %j', async (args, message) => {
    const run = await commandLine(process.cwd());
    await expect(outputOf(run, [...args, '--out', join(folder, 'none')])).rejects.toThrow(message);
  });

  it('writes numbers that YAML 1.1 takes for numbers', () => {
    for (const value of [0, 5, 0.25, 1e-9, 1.5e-9, 2e21, 1.25e300, 1e21]) {
      const text = yamlNumber(value);
      expect(Number(text)).toBe(value);
      expect(text).toMatch(/^\d+(\.\d+(e[+-]\d+)?)?$/);
    }
  });
});
