import { describe, expect, it } from 'vitest';
import { module, simulate, simulatorSignals, Waveform } from '../../src/hardware/index.ts';
import { checkWaveformPath } from '../../src/hardware/waveform.ts';
import { counter } from './support/examples.ts';

const CYCLES = 7;

/** A counter inside a module, enabled in all cycles but the third. */
function recorded(): Waveform {
  const top = module({ name: 'top', inputs: { go: 1 } }, (m, { go }) => ({
    value: m.instance('inner', counter(2), { enable: go, load: 0, start: 0 }).count,
  }));
  const sim = simulate(top);
  const waveform = new Waveform(simulatorSignals(sim, /^(go|value|inner\.(count|wraps))$/));
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    sim.poke('go', cycle === 2 ? 0 : 1);
    waveform.sample(cycle);
    sim.step();
  }
  return waveform;
}

/** Values of a signal over time, read back from the dump by its rules. */
function replay(vcd: string, name: string): number[] {
  const clock = Number(/#(\d+)\n$/.exec(vcd)![1]) / CYCLES;
  const code = new RegExp(`\\$var wire \\d+ (\\S+) ${name}[ $]`).exec(vcd)![1];
  const values: number[] = [];
  let now = Number.NaN;
  let time = 0;
  for (const line of vcd.split('\n').slice(vcd.split('\n').indexOf('$enddefinitions $end') + 1)) {
    if (line.startsWith('#')) {
      for (const until = Number(line.slice(1)) / clock; time < until; time++) values.push(now);
    } else {
      const [, bits, of] = /^b?([01]+) ?(\S+)$/.exec(line) ?? [];
      if (of === code) now = Number.parseInt(bits!, 2);
    }
  }
  return values;
}

describe('a waveform of the simulator', () => {
  const expected = [0, 1, 2, 2, 3, 0, 1];

  it('is a VCD with a scope for each module, which a reader replays', () => {
    const vcd = recorded().vcd('top', 2500);
    expect(vcd).toContain('$timescale 100 ps $end\n$scope module top $end');
    expect(vcd).toMatch(/\$scope module inner \$end\n\$var wire 2 \S+ count \[1:0\] \$end/);
    expect(replay(vcd, 'count')).toEqual(expected);
    expect(replay(vcd, 'go')).toEqual([1, 1, 0, 1, 1, 1, 1]);
  });

  // IEEE 1364-2005 §18.2.3.6 allows 1, 10 and 100 of a unit; readers take other numbers for 1.
  it.each([
    [2500, '100 ps', 25],
    [1000, '1 ns', 1],
    [2_000_000, '1 us', 2],
    [340, '10 ps', 34],
    [1, '1 ps', 1],
    [0.25, '10 fs', 25],
    [1000 / 3, '1 fs', 333333],
  ])('of a clock of %d ps counts in %s', (clock_ps, unit, units) => {
    const vcd = recorded().vcd('top', clock_ps);
    expect(/\$timescale (.*) \$end/.exec(vcd)![1]).toBe(unit);
    const times = [...vcd.matchAll(/^#(\d+)$/gm)].map(([, time]) => Number(time));
    expect(times).toEqual([0, 1, 2, 3, 4, 5, 6, CYCLES].map((cycle) => cycle * units));
  });

  it.each([0, -1, Number.NaN, Infinity, 0.0001])('refuses a clock of %d ps', (clock_ps) => {
    expect(() => recorded().vcd('top', clock_ps)).toThrow(/clock period of a waveform is out of range/);
  });

  it('is WaveJSON with groups, bits and labelled buses', () => {
    const { signal } = recorded().waveJson() as { signal: unknown[] };
    expect(signal[0]).toEqual({ name: 'clock', wave: 'p......' });
    expect(signal).toContainEqual({ name: 'go', wave: '1.01...' });
    const inner = signal.find((entry): entry is unknown[] => Array.isArray(entry))!;
    expect(inner[0]).toBe('inner');
    expect(inner).toContainEqual({ name: 'count', wave: '===.===', data: ['0', '1', '2', '3', '0', '1'] });
  });

  it('goes by the ending of the file, and refuses others', () => {
    expect(recorded().text('a.json', 'top', 1)).toContain('"signal"');
    expect(recorded().text('a.vcd', 'top', 1)).toContain('$enddefinitions');
    expect(() => checkWaveformPath('a.fst', '--trace')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ nearest: 'a.vcd' }) }),
    );
  });
});
