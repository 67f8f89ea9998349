import type { Node } from '../node.ts';
import type { Observer } from '../program/run.ts';
import { Waveform } from '../../../hardware/waveform.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { ROWS_PER_LANE } from '../unit/vector-unit.ts';

interface Wire {
  name: string;
  width: number;
  value: (node: Node) => number;
}

/** The signals of a trace: CNT, the five stages, column buses, every row's spikes and product, result pins. */
function wires(rows: number, lanes: number): Wire[] {
  const list: Wire[] = [
    { name: 'cnt', width: 3, value: (n) => n.sequencer.count },
    ...(['load', 'hold', 'active', 'out', 'emit'] as const).map((stage) => ({
      name: `stage.${stage}`,
      width: 19,
      value: (n: Node) => n.sequencer[stage],
    })),
    { name: 'window_low', width: 8, value: (n) => n.exponent.low },
    { name: 'column_parities', width: 8, value: (n) => n.inputFifo.parities },
  ];
  for (let c = 0; c < COLUMNS; c++)
    list.push({ name: `bus.column_${c}`, width: 16, value: (n) => n.inputFifo.bus[c] });
  for (let row = 0; row < rows; row++) {
    list.push(
      {
        name: `row_${row}.spikes`,
        width: 8,
        value: (n) => n.elements.spikes[row] | n.spikeNow(row),
      },
      {
        name: `row_${row}.slot`,
        width: 16,
        value: (n) => n.deskew.slot[row * COLUMNS + n.sequencer.count],
      },
      { name: `row_${row}.sum`, width: 16, value: (n) => n.accumulator.head(row, n.sequencer.count) },
      { name: `row_${row}.result`, width: 16, value: (n) => n.post.result[row] },
    );
  }
  list.push({ name: 'result_valid', width: 1, value: (n) => (n.resultValid ? 1 : 0) });
  for (let lane = 0; lane < lanes; lane++) {
    list.push({ name: `result.lane_${lane}`, width: 16, value: (n) => n.result[lane] });
  }
  return list;
}

/** Signals of a trace; a recording grows with them and with the cycles. */
export const traceSignals = (rows: number): number => wires(rows, rows / ROWS_PER_LANE).length;

/** Period of the 400 MHz clock. */
const CLOCK_PS = 2500;

/** An observer that records the cycle model, and its recording as VCD or WaveJSON by the ending of `path`. */
export function nodeTrace(rows: number): { observe: Observer; text(path: string): string } {
  let current: Node | undefined;
  const signals = wires(rows, rows / ROWS_PER_LANE).map(({ name, width, value }) => ({
    name,
    width,
    read: () => value(current!),
  }));
  const waveform = new Waveform(signals);
  return {
    observe(cycle, node) {
      current = node;
      waveform.sample(cycle);
    },
    text: (path) => waveform.text(path, `mugi_${rows}`, CLOCK_PS),
  };
}
