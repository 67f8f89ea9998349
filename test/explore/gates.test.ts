import { describe, expect, it } from 'vitest';
import { commandLine, outputOf } from '../record/run.ts';

const mugi = async (...args: string[]): Promise<string> => outputOf(await commandLine(process.cwd()), args);

interface Result {
  evaluated: number;
  infeasible: number;
  unbuildable: { points: number; reasons: Record<string, number> };
  front: { parameters: { design: string; technology?: string }; command: string; notes: string[] }[];
}
const OWN = 'examples/designs/dot-product.yaml';
const REASON = 'technology gates has measured no machine that stands for a design described part by part';

describe('costs on gates as objectives', () => {
  const SPACE = [
    'explore',
    '--model',
    'llama-3.2-1b',
    '--designs',
    `mugi-64,sa-f-8,${OWN}`,
    '--minimise',
    'energy_per_token,area,operational_gCO2e',
    '--maximise',
    'tokens_per_s',
  ];

  it('are those of whole machines; a design that none stands for is infeasible, with the reason', async () => {
    const found = JSON.parse(
      await mugi(...SPACE, '--technology', 'gates', '--vary', 'batch=1,4,16', '--json'),
    ) as Result;
    expect(found).toMatchObject({
      evaluated: 6,
      infeasible: 3,
      unbuildable: { points: 3, reasons: { [REASON]: 3 } },
    });
    expect(found.front.length).toBeGreaterThan(0);
    for (const { parameters, command, notes } of found.front) {
      expect(parameters.design).not.toBe('dot-product');
      expect(command).toContain('--technology gates');
      expect(notes.join()).toContain('on gates');
    }
  });

  it('leave the design in where another technology is asked for too', async () => {
    const found = JSON.parse(
      await mugi(...SPACE, '--vary', 'technology=open-45,gates,batch=1,4', '--json'),
    ) as Result;
    expect(found).toMatchObject({ evaluated: 10, unbuildable: { points: 2, reasons: { [REASON]: 2 } } });
    const own = found.front.filter(({ parameters }) => parameters.design === 'dot-product');
    expect(own.length).toBeGreaterThan(0);
    expect(own.every(({ parameters }) => parameters.technology === 'open-45')).toBe(true);
  });

  it('say so in a table of which no line is wider than the terminal', async () => {
    const text = await mugi(...SPACE, '--technology', 'gates');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`1 cannot be built or priced, most of them: ${REASON}`);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('are refused by evaluate and compare where no machine stands for the design', async () => {
    for (const words of [
      ['evaluate', '--design', OWN],
      ['compare', '--designs', `mugi-64,${OWN}`],
    ])
      await expect(mugi(...words, '--technology', 'gates')).rejects.toThrow(`--${REASON}`);
    // Beside other technologies it is compared by those that price its parts.
    const beside = (await mugi('compare', '--designs', `mugi-64,${OWN}`)).replaceAll(/\s+/g, ' ');
    expect(beside).toMatch(
      /mugi-64: open-45 [\d.]+ and [\d.]+, gates [\d.]+ and [\d.]+; dot-product: open-45 [\d.]+ and [\d.]+;/,
    );
  });
});
