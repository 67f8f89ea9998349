import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { toCommand } from '../../src/question/command.ts';
import { question } from '../../src/question/question.ts';
import { fromAddress, toAddress } from '../../src/question/address.ts';
import { experimentOf } from '../../web/state/pasted.ts';
import { benchOf, commandOf as benchCommand } from '../../web/view/functions-bench.ts';
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

  it('opens the tree of --why, an item of the paper and a measurement', () => {
    expect(there('mugi evaluate --design mugi-64 --why energy_J')).toMatchObject({
      view: 'compare',
      detail: { why: 'energy_J', of: 'mugi-64' },
    });
    expect(there('mugi paper table3 --json')).toMatchObject({ view: 'paper', detail: { item: 'table3' } });
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
    ['mugi simulate gemm --design sa-16', 'the node of this page is that of Mugi'],
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
