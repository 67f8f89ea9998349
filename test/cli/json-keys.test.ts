import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMAND_KEYS } from '../../src/cli/reference/keys/index.ts';
import { jsonPage } from '../../src/cli/reference/page.ts';
import { jobsJson } from '../../src/cli/show/jobs.ts';
import type { Ended } from '../../src/cli/source/jobs.ts';
import { replyTo } from '../../src/cli/serve/reply.ts';
import { FILES } from '../../src/source/index.ts';
import { commandLine, outputOf, type Run } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-keys-'));
const cache = process.env.MUGI_CACHE;
process.env.MUGI_CACHE = join(folder, 'cache');
writeFileSync(join(folder, 'net.csv'), 'Layer, M, K, N,\nqk, 1, 128, 4096,\n');
writeFileSync(join(folder, 'choices.jsonl'), '{"ctx": "A", "endings": ["b", "c"], "label": 0}\n');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (cache === undefined) delete process.env.MUGI_CACHE;
  else process.env.MUGI_CACHE = cache;
});

/** Commands that between them print every key. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  compare: [
    'compare --designs mugi-256,sa-f-16 --context 256',
    'compare --designs mugi-256 --context 256 --accuracy mugi-tiny-gelu --accuracy-tokens 16',
  ],
  evaluate: [
    'evaluate --design mugi-256@2x2 --context 256 --schedule prefetch',
    'evaluate --model vivit-base',
    `evaluate --design sa-16-os --model ${folder}/net.csv`,
  ],
  'evaluate --why': [
    'evaluate --why energy_J --context 256',
    'evaluate --why tokens',
    'evaluate --why operational_gCO2e --context 256',
    'evaluate --why time_s --context 256',
    'evaluate --why decode_tokens_per_s --model vivit-base',
  ],
  sweep: [
    'sweep --context 256,512 --dram-bandwidth 64,128',
    'compare --designs mugi-256,sa-16 --context 256,512',
  ],
  explore: [
    'explore --vary sram.input=16,32,100000 --forbid sram.input==32',
    'explore --vary height=64,128 --model llama-2-7b=1,qwen3-8b=3',
    'explore --vary batch=1,2',
    'explore --vary sram.input=16,64 --minimise loss,area --loss-tokens 400 --loss-budget 900',
    'explore --vary sram.input=16,64 --within loss<=-1 --minimise area --loss-tokens 400',
    'explore --vary batch=1,2 --within area_mm2<=0.1',
    'explore --vary height=64,128 --within area_mm2<=0.1 --model llama-2-7b=1,qwen3-8b=3',
    'explore --vary height=64..1024:8,sram.*=16..64 --budget 10 --within area_mm2<=0.1',
  ],
  diff: [
    `diff ${folder}/a.json ${folder}/b.json`,
    `diff ${folder}/measured.json ${folder}/other.json`,
    `diff ${folder}/gone.json ${folder}/b.json`,
  ],
  serve: ['serve'],
  jobs: ['jobs'],
  designs: ['designs mugi-64@2x2 sa-16', 'designs'],
  approximate: [
    'approximate silu --x -0.7 --method vlp,pwl',
    'approximate silu --cost',
    'approximate softmax --keys 16',
  ],
  lut: ['lut exp'],
  simulate: [
    'simulate gemm --group 8 --k 16',
    'simulate softmax --n 8 --m 8',
    'simulate gemm --design sa-16-os',
    'simulate softmax --design sa-16-pwl',
    'simulate layer --design sa-16-os --model vit-mnist-gelu',
  ],
  export: [`export accelergy --context 256 --out ${folder}/tables`],
  rtl: [`rtl --out ${folder}/rtl`],
  accuracy: [
    'accuracy --text LICENSE --tokens 32 --block 32 --method vlp --windows default --fresh',
    `accuracy --choices ${folder}/choices.jsonl --method vlp --windows default --fresh`,
  ],
  generate: ['generate --prompt A --max-tokens 2 --windows default'],
  tune: ['tune --text LICENSE --tokens 64 --block 16 --calibration-tokens 32 --fresh'],
  sums: ['sums --text LICENSE --contexts 32 --tokens 64 --sums softmax --fresh'],
  completion: ['completion bash'],
  mask: ['mask --text LICENSE --tokens 32 --block 32 --fresh', 'mask --contract'],
  profile: ['profile --text LICENSE --tokens 32 --block 32 --fresh'],
  paper: [
    'paper table3',
    'paper fig8',
    'paper fig11',
    'paper fig13 --technology open-45',
    'paper fig13',
    'paper fig14',
    'paper fig15',
    'paper fig16',
    'paper headlines --without fill-drain',
    'paper ablation',
  ],
};

/** Two results that differ in all that diff tells, and losses with their intervals. */
async function results(run: Run): Promise<void> {
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const compared = (more: string): Promise<string> =>
    outputOf(run, `compare --context 256 --json ${more}`.split(' '));
  write('a.json', await compared('--designs mugi-256,sa-16'));
  write('b.json', await compared('--designs mugi-256,carat-256 --batch 4 --prefill 32'));
  const gone = JSON.parse(await compared('--designs mugi-256')) as { question: object };
  write('gone.json', JSON.stringify({ ...gone, question: { ...gone.question, model: 'gone.json' } }));
  const loss = { model: 'm', method: 'vlp', part: 'all', tokens: 32, loss: 2, loss_ci95: 0.1 };
  write('measured.json', JSON.stringify([loss]));
  write('other.json', JSON.stringify([{ ...loss, tokens: 64, loss: 2.01 }]));
}

