import { mux } from '../../hardware/bits.ts';
import { select } from '../../hardware/choice.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { checkedRows } from './configuration.ts';
import { exponentProcessor } from './unit/e-proc.ts';
import { FRAME_BITS } from './program/frame.ts';
import { inputAccumulator } from './unit/input-accumulator.ts';
import { inputFifo } from './unit/input-fifo.ts';
import type { NodeConfiguration } from './node.ts';
import { COLUMNS, LUT_EXPONENTS } from '../../vlp/array.ts';
import { rowModule } from './row.ts';
import { sequencer } from './sequencer.ts';
import { slidingWindow } from './unit/sliding-window.ts';
import { vectorLane } from './unit/vector-lane.ts';
import { ROWS_PER_LANE } from './unit/vector-unit.ts';

/**
 * The Mugi node as RTL, without its SRAMs: their read and write ports are pins. Per cycle a frame word, the row
 * bus (a value, a weight and a live bit per lane) and the column bus come in; one result per lane goes out.
 * `rows` is a power of two from 8 to 256; there are always eight columns.
 */
export function nodeModule(rows: number) {
  const lanes = checkedRows(rows) / ROWS_PER_LANE;
  return module(
    {
      name: `mugi_${rows}`,
      doc: `Mugi node of ${rows} rows and 8 columns: nonlinear functions and BF16 x INT4 GEMM on one array.`,
      inputs: {
        frame: FRAME_BITS,
        data: vector(lanes, 16),
        nibble: vector(lanes, 4),
        live: vector(lanes, 1),
        column: vector(LUT_EXPONENTS, 16),
        window_low: 8,
        window_high: 8,
        follow_min: 1,
        zero_value: 16,
        pass_positive: 1,
      },
    },
    (m, io) => {
      const s = m.instance('sequencer', sequencer.module, { frame: io.frame });

      // Rows show their values to the lanes, and the lanes feed the rows: declared here, driven below.
      const back = Array.from({ length: lanes }, (_, lane) => m.declare(`back_${lane}`, 16));
      const units = back.map((value, lane) =>
        m.instance(`lane_${lane}`, vectorLane.module, {
          data: io.data[lane],
          live: io.live[lane],
          nibble: io.nibble[lane],
          back: value,
          row_read: s.row_read,
          load: s.load_pass,
          weight: s.weight,
          subtract: s.subtract,
          maximum: s.maximum,
          first: s.load_first,
          scale: s.scale,
          scale_nibble: s.scale_nibble,
          scale_chunk: s.scale_chunk,
          out_chunk: s.out_chunk,
          take_reciprocal: s.take_reciprocal,
          late_chunk: s.late_chunk,
          partial: s.partial,
          shows: s.shows,
          begun: s.begun,
          adds: s.lane_adds,
        }),
      );
      const exponent = m.instance('e_proc', exponentProcessor(lanes).module, {
        x: units.map(({ loaded }) => loaded),
        live: units.map(({ loaded_live }) => loaded_live),
        search: s.search,
        count: s.count,
        choose: s.choose,
        low: io.window_low,
        high: io.window_high,
        follow_min: io.follow_min,
      });

      const window = m.instance('window', slidingWindow.module, { row: io.column, offset: exponent.offset });
      // The iAcc of column c begins c cycles late, when the activations have left the bus: they wait here.
      const products = io.column.slice(0, COLUMNS).map((activation, c) => {
        const waiting =
          c === 0 ? activation : m.delay(`activation_${c}`, activation, { enable: s.column_start[0] });
        return m.instance(`accumulator_${c}`, inputAccumulator.module, {
          start: s.column_start[c],
          run: s.column_products[c],
          activation: waiting,
        }).value;
      });
      const fifo = m.instance('input_fifo', inputFifo.module, {
        entries: window.values,
        products,
        lookup: s.column_lookup,
        work: s.column_lookup.map((lookup, c) => lookup.or(s.column_products[c])),
      });

      const rowOutputs = Array.from({ length: rows }, (_, row) => {
        const chunk = Math.floor(row / lanes);
        const lane = row % lanes;
        return m.instance(`row_${row}`, rowModule, {
          write: [s.fifo_writes[2 * chunk], s.fifo_writes[2 * chunk + 1]],
          data: units[lane].loaded,
          live: units[lane].loaded_live,
          hold_parity: s.hold_parity,
          take: s.take,
          take_lookup: s.take_lookup,
          count: s.count,
          spike: s.spike,
          any_sign: s.any_sign,
          negative: s.negative,
          turn: s.turn,
          turn_lookup: s.turn_lookup,
          enter_lookup: s.enter_lookup,
          enter_products: s.enter_products,
          slot_read: s.slot_read,
          look_count: s.look_count,
          out_lookup: s.out_lookup,
          out_emit: s.out_emit,
          add: s.add,
          add_result: s.add_result,
          sum_read: s.sum_read,
          sum_write: s.sum_write,
          show_result: s.show_result,
          show_sum: s.show_sum,
          window_low: exponent.window_low,
          zero_value: io.zero_value,
          pass_positive: io.pass_positive,
          bus: fifo.bus,
        });
      });
      back.forEach((value, lane) => {
        const shown = Array.from(
          { length: ROWS_PER_LANE },
          (_, chunk) => rowOutputs[chunk * lanes + lane].back,
        );
        value.drive(select(s.back_chunk, shown));
      });
      return {
        result: units.map((unit) => mux(s.from_read_back, unit.read_back, unit.result)),
        result_valid: s.result_valid,
        spikes: rowOutputs.map(({ spikes }) => spikes),
      };
    },
  );
}

/** The configuration pins that a cycle model's configuration stands for. */
export function configurationPins({ window, outside }: NodeConfiguration) {
  return {
    window_low: window.low,
    window_high: window.high,
    follow_min: window.anchor === 'min' ? 1 : 0,
    zero_value: outside.zero,
    pass_positive: outside.passPositive ? 1 : 0,
  };
}
