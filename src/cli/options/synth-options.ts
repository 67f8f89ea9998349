import { MugiError } from '../../errors.ts';
import { CLOCK, WIRES } from '../../hardware/synthesis/policy.ts';
import { numberOf } from '../../question/text.ts';
import { flag, type FlagsOf, type Reader, SWITCH, whole, words } from './flag.ts';
import type { Idle } from './idle.ts';
import { isMachineName } from '../../machine/whole/machines.ts';
import { GATES_FLAG } from './node-flag.ts';
import { csvFlag, jsonFlag } from './output.ts';

/** A quantity of a range that one sentence describes. */
const quantity = (argument: string, fits: (value: number) => boolean, expected: string): Reader<number> => ({
  argument,
  read(key, text) {
    const value = numberOf(key, text);
    if (fits(value)) return value;
    throw new MugiError({
      code: 'invalid-value',
      message: `${key} is out of range`,
      path: key,
      expected,
      received: text,
    });
  },
});

const MHZ = quantity('<MHz>', (value) => value > 0 && value <= 1e5, 'a frequency in MHz above 0');
const FEMTOFARAD = quantity('<fF>', (value) => value >= 0 && value <= 1e4, 'a capacitance in fF, 0 or more');

export const SYNTH_FLAGS = [
  GATES_FLAG,
  flag(
    '--liberty',
    words('<file...>', { paths: 'files' }),
    "cell library (NLDM; .lib or .lib.gz), in one file or several; default: mugi's own generic 45 nm-class library",
  ),
  flag('--dont-use', words('<cell...>'), 'cells to leave out, by name; * and ? stand for other characters'),
  flag('--clock', MHZ, 'clock frequency that the design should reach', { default: CLOCK.MHz }),
  flag('--wire', FEMTOFARAD, 'wire capacitance per fan-out (there is no placement)', {
    default: WIRES.perFanout,
  }),
  flag('--no-buffers', SWITCH, 'the netlist as mapped, without buffer trees and without better drives'),
  flag(
    '--no-switching',
    SWITCH,
    'leave out the gate simulation of a GEMM and a softmax, and the energy from its toggles',
  ),
  flag('--seed', whole(0, 2 ** 32 - 1), 'seed of the GEMM that the energy of a MAC is measured on', {
    default: 1,
  }),
  flag('--batch', whole(1, 64), 'tokens that a rival multiplies at a time, for the energy of a MAC', {
    default: 8,
  }),
  flag('--no-cache', SWITCH, 'synthesise even if the same design was synthesised before'),
  jsonFlag('everything as JSON'),
  csvFlag('the table by module as CSV'),
] as const;

export type SynthFlags = FlagsOf<typeof SYNTH_FLAGS>;

/** Flags that would have no effect. */
export const idleFlags = ({ design, switching, csv }: SynthFlags): Idle[] => [
  {
    flags: ['batch'],
    when: !isMachineName(design),
    because: 'has no effect: the node is measured with a token a column',
  },
  {
    flags: ['seed', 'batch'],
    when: !switching,
    because: 'has no effect: no energy of a MAC is measured with --no-switching',
  },
  {
    flags: ['seed', 'batch'],
    when: csv === true,
    because: 'has no effect: the table by module does not hold the energy of a MAC',
  },
];
