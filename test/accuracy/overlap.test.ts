import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareData } from '../../src/accuracy/data/data.ts';
import { embeddedText } from '../../src/accuracy/data/embedded-text.ts';
import { overlap } from '../../src/accuracy/data/overlap.ts';
import { openModel } from '../../src/model/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-overlap-'));
const opened = await openModel('mugi-tiny');

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const story = embeddedText('validation')[0].text.slice(0, 20_000);

describe('calibration that holds the test text', () => {
  it('is refused whatever the alignment: less its first bytes, or a passage of it', () => {
    const calibration = file('calibration.txt', story);
    for (const text of [story.slice(7), story.slice(1000, 3000), `Another beginning. ${story.slice(5000)}`]) {
      const other = file('text.txt', text);
      expect(() => prepareData(opened, { text: other, calibration })).toThrow(/overlap/);
      expect(() => prepareData(opened, { text: other, calibration, block: 16 })).toThrow(/overlap/);
    }
    expect(() => prepareData(opened, { calibration })).toThrow(/overlap/);
    const unrelated = file('unrelated.txt', embeddedText('training').at(-1)!.text.slice(0, 8000));
    expect(prepareData(opened, { text: unrelated, calibration }).calibration.length).toBeGreaterThan(0);
  });

  it('is no matter where nothing is calibrated', () => {
    const text = file('same.txt', story);
    expect(() => prepareData(opened, { text, calibration: text, calibrates: false })).not.toThrow();
    expect(() => prepareData(opened, { calibration: `${text}.none`, calibrates: false })).toThrow(
      /no such text/,
    );
    const short = file('short.txt', 'Call me Ishmael.');
    expect(prepareData(opened, { text: short, calibrates: false }).test).toHaveLength(1);
    expect(() => prepareData(opened, { text: short })).toThrow(/one block/);
  });
});

describe('a split of ours', () => {
  it('is accepted for short blocks, and the embedded texts share nothing', () => {
    for (const block of [8, 32]) {
      const { calibration, test } = prepareData(opened, { block });
      expect(overlap(calibration, test).shared, `${block}`).toBe(0);
    }
  });

  it('leaves out of the calibration part what the rest repeats, and that only', () => {
    const line =
      'The same line of text comes again, and again it says that nothing has happened to anyone here. ';
    const text = file(
      'lines.txt',
      `${story.slice(0, 1000)}${line.repeat(8)}${story.slice(1000)}${line.repeat(8)}`,
    );
    const whole = prepareData(opened, { text, block: 16, calibrates: false });
    const { calibration, test } = prepareData(opened, { text, block: 16 });
    expect(test).toEqual(whole.test);
    expect(calibration.length).toBeLessThan(whole.calibration.length);
    expect(calibration.length).toBeGreaterThan(whole.calibration.length / 2);
    expect(overlap(calibration, test).shared).toBe(0);
  });

  it('is refused, blaming the text, where nothing is left to calibrate on', () => {
    const text = file('repeated.txt', 'All work and no play makes Jack a dull boy. '.repeat(800));
    const refused = expect(() => prepareData(opened, { text }));
    refused.toThrow(expect.objectContaining({ details: expect.objectContaining({ path: text }) as object }));
    expect(prepareData(opened, { text, calibrates: false }).test.length).toBeGreaterThan(1);
  });
});
