import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MugiError } from '../../src/errors.ts';
import { toCommand } from '../../src/question/command.ts';
import { question } from '../../src/question/question.ts';
import { fromAddress, toAddress } from '../../src/question/address.ts';
import { experimentOf } from '../../web/state/pasted.ts';
import { benchOf, commandOf as benchCommand, lutCommand } from '../../web/view/functions-bench.ts';
import { commandOf as spaceCommand, limitsIn, planIn } from '../../web/view/explore/space-text.ts';
import { commandOf, shownOf } from '../../web/view/node/asked.ts';

const there = (line: string) => fromAddress(toAddress({ asked: {}, ...experimentOf(line) }));

describe('a pasted command', () => {
  it.each([
    'npx mugi compare --model llama-3.1-8b --designs mugi-256,sa-16 --batch 16 --context 2048 --json',
    'mugi compare --designs \'mugi-64,{"base":"mugi-256","name":"own","height":192}\' --baseline sa-16',
    'npx mugi evaluate --design mugi-256 --prefill 17 --dram-bandwidth 512.5 --json',
    'npx mugi compare --preset as-published --technology open-45',
  ])('asks what it asks: %s', (line) => {
    const { view, asked } = there(line);
    expect(view).toBe('compare');
    const again = toCommand({ ...question(asked), version: undefined as never });
    expect(experimentOf(again).asked).toEqual(experimentOf(line).asked);
  });

  it.each([
    'npx mugi simulate gemm --design mugi-16 --preset as-published --seed 7 --m 9 --k 5 --n 14 --json',
    'npx mugi simulate silu --design mugi-8 --seed 3 --m 1 --n 12 --json',
    `npx mugi simulate gemm --design mugi-8 --preset corrected --input '{"activations":[[1,2]],"weights":[[7,1]]}' --json`,
  ])('runs what it runs: %s', (line) => {
    const { view, detail } = there(line);
    expect(view).toBe('node');
    expect(commandOf(shownOf(detail))).toBe(line);
  });

  it.each([
    'npx mugi approximate exp --method vlp,taylor-fair --window=-6..1 --mantissa 4 --json',
    'npx mugi approximate softmax --method vlp,pwl --window=-4..3 --mantissa 3 --x=1,2,-3.5 --json',
  ])('approximates what it approximates: %s', (line) => {
    const { view, detail } = there(line);
    expect(view).toBe('functions');
    const bench = benchOf(detail);
    const scores = detail.scores === undefined ? '' : ` --x=${bench.scores.join(',')}`;
    expect(benchCommand(bench, scores)).toBe(line);
  });

  it.each([
    'npx mugi simulate gemm --design sa-16 --preset corrected --seed 2 --m 3 --k 4 --n 5 --json',
    'npx mugi simulate gemm --design mugi-8 --preset corrected --seed 1 --m 8 --k 16 --n 8 --json',
  ])('runs the array that it names, at the sizes of the command line: %s', (line) => {
    const { detail } = there(line.replace(' --preset corrected --seed 1 --m 8 --k 16 --n 8', ''));
    const shown = shownOf(detail);
    const design = detail.rival ?? shown.asked.design;
    expect(commandOf({ ...shown, asked: { ...shown.asked, design } })).toBe(line);
  });

  it.each([
    `npx mugi explore '{"designs":["mugi-256","sa-16"],"vary":{"height":[64,128]},"within":"area_mm2<=9"}' --json`,
    `npx mugi explore '{"batch":4,"vary":{"height":"32..512:32"}}' --within 'area_mm2<=3,power_W<=1' --json`,
  ])('explores what it explores: %s', (line) => {
    const { view, detail } = there(line);
    expect(view).toBe('explore');
    const { space } = detail;
    expect(spaceCommand(space, planIn(space), limitsIn(detail.limits))).toBe(line);
  });

  it.each([
    [
      "mugi explore --model llama-2-7b --batch 4 --vary 'height=32..512:32,sram.*=16,32' --where 'height < 256' --where 'height > 32' --maximise tokens_per_s",
      {
        model: 'llama-2-7b',
        batch: 4,
        vary: { height: '32..512:32', 'sram.*': '16,32' },
        where: ['height < 256', 'height > 32'],
        maximise: ['tokens_per_s'],
      },
    ],
    [
      'mugi explore --vary height=64..1024:8 --budget 2000 --seed 2 --rows 5',
      { vary: { height: '64..1024:8' }, search: { budget: 2000, seed: 2 } },
    ],
    [
      'mugi sweep --designs mugi-256,sa-16 --batch 1,8 --context 1k..4k --technology open-45 --csv',
      {
        designs: ['mugi-256', 'sa-16'],
        technology: 'open-45',
        vary: { batch: [1, 8], context: [1024, 2048, 4096] },
      },
    ],
    ['mugi evaluate --batch 1,8 --design mugi-64', { designs: ['mugi-64'], vary: { batch: [1, 8] } }],
  ])('describes the space of its flags: %s', (line, space) => {
    const { view, detail } = there(line);
    expect(view).toBe('explore');
    expect(parse(detail.space)).toEqual(space);
  });

  it('opens operators, tables, Verilog, profiles and answers to inputs', () => {
    expect(there('mugi evaluate --design mugi-64 --csv').view).toBe('operators');
    expect(there('mugi models llama-2-7b --batch 2')).toMatchObject({
      view: 'operators',
      asked: { model: 'llama-2-7b', batch: 2 },
    });
    expect(there('mugi rtl --design mugi-16 --out out')).toMatchObject({
      view: 'node',
      detail: { rows: '16' },
    });
    expect(there('mugi profile --model mugi-tiny-gelu --tokens 256 --json')).toMatchObject({
      view: 'functions',
      detail: { profile: 'mugi-tiny-gelu' },
    });
    for (const line of [
      'npx mugi lut silu --window=-6..1 --mantissa 4 --json',
      'npx mugi approximate exp --method vlp --window=-4..3 --mantissa 3 --x=-0.7,-20 --json',
    ]) {
      const { detail } = there(line);
      const bench = benchOf(detail);
      const own = line.includes(' lut ')
        ? lutCommand(bench)
        : benchCommand(bench, ` --x=${bench.scores.join(',')}`);
      expect(own).toBe(line);
    }
  });

  it('opens the tree of --why, an item of the paper and a measurement', () => {
    expect(there('mugi evaluate --design mugi-64 --why energy_J')).toMatchObject({
      view: 'compare',
      detail: { why: 'energy_J', of: 'mugi-64' },
    });
    expect(there('mugi paper table3 --json')).toMatchObject({ view: 'paper', detail: { item: 'table3' } });
    expect(there('mugi paper headlines --preset corrected --without fill-drain --json')).toMatchObject({
      view: 'repairs',
      asked: { without: ['fill-drain'] },
    });
    expect(
      there('mugi compare --designs mugi-256 --accuracy mugi-tiny-gelu --accuracy-tokens 64 --json'),
    ).toMatchObject({ view: 'accuracy', detail: { model: 'mugi-tiny-gelu', tokens: '64' } });
  });

  it.each([
    ['', 'unknown command of a view'],
    ['npx mugi compere', 'unknown command of a view'],
    ['mugi compare --modle llama-2-7b', 'unknown flag of a question'],
    ['mugi compare --model llama-2-7', 'unknown model'],
    ['mugi compare --designs mugi-300x', 'mugi-300x'],
    ['mugi compare --batch 0', 'batch'],
    ['mugi compare --batch', '--batch needs a value'],
    ["mugi compare --model 'x", 'a quote is not closed'],
    ['mugi simulate gemm --design sa-100', 'no such array runs on this page'],
    ['mugi explore space.yaml', 'a page opens no files by their names'],
    ["mugi explore '{height: 3}'", 'height'],
    ['mugi explore --vary height=64 --minimise loss,area', 'a loss is measured on a model'],
    ['mugi explore --vary height=1..2000:1,batch=1..2000:1', 'more points than a page shows'],
    ['mugi sweep --model llama-2-7b,qwen3-8b --batch 1,2', 'a page sweeps one'],
    ['mugi profile --tokens 999', 'the page counts the inputs of 256 tokens'],
    ['mugi approximate softmax', 'scores of your own'],
    ['mugi compare --accuracy my-model', 'unknown model of this page'],
    ['mugi models', 'unknown model'],
    ['mugi simulate gem', 'unknown operation'],
    ['mugi simulate gemm --input {', 'JSON'],
    ['mugi approximate sin', 'unknown function'],
    ['mugi approximate exp --window 3', 'a window is two exponents'],
    ['mugi paper fig99', 'unknown item on this page'],
    ['mugi constructor', 'unknown command of a view'],
  ])('is refused as the command line refuses it: %s', (line, message) => {
    let fault: unknown;
    try {
      experimentOf(line);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(MugiError);
    expect((fault as MugiError).message).toContain(message);
  });
});
