import { INV, nand, nor, type Stage } from './open-45-process.ts';

export interface Gate {
  name: string;
  function: string;
  inputs: readonly string[];
  /** Unit gates that hang on each input. */
  fanIn: number;
  /** Transistor pairs side by side, output stage apart. */
  columns: number;
  /** Stages before the output stage. */
  inner: readonly Stage[];
  output: Stage;
  /** Columns of the output stage at unit drive. */
  outputColumns: number;
  sense: 'positive_unate' | 'negative_unate' | 'non_unate';
  drives: readonly number[];
}

const AOI21: Stage = { effort: 2, parasitic: 3 };
const AOI22: Stage = { effort: 2, parasitic: 4 };
const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** A single inverting stage: as many columns as inputs. */
const single = (
  name: string,
  inputs: readonly string[],
  fn: string,
  output: Stage,
  drives: readonly number[],
): Gate => ({
  name,
  function: fn,
  inputs,
  fanIn: 1,
  columns: 0,
  inner: [],
  output,
  outputColumns: inputs.length,
  sense: 'negative_unate',
  drives,
});

/** An inverting stage followed by an inverter. */
const buffered = (
  name: string,
  inputs: readonly string[],
  fn: string,
  inner: Stage,
  drives: readonly number[],
): Gate => ({
  name,
  function: fn,
  inputs,
  fanIn: 1,
  columns: inputs.length,
  inner: [inner],
  output: INV,
  outputColumns: 1,
  sense: 'positive_unate',
  drives,
});

const list = (n: number) => LETTERS.slice(0, n);
/** The combinational cells. */
export const GATES: readonly Gate[] = [
  single('INV', ['A'], '!A', INV, [1, 2, 4, 8]),
  buffered('BUF', ['A'], 'A', INV, [1, 2, 4, 8]),
  ...[2, 3, 4].flatMap((n) => [
    single(`NAND${n}`, list(n), `!(${list(n).join(' & ')})`, nand(n), n === 2 ? [1, 2] : [1]),
    single(`NOR${n}`, list(n), `!(${list(n).join(' | ')})`, nor(n), n === 2 ? [1, 2] : [1]),
    buffered(`AND${n}`, list(n), list(n).join(' & '), nand(n), n === 2 ? [1, 2] : [1]),
    buffered(`OR${n}`, list(n), list(n).join(' | '), nor(n), n === 2 ? [1, 2] : [1]),
  ]),
  single('AOI21', ['A', 'B', 'C'], '!((A & B) | C)', AOI21, [1]),
  single('OAI21', ['A', 'B', 'C'], '!((A | B) & C)', AOI21, [1]),
  single('AOI22', ['A', 'B', 'C', 'D'], '!((A & B) | (C & D))', AOI22, [1]),
  single('OAI22', ['A', 'B', 'C', 'D'], '!((A | B) & (C | D))', AOI22, [1]),
  // NOR2 and AOI21; each input hangs on both.
  {
    ...single('XOR2', ['A', 'B'], 'A ^ B', AOI21, [1]),
    fanIn: 2,
    columns: 2,
    inner: [nor(2)],
    outputColumns: 3,
    sense: 'non_unate',
  },
  {
    ...single('XNOR2', ['A', 'B'], '!(A ^ B)', AOI21, [1]),
    fanIn: 2,
    columns: 2,
    inner: [nand(2)],
    outputColumns: 3,
    sense: 'non_unate',
  },
  // Inverter for the select, AOI22, inverter.
  { ...buffered('MUX2', ['A', 'B', 'S'], '(S & B) | (!S & A)', AOI22, [1]), columns: 5, sense: 'non_unate' },
];
