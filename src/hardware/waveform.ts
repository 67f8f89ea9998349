import { MugiError } from '../errors.ts';
import type { Simulator } from './simulator/simulator.ts';

/** A signal to be recorded: its hierarchical path (`row_3.post.result`), width in bits, and how to read it now. */
export interface WaveSignal {
  name: string;
  width: number;
  read: () => number | bigint;
}

/** A path's ending with its dot; empty where there is none. */
const endingOf = (path: string): string => /[^/\\](\.[^./\\]*)$/.exec(path)?.[1] ?? '';

interface Recorded extends WaveSignal {
  /** Cycles of change, ascending, and the values from there on. */
  cycles: number[];
  values: bigint[];
}

/** Signals of a simulated design, all or those whose path matches. */
export function simulatorSignals(simulator: Simulator, wanted: RegExp = /(?:)/): WaveSignal[] {
  return simulator
    .signals()
    .filter(({ name }) => wanted.test(name))
    .map(({ name, width }) => ({ name, width, read: () => simulator.peekBig(name) }));
}

/** A recording of signals over clock cycles, kept as changes only. */
export class Waveform {
  readonly #signals: Recorded[];
  #end = 0;

  constructor(signals: readonly WaveSignal[]) {
    this.#signals = signals.map((signal) => ({ ...signal, cycles: [], values: [] }));
  }

  /** Records what the signals are in a cycle; cycles must ascend. */
  sample(cycle: number): void {
    this.#end = cycle + 1;
    for (const { read, cycles, values } of this.#signals) {
      const value = BigInt(read());
      if (values.length > 0 && values.at(-1) === value) continue;
      cycles.push(cycle);
      values.push(value);
    }
  }

  /**
   * IEEE 1364-2005 §18: a value change dump whose scopes are the paths' modules.
   * @param clock_ps period of the clock, rounded to a femtosecond
   */
  vcd(top: string, clock_ps: number): string {
    const { text, units } = timescale(clock_ps);
    const lines = [`$timescale ${text} $end`, `$scope module ${top} $end`];
    const codes = new Map<Recorded, string>();
    const declare = ({ signals, scopes }: Scope): void => {
      for (const [name, signal] of signals) {
        const code = identifier(codes.size);
        codes.set(signal, code);
        const range = signal.width > 1 ? ` [${signal.width - 1}:0]` : '';
        lines.push(`$var wire ${signal.width} ${code} ${name}${range} $end`);
      }
      for (const [name, scope] of scopes) {
        lines.push(`$scope module ${name} $end`);
        declare(scope);
        lines.push('$upscope $end');
      }
    };
    declare(scopesOf(this.#signals));
    lines.push('$upscope $end', '$enddefinitions $end');
    const next = new Map<Recorded, number>();
    const order = [...codes];
    for (let cycle = 0; cycle < this.#end; cycle++) {
      const changes: string[] = [];
      for (const [signal, code] of order) {
        const at = next.get(signal) ?? 0;
        if (signal.cycles[at] !== cycle) continue;
        next.set(signal, at + 1);
        const value = signal.values[at].toString(2);
        changes.push(signal.width === 1 ? `${value}${code}` : `b${value} ${code}`);
      }
      if (changes.length > 0) lines.push(`#${cycle * units}`, ...changes);
    }
    lines.push(`#${this.#end * units}`);
    return `${lines.join('\n')}\n`;
  }

  /** WaveJSON, as WaveDrom draws it: modules are groups, buses are labelled in hexadecimal. */
  waveJson(): object {
    const lane = ([name, { width, cycles, values }]: [string, Recorded]): object => {
      let wave = '';
      const data: string[] = [];
      let at = 0;
      for (let cycle = cycles[0] ?? 0; cycle < this.#end; cycle++) {
        if (cycles[at] !== cycle) {
          wave += '.';
          continue;
        }
        const value = values[at];
        at += 1;
        if (width === 1) wave += value.toString();
        else {
          wave += '=';
          data.push(value.toString(16));
        }
      }
      return { name, wave: 'x'.repeat(cycles[0] ?? 0) + wave, ...(data.length > 0 ? { data } : {}) };
    };
    const group = ({ signals, scopes }: Scope): unknown[] => [
      ...[...signals].map(lane),
      ...[...scopes].map(([name, scope]) => [name, ...group(scope)]),
    ];
    return {
      signal: [
        { name: 'clock', wave: `p${'.'.repeat(Math.max(0, this.#end - 1))}` },
        ...group(scopesOf(this.#signals)),
      ],
      head: { tick: 0 },
    };
  }

  /** The recording in the format that a file's ending asks for: .vcd, or .json for WaveJSON. */
  text(path: string, top: string, clock_ps: number): string {
    if (endingOf(path) === '.json') return `${JSON.stringify(this.waveJson(), null, 1)}\n`;
    return this.vcd(top, clock_ps);
  }
}

/** Refuses endings that no waveform is written for, before work is done for one. */
export function checkWaveformPath(path: string, option: string): void {
  if (['.vcd', '.json'].includes(endingOf(path))) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'a waveform is written as .vcd, or as .json for WaveJSON',
    path: option,
    received: path,
    nearest: `${path.slice(0, path.length - endingOf(path).length)}.vcd`,
  });
}

const TIME_UNITS = ['fs', 'ps', 'ns', 'us', 'ms', 's'] as const;

/**
 * IEEE 1364-2005 §18.2.3.6: the time unit of a dump is 1, 10 or 100 of a unit, nothing between. The largest such unit
 * that divides the period, and the period in it.
 */
function timescale(clock_ps: number): { text: string; units: number } {
  let units = Math.round(clock_ps * 1000);
  if (!(units >= 1 && units <= Number.MAX_SAFE_INTEGER)) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the clock period of a waveform is out of range',
      expected: 'a number of ps, 0.001 or more',
      received: String(clock_ps),
    });
  }
  let power = 0;
  while (units % 10 === 0 && power < 3 * TIME_UNITS.length - 1) {
    units /= 10;
    power++;
  }
  return { text: `${10 ** (power % 3)} ${TIME_UNITS[Math.floor(power / 3)]}`, units };
}

interface Scope {
  signals: Map<string, Recorded>;
  scopes: Map<string, Scope>;
}

function scopesOf(signals: readonly Recorded[]): Scope {
  const root: Scope = { signals: new Map(), scopes: new Map() };
  for (const signal of signals) {
    const path = signal.name.split('.');
    const last = path.pop()!;
    let scope = root;
    for (const name of path) {
      let inner = scope.scopes.get(name);
      if (inner === undefined) scope.scopes.set(name, (inner = { signals: new Map(), scopes: new Map() }));
      scope = inner;
    }
    scope.signals.set(last, signal);
  }
  return root;
}

/** The identifier codes of a VCD: printable characters, shortest first. */
function identifier(index: number): string {
  let text = '';
  for (let rest = index; ; rest = Math.floor(rest / 94) - 1) {
    text = String.fromCharCode(33 + (rest % 94)) + text;
    if (rest < 94) return text;
  }
}
