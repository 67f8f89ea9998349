import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ARITHMETIC_FLAGS, type ArithmeticFlags } from '../../src/cli/options/arithmetic-flags.ts';
import { keyOf, optionOf } from '../../src/cli/options/flag.ts';
import { settingsOf } from '../../src/cli/source/nonlinear-settings.ts';
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

function settings(...args: string[]) {
  const command = new Command();
  for (const one of ARITHMETIC_FLAGS) command.addOption(optionOf(one));
  return settingsOf(command.parse(args, { from: 'user' }).opts<ArithmeticFlags>(), opened);
}

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
    const details = expect.objectContaining({
      code: 'invalid-value',
      path: keyOf(flag),
      received: value,
    }) as object;
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
