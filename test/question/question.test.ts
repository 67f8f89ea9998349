import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FILES } from '../../src/source/index.ts';
import { designNames } from '../../src/design/index.ts';
import { MugiError } from '../../src/errors.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { answer, evaluatePoint } from '../../src/question/point.ts';
import { type Repair, REPAIR_NAMES } from '../../src/published/preset.ts';
import { parse, toArguments, toCommand } from '../../src/question/command.ts';
import {
  type Question,
  question,
  type QuestionInput,
  questionKey,
  questionSchema,
} from '../../src/question/question.ts';
import { MODELS } from '../../src/workload/models.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { refusal } from '../refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-question-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Files under names that a shell or a list of names would take apart. */
function copied(from: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  copyFileSync(from, path);
  return path;
}
const MODEL_FILES = [
  'examples/models/qwen3-30b-a3b.json',
  'assets/models/mugi-tiny',
  copied('examples/models/qwen3-30b-a3b.json', 'it\'s a $HOME/model "x",y.json'),
  copied('assets/models/mugi-tiny/config.json', 'mödel\\folder/config.json'),
];
const DESIGN_FILES = [
  'examples/designs/mugi-192.yaml',
  './examples/designs/dot-product.yaml',
  copied('examples/designs/sa-24-os.yaml', 'a,b {c}.yaml'),
  copied('examples/designs/mugi-192.yaml', "x `y` 'z'.yaml"),
];
const MODEL_OBJECT = JSON.parse(readFileSync('examples/models/qwen3-30b-a3b.json', 'utf8')) as object;
const DESIGN_OBJECTS = [
  { base: 'sa-16', size: 20, name: 'sa-20' },
  { base: 'mugi-256@2x2', height: 48, title: 'has, a comma } and a "quote" \\ in it' },
];

const mesh = fc.constantFrom('', '', '', '@2x2', '@1x4');
const design = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...designNames()), mesh).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...DESIGN_FILES), mesh).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom<object>(...DESIGN_OBJECTS) },
);
const model = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...MODELS.map(({ name }) => name)) },
  { weight: 3, arbitrary: fc.constantFrom(...MODEL_FILES) },
  { weight: 1, arbitrary: fc.constant(MODEL_OBJECT) },
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const amount = fc.double({ min: 1e-3, max: 1e8, noNaN: true });
const asked: fc.Arbitrary<QuestionInput> = fc
  .record({
    model,
    designs: fc.array(design, { minLength: 1, maxLength: 3 }),
    baseline: maybe(design),
    batch: fc.integer({ min: 1, max: 64 }),
    context: fc.integer({ min: 1, max: 128 }),
    prompt: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    weightBits: maybe(fc.integer({ min: 1, max: 4 })),
    kvBits: maybe(fc.integer({ min: 1, max: 4 })),
    preset: fc.constantFrom('corrected' as const, 'as-published' as const),
    switched: fc.uniqueArray(fc.tuple(fc.constantFrom<Repair>(...REPAIR_NAMES), fc.boolean()), {
      selector: ([name]) => name,
      maxLength: 4,
    }),
    technology: fc.constantFrom('published', 'open-45'),
    dramBandwidth: maybe(amount),
    linkBits: maybe(fc.integer({ min: 1, max: 4096 })),
    carbonIntensity: maybe(amount),
    dramEnergy: maybe(amount),
    fabricationEnergy: maybe(amount),
    lifetime: maybe(amount),
    clock: maybe(amount),
  })
  .map(({ prompt, switched, ...rest }) => ({
    ...rest,
    ...(prompt === undefined ? {} : { prefill: 1 + Math.floor(prompt * (rest.context - 1)) }),
    with: switched.filter(([, on]) => on).map(([name]) => name),
    without: switched.filter(([, on]) => !on).map(([name]) => name),
  }));

/** All figures of a question, or the mistake in it. */
function run(input: Question): unknown {
  try {
    return answer(input, FILES).map(metrics);
  } catch (error) {
    if (error instanceof MugiError) return error.details;
    throw error;
  }
}

