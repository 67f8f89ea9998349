import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { designNames } from '../../src/design/index.ts';
import { METRICS } from '../../src/evaluate/metrics.ts';
import { random } from '../../src/number/random.ts';
import { REPAIR_NAMES } from '../../src/published/preset.ts';
import { wordsOf } from '../../src/question/shell.ts';
import { FUNCTION_NAMES } from '../../src/vlp/function.ts';
import { MODELS } from '../../src/workload/models.ts';
import { RIVALS } from '../../web/view/node/rivals.ts';
import { commandLine, outputOf, type Run } from '../record/run.ts';
import { type OpenedPage, openStudio, type Studio, withoutBrowser } from './browser.ts';

/** Slower machines than any that tests run on. */
const PATIENT = { timeout: 300_000 };
const STATES = 4;

type Draw = ReturnType<typeof random>;
const pick = <T>(draw: Draw, list: readonly T[]): T => list[Math.floor(draw() * list.length)];
const upTo = (draw: Draw, most: number): number => 1 + Math.floor(draw() * most);
const fragment = (view: string, words: Record<string, string | number>): string =>
  `#/${view}?${new URLSearchParams({ v: '1', ...Object.fromEntries(Object.entries(words).map(([k, v]) => [k, String(v)])) })}`;

const asked = (draw: Draw) => ({
  model: pick(draw, MODELS).name,
  batch: upTo(draw, 64),
  context: 64 * upTo(draw, 64),
  dramBandwidth: upTo(draw, 2000),
  technology: pick(draw, ['published', 'open-45']),
});

/** A seeded state of a view, by the control that it draws. */
const VIEWS: Readonly<Record<string, (draw: Draw) => string>> = {
  why(draw) {
    const design = pick(draw, designNames());
    const metric = pick(draw, METRICS).name;
    return fragment('compare', { ...asked(draw), designs: design, '.why': metric, '.of': design });
  },
  repairs: (draw) =>
    fragment('repairs', {
      preset: 'as-published',
      with: REPAIR_NAMES.filter(() => draw() < 0.5).join(),
    }),
  operators(draw) {
    const design = pick(draw, designNames());
    const words = { ...asked(draw), designs: design, baseline: design };
    return fragment('operators', { ...words, '.one': design, '.two': design });
  },
  node: (draw) =>
    fragment('node', {
      '.rows': pick(draw, [8, 16, 32]),
      '.m': upTo(draw, 12),
      '.k': upTo(draw, 12),
      '.n': upTo(draw, 20),
      '.seed': upTo(draw, 1e6),
      '.preset': pick(draw, ['corrected', 'as-published']),
      '.rival': pick(draw, RIVALS),
    }),
  functions: (draw) =>
    fragment('functions', {
      '.function': pick(draw, FUNCTION_NAMES),
      '.lo': -upTo(draw, 8),
      '.hi': upTo(draw, 5) - 1,
      '.mantissa': upTo(draw, 5),
      '.methods': `vlp,${pick(draw, ['pwl', 'taylor', 'exact'])}`,
      '.scores': `${-draw()},${-4 * draw()}`,
    }),
  softmax: (draw) =>
    fragment('functions', {
      '.function': 'softmax',
      '.lo': -upTo(draw, 8),
      '.hi': upTo(draw, 5) - 1,
      '.scores': Array.from({ length: upTo(draw, 9) }, () => (8 * draw() - 4).toFixed(3)).join(),
    }),
  point: (draw) =>
    fragment('explore', {
      '.space': `model: llama-3.2-1b\nbatch: ${upTo(draw, 32)}\ndesigns: [mugi-256, sa-16]\nvary: {height: [64, 128], dramBandwidth: [${upTo(draw, 500)}, 1000]}`,
      '.point': upTo(draw, 6) - 1,
    }),
};

/** Every number of what is open, at full precision, and the commands beside them. */
async function read(page: OpenedPage): Promise<{ values: number[]; commands: string[] }> {
  await page.waitForFunction(() => {
    const open = document.querySelector('dialog') ?? document.querySelector('main .page');
    const loads = document.querySelector('.loading') !== null;
    return !loads && (open?.querySelectorAll('data').length ?? 0) > 0;
  });
  return page.evaluate(() => {
    const open = document.querySelector('dialog') ?? document.querySelector('main .page');
    const commands = [...(open?.querySelectorAll('.command code') ?? [])].map((one) => one.textContent ?? '');
    const all = open?.querySelectorAll('data:not([data-of="derived"])') ?? [];
    const values = [...all].map((one) => Number(one.getAttribute('value')));
    return { values, commands };
  });
}

function numbersIn(json: unknown, into: number[] = []): number[] {
  if (typeof json === 'number') into.push(json);
  else if (typeof json === 'object' && json !== null)
    for (const part of Object.values(json)) numbersIn(part, into);
  return into;
}

describe.skipIf(withoutBrowser())('random states', () => {
  let studio: Studio;
  let run: Run;
  beforeAll(async () => {
    studio = await openStudio();
    run = await commandLine(process.cwd());
  });
  afterAll(() => studio.close());

  it.each(Object.keys(VIEWS))('show in %s what the commands beside them print', PATIENT, async (view) => {
    const page = await studio.open();
    for (let seed = 1; seed <= STATES; seed++) {
      const hash = VIEWS[view](random(seed));
      await page.goto(`${studio.address}${hash}`);
      await page.reload();
      const { values, commands } = await read(page);
      const printed: number[] = [];
      for (const command of commands) {
        // Operators are copied as CSV; the JSON of the same command has them too.
        const words = wordsOf(command)
          .slice(2)
          .filter((word) => word !== '--csv' && word !== '--json');
        printed.push(...numbersIn(JSON.parse(await outputOf(run, [...words, '--json']))));
      }
      expect(values.length, hash).toBeGreaterThan(0);
      for (const value of values) {
        // ECMA-262 lets Math.exp and its kin differ between builds of an engine.
        const found = printed.some((one) => one === value || Math.abs(one - value) <= 1e-12 * Math.abs(one));
        expect(found || Number.isNaN(value), `${hash}: ${value}`).toBe(true);
      }
    }
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