/** A job with a result and one without. */
const ENDED: Ended[] = [
  { words: ['lut', 'exp'], varied: { 'word 1': 'exp' }, outcome: { result: { entries: 1 } } },
  {
    words: ['lut', 'ex'],
    varied: {},
    outcome: {
      error: { code: 'unknown-name', message: 'm', path: 'p', expected: 'e', received: 'r', nearest: 'n' },
    },
  },
];

/** What serve answers to questions, good and bad. */
const served = (): string[] =>
  [
    '{"id": 1, "designs": ["mugi-256"], "model": "vivit-base"}',
    '{"id": 2, "batch": "many"}',
    '{"id": "c", "model": "lama-2-7b"}',
  ].map((line, i) => replyTo(line, i + 1, { sources: FILES, full: false }));

/** Paths of all values, list entries as `[]`. */
function pathsOf(value: unknown, path: string, into: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const part of value) pathsOf(part, `${path}[]`, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value))
      pathsOf(part, path === '' ? key : `${path}.${key}`, into);
  } else into.add(path);
  return into;
}

const matches = (pattern: string, path: string): boolean => {
  const escaped = pattern.replace(/[[\]().+?^$\\{}|]/g, '\\$&');
  const any = escaped.replace(/\*\*?/g, (star) => (star === '**' ? '.+' : '[^.]+'));
  return new RegExp(`^${any}$`).test(path);
};

describe('docs/json.md', () => {
  it('is made from the lists', () => {
    expect(readFileSync('docs/json.md', 'utf8')).toBe(jsonPage());
  });

  it('has the same commands as this test', () => {
    expect(Object.keys(COMMANDS).sort()).toEqual(Object.keys(COMMAND_KEYS).sort());
  });

  it.each(Object.keys(COMMAND_KEYS))(
    '%s prints the keys that the page lists, and no others',
    async (name) => {
      const run = await commandLine(process.cwd());
      const printed = new Set<string>();
      if (name === 'diff') await results(run);
      const texts = name === 'serve' ? served() : [];
      if (name === 'jobs') texts.push(JSON.stringify(jobsJson(ENDED)));
      for (const command of ['serve', 'jobs'].includes(name) ? [] : COMMANDS[name])
        texts.push(await outputOf(run, [...command.split(' '), '--json'], name === 'diff' ? 1 : 0));
      for (const text of texts) pathsOf(JSON.parse(text), '', printed);
      const patterns = Object.keys(COMMAND_KEYS[name]);
      const unlisted = [...printed].filter((path) => !patterns.some((pattern) => matches(pattern, path)));
      const unprinted = patterns.filter((pattern) => ![...printed].some((path) => matches(pattern, path)));
      expect({ unlisted, unprinted }).toEqual({ unlisted: [], unprinted: [] });
    },
    // One of them measures a loss, others compute models too.
    300_000,
  );
});