describe('a question', () => {
  it('asks the same through its command: 1,000 random ones, built-in and from files', () => {
    let answered = 0;
    fc.assert(
      fc.property(asked, (input) => {
        const whole = question(input);
        const again = parse(toCommand(whole));
        expect(questionKey(again)).toBe(questionKey(whole));
        const result = run(whole);
        if (Array.isArray(result)) answered++;
        expect(run(again)).toEqual(result);
      }),
      { numRuns: 1000 },
    );
    // Some ask for what cannot be, a larger mesh than a design has say; these are refused alike.
    expect(answered).toBeGreaterThan(900);
  });

  it('is what the real command line answers', async () => {
    const mugi = await commandLine(process.cwd());
    for (const input of fc.sample(asked, { numRuns: 60, seed: 9 })) {
      const whole = question(input);
      const result = run(whole);
      if (!Array.isArray(result)) continue;
      const output = JSON.parse(await outputOf(mugi, [...toArguments(whole), '--json'])) as {
        designs?: object[];
      };
      const designs = output.designs ?? [output];
      expect(designs.length).toBe(result.length);
      designs.forEach((one, i) => expect(one).toMatchObject(JSON.parse(JSON.stringify(result[i])) as object));
    }
  });

  it('every command that commands print is understood again', async () => {
    const mugi = await commandLine(process.cwd());
    const args = ['--design', `${DESIGN_FILES[2]}@2x2`, '--model', MODEL_FILES[2], '--context', '256'];
    const more = [
      '--carbon-intensity',
      '100',
      '--dram-bandwidth',
      '64',
      '--kv-bits',
      '8',
      '--link-bits',
      '99',
    ];
    const why = ['--why', 'operational_gCO2e', '--json'];
    const first = JSON.parse(await outputOf(mugi, ['evaluate', ...args, ...more, ...why])) as {
      value: number;
      repeat: string;
    };
    const [plain, metric] = first.repeat.split(' --why ');
    expect(metric).toBe('operational_gCO2e');
    const [evaluation] = answer(parse(plain), FILES);
    expect(metrics(evaluation).operational_gCO2e).toBe(first.value);
  });

  it('takes 4k and 1M for tokens', () => {
    expect(parse('mugi evaluate --context 128k --batch 1K')).toMatchObject({ context: 131072, batch: 1024 });
    expect(parse('mugi evaluate --context=1M').context).toBe(2 ** 20);
  });

  it('has the same defaults as the library and the commands', () => {
    const [fromQuestion] = answer(question({ designs: ['mugi-256'] }));
    expect(metrics(fromQuestion)).toEqual(
      metrics(evaluatePoint({ design: 'mugi-256', model: 'llama-2-70b' })),
    );
    expect(parse('mugi compare')).toEqual(question({}));
    expect(parse('mugi evaluate')).toEqual(question({ designs: ['mugi-256'] }));
    expect(question({ context: 10 }).prefill).toBe(10);
  });

  it('its key is of what is asked, not of how', () => {
    const key = (input: QuestionInput) => questionKey(question(input));
    expect(key({ with: ['norms', 'rope'], preset: 'as-published' })).toBe(
      key({ preset: 'as-published', with: ['rope', 'norms'], batch: 8 }),
    );
    expect(key({ batch: 8 })).not.toBe(key({ batch: 9 }));
  });

  it('its JSON Schema takes what it takes', () => {
    const schema = z.fromJSONSchema(questionSchema() as z.core.JSONSchema.JSONSchema);
    for (const input of fc.sample(asked, { numRuns: 50, seed: 3 })) {
      expect(schema.safeParse(JSON.parse(JSON.stringify(input))).success).toBe(true);
    }
    for (const wrong of [{ batch: 0 }, { batch: 1.5 }, { preset: 'x' }, { bach: 3 }, { designs: [] }]) {
      expect(schema.safeParse(wrong).success).toBe(false);
    }
  });
});

describe('a wrong question', () => {
  const wrong = (input: object) => refusal(() => question(input as QuestionInput));

  it.each<[object, object]>([
    [
      { batch: 0 },
      { path: 'batch', nearest: '1', message: 'batch must be a whole number from 1 to 1048576' },
    ],
    [{ batch: '8' }, { path: 'batch', received: 'NaN' }],
    [
      { context: 10, prefill: 11 },
      { path: 'prefill', nearest: '10' },
    ],
    [{ preset: 'corected' }, { path: 'preset', nearest: 'corrected' }],
    [{ with: ['norm'] }, { path: 'with', nearest: 'norms' }],
    [
      { with: ['norms'], without: ['norms'] },
      { path: 'with', received: 'norms' },
    ],
    [{ dramBandwidth: -1 }, { path: 'dramBandwidth', expected: 'a number in (0, 1e9)' }],
    [{ contxt: 3 }, { path: 'contxt', nearest: 'context' }],
    [{ model: 3 }, { path: 'model', expected: 'a name, a path or an object' }],
    [{ designs: 'mugi-256' }, { path: 'designs', received: 'mugi-256' }],
    [{ version: 2 }, { path: 'version', received: '2' }],
  ])('%j', (input, details) => {
    expect(wrong(input)).toMatchObject(details);
  });

  it('is refused beside something that would win over it', () => {
    const point = { design: 'mugi-256', model: 'llama-2-7b' };
    const environment = { ...evaluatePoint(point).environment, dramGBps: 100 };
    expect(refusal(() => evaluatePoint({ ...point, environment, carbonIntensity: 3 }))).toMatchObject({
      path: 'carbonIntensity',
    });
  });

  it.each([
    ["mugi evaluate --design 'mugi-256", /quote is not closed/],
    ['mugi evalute', /unknown command/],
    ['mugi evaluate --batch', /needs a value/],
    ['mugi evaluate --designs sa-16', /unknown flag/],
    ['mugi evaluate --design {"base":', /not valid JSON/],
    ['mugi compare --designs ,', /at least one item/],
  ])('%s', (line, message) => {
    expect(refusal(() => parse(line)).message).toMatch(message);
  });
});

it.each([
  [{ designs: ['mugi-256', 'xx'] }, 'design'],
  [{ designs: ['mugi-256'], baseline: 'xx' }, 'baseline'],
  [{ designs: ['xx'], baseline: 'xx' }, 'design'],
  [{ designs: ['mugi-256'], baseline: 'sa-16@0x2' }, 'baseline'],
] as const)('%j: the mistake is in the key that names the design', (asked, path) => {
  expect(() => answer(question({ ...asked, designs: [...asked.designs] }))).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ path }) }),
  );
});
