import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { root, textOf } from '../docs/page.ts';

/** Debian's own Python has Debian's Optuna. */
const runs = (python: string, code: string): boolean => spawnSync(python, ['-c', code]).status === 0;
const PYTHONS = ['python3', '/usr/bin/python3'];
const withOptuna = PYTHONS.find((python) => runs(python, 'import optuna'));
const python = withOptuna ?? PYTHONS.find((one) => runs(one, ''));
const required = process.env.MUGI_REQUIRE_TOOLS === '1';

const FOLDER = 'examples/serve';
const environment = {
  ...process.env,
  MUGI: `'${process.execPath}' '${join(root, 'bin/mugi.js')}'`,
  PYTHONDONTWRITEBYTECODE: '1',
};

function output(which: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = spawnSync(which, args, {
    cwd: join(root, FOLDER),
    encoding: 'utf8',
    env: { ...environment, ...more },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const ofDesign = (height: number, weight: number, out: number) => {
  const sram = { weight: { kib: weight }, output: { kib: out } };
  const design = { base: 'mugi-256', name: `mugi-${height}-${weight}-${out}`, height, sram };
  return metrics(evaluatePoint({ design, model: 'llama-2-7b', batch: 4 }));
};

describe('examples of docs/serve.md', () => {
  it('are those of examples/serve', () => {
    const shown = [...textOf('docs/serve.md').matchAll(/^```python\n([^]*?)^```$/gm)].map(([, code]) => code);
    const files = ['mugi.py', 'space.py', 'search_optuna.py', 'search_ax.py', 'search_ray.py'];
    expect(shown).toEqual(files.map((file) => readFileSync(join(root, FOLDER, file), 'utf8')));
  });
});

if (python === undefined && !required) console.warn('skipped: python3 is not installed');
describe.runIf(python !== undefined || required)('mugi from Python', () => {
  it('answers by keywords, raises mistakes as data, and goes on', () => {
    const printed = output(python ?? 'python3', [
      '-c',
      `
import json
from mugi import Mugi, MugiError
with Mugi() as mugi:
    first = mugi.ask(designs=["mugi-256"], model="llama-2-7b", batch=4)
    try:
        mugi.ask(designs=["mugi-255"])
    except MugiError as error:
        details = error.details
    second = mugi.ask(id="é", designs=["sa-16"], baseline="mugi-256")
print(json.dumps([first, details, second]))
`,
    ]);
    const [first, details, second] = JSON.parse(printed) as [
      object,
      object,
      { id: string; designs: object[] },
    ];
    expect(first).toMatchObject(
      metrics(evaluatePoint({ design: 'mugi-256', model: 'llama-2-7b', batch: 4 })),
    );
    expect(details).toMatchObject({ code: 'invalid-value', nearest: 'mugi-256' });
    expect(second.id).toBe('é');
    expect(second.designs[0]).toMatchObject(
      metrics(evaluatePoint({ design: 'sa-16', model: 'llama-2-70b' })),
    );
  });

  it.each([
    [
      'search_ax.py',
      /^\(\{'height': (\d+), 'weight_kib': (\d+), 'output_kib': (\d+)\}, \{.*'area_mm2': ([\d.]+)\}/,
    ],
    ['search_ray.py', /^\{'height': (\d+), 'weight_kib': (\d+), 'output_kib': (\d+)\} [\d.]+ ([\d.]+)/],
  ])('%s runs, with a stand-in for its optimiser', (file, form) => {
    const printed = output(python ?? 'python3', [file], { PYTHONPATH: join(root, 'test/serve/stand-ins') });
    const [, height, weight, out, area] = (form.exec(printed) ?? []).map(Number);
    expect(area).toBe(ofDesign(height!, weight!, out!).area_mm2);
    expect(area).toBeLessThanOrEqual(3);
  });
});

if (withOptuna === undefined && !required) console.warn('skipped: Optuna is not installed (python3-optuna)');
describe.runIf(withOptuna !== undefined || required)('search_optuna.py', () => {
  it('finds designs on at most 3 mm², with the numbers of the library, the same every time', () => {
    const search = (): string => output(withOptuna ?? 'python3', ['search_optuna.py', '120']);
    const printed = search();
    const lines = printed.trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const [tokens, joules, area, height, weight, out] = [...line.matchAll(/\d+(\.\d+)?/g)].map(([text]) =>
        Number(text),
      );

      const found = ofDesign(height!, weight!, out!);
      expect(found.tokens_per_s.toFixed(3)).toBe(tokens!.toFixed(3));
      expect(found.energy_per_token_J.toFixed(4)).toBe(joules!.toFixed(4));
      expect(found.area_mm2).toBeLessThanOrEqual(3);
      expect(found.area_mm2.toFixed(2)).toBe(area!.toFixed(2));
    }
    expect(search()).toBe(printed);
  });
});
