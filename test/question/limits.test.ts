import { expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { MOST_VALUES, numberList } from '../../src/explore/values.ts';
import { Walker } from '../../src/explore/walk.ts';
import { fromAddress } from '../../src/question/address.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';
import { commandLine, outputOf } from '../record/run.ts';

const mugi = async (line: string): Promise<string> =>
  outputOf(await commandLine(process.cwd()), line.split(' '));

/** What is wrong with what a link asks. */
const refused = (words: string): MugiError['details'] =>
  mistakeOf(() => answer(question(fromAddress(`#/compare?v=1&${words}`).asked)));

function mistakeOf(work: () => unknown): MugiError['details'] {
  try {
    work();
  } catch (error) {
    if (error instanceof MugiError) return error.details;
    throw error;
  }
  throw new Error('nothing is refused');
}

it('a link is refused what a command is refused, each limit said, before anything is worked out', async () => {
  expect(refused('designs=mugi-1000000')).toMatchObject({ expected: expect.stringContaining('128, 256') });
  expect(refused('designs=sa-1000000x1000000')).toMatchObject({ expected: expect.stringContaining('256') });
  expect(refused('designs=mugi-256@1000x1000')).toMatchObject({ expected: expect.stringContaining('64') });
  expect(refused('context=1000000000')).toMatchObject({
    path: 'context',
    expected: expect.stringContaining('16777216'),
  });
  expect(refused('batch=1000000000')).toMatchObject({
    path: 'batch',
    expected: expect.stringContaining('1048576'),
  });
  const meshes = Array.from({ length: 200 }, (_, i) => `mugi-8@${1 + (i % 60)}x${1 + Math.floor(i / 60)}`);
  expect(refused(`designs=${meshes.join()}`)).toMatchObject({
    path: 'designs',
    message: 'designs has too many items',
    expected: 'at most 128',
    received: '200',
  });
  await expect(mugi(`compare --designs ${meshes.join()}`)).rejects.toThrow('--designs has too many items');
});

it('a decode that a mesh would cut in too many ways is refused at once, as a point of a space is', async () => {
  const long = 'context=16777216&prefill=1&designs=mugi-8@1x2';
  expect(refused(long)).toMatchObject({
    path: 'context',
    expected: expect.stringContaining('1048576 decoded positions'),
  });
  const line = 'evaluate --context 16777216 --prefill 1 --design mugi-8@1x2';
  await expect(mugi(line)).rejects.toThrow('the decode is too long for a mesh of such small nodes');
  const space = new Space(
    planOf({ designs: ['mugi-8'], prefill: 1, vary: { mesh: ['1x1', '1x2'], context: [4096, 2 ** 24] } }),
  );
  const walker = new Walker(space);
  expect([0, 1, 2, 3].map((point) => walker.at(point))).toEqual([
    'evaluated',
    'evaluated',
    'evaluated',
    'unbuildable',
  ]);
  expect(walker.reason).toContain('the decode is too long');
  expect(walker.at(0)).toBe('evaluated');
});

it('the lists of a space are bounded, each and together, and looked through once', () => {
  const expected = `at most ${MOST_VALUES}`;
  const plan = (vary: Record<string, string>) => () => planOf({ vary });
  expect(numberList(`1..${MOST_VALUES}:1`, 'x').length).toBe(MOST_VALUES);
  expect(mistakeOf(() => numberList(`0..${MOST_VALUES}:1`, 'x'))).toMatchObject({ path: 'x', expected });
  expect(mistakeOf(() => numberList('1..60000:1,60001..70000:1', 'x'))).toMatchObject({
    path: 'x',
    expected,
  });
  expect(mistakeOf(plan({ clock: '1..1000000:1' }))).toMatchObject({ path: 'vary.clock', expected });
  const both = { dramBandwidth: '1..40000:1', linkBits: '1..40000:1' };
  expect(mistakeOf(plan(both))).toMatchObject({ path: 'vary.linkBits', expected });
  expect(mistakeOf(plan({ 'sram.*': '1..40000:1' }))).toMatchObject({ path: 'vary.sram.*', expected });
  expect(new Space(plan({ dramBandwidth: '1..60000:1' })()).size).toBe(60_000);
});
