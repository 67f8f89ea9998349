import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type ArithmeticOptions,
  addArithmeticOptions,
  settingsOf,
} from '../../src/cli/options/model-options.ts';
import { openModel } from '../../src/model/load.ts';

const opened = await openModel('mugi-tiny');
const folder = mkdtempSync(join(tmpdir(), 'mugi-options-'));

function windowFile(model: string): string {
  const path = join(folder, `${model}.json`);
  const windows = [{ function: 'softmax', lo: -6, hi: 3, anchor: 'max' }];
  const calibration = { text: 'a', tokens: 1 };
  const format = 'mugi-windows/1';
  writeFileSync(
    path,
    JSON.stringify({ format, model, mantissa_bits: 4, group_rows: 64, calibration, windows }),
  );
  return path;
}

const settings = (...args: string[]) =>
  settingsOf(
    addArithmeticOptions(new Command()).parse(args, { from: 'user' }).opts<ArithmeticOptions>(),
    opened,
  );

describe('a window file beside flags', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  afterEach(() => stderr.mockClear());

  it('brings its own mantissa and rows, which flags may repeat', () => {
    const file = windowFile('mugi-tiny');
    expect(settings('--windows', file)).toMatchObject({ mantissaBits: 4, groupRows: 64, automatic: false });
    const repeated = ['--mantissa', '4', '--rows', '64', '--lut-size', '10'];
    expect(settings('--windows', file, ...repeated).windows).toEqual(settings('--windows', file).windows);
    expect(stderr).not.toHaveBeenCalled();
  });

  it.each([
    ['--mantissa', '3'],
    ['--rows', '128'],
    ['--lut-size', '8'],
  ])('refuses %s %s, which contradicts it', (flag, value) => {
    const details = expect.objectContaining({ code: 'invalid-value', path: flag, received: value }) as object;
    expect(() => settings('--windows', windowFile('mugi-tiny'), flag, value)).toThrow(
      expect.objectContaining({ details }),
    );
  });

  it('says on stderr whose windows they are, where they are another model’s', () => {
    settings('--windows', windowFile('mugi-tiny-gelu'));
    expect(stderr).toHaveBeenCalledWith(
      expect.stringMatching(/chosen for mugi-tiny-gelu, not for mugi-tiny/),
    );
  });

  it('without a file the array and table of the design hold', () => {
    expect(settings()).toMatchObject({ mantissaBits: 3, groupRows: 256, lutSize: 12, automatic: true });
  });
});
