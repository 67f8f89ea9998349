import { concat, mux } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { deskewBufferModule } from './unit/deskew-buffer.ts';
import { exponentClampModule } from './unit/e-proc.ts';
import { mProcModule } from './unit/m-proc.ts';
import { orTreeModule } from './unit/or-tree.ts';
import { outputAccumulatorModule } from './unit/output-accumulator.ts';
import { postProcessingModule } from './unit/post-processing.ts';
import { processingElementModule } from './unit/processing-element.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { rowFifoModule } from './unit/row-fifo.ts';
import { signConverterModule } from './unit/sign-converter.ts';
import { temporalConverterModule } from './unit/temporal-converter.ts';

/**
 * One row of the node: wFIFO, M-proc, E-clamp, TC, eight PEs, two OR trees, SC, deskew buffer, PP and oAcc (Mugi
 * Fig. 9). All rows of every height are this one module, so it is synthesised once.
 */
export const rowModule = module(
  {
    name: 'row',
    doc: 'One row of the Mugi node.',
    inputs: {
      // From the row's vector lane.
      write: 1,
      fifo_parity: 1,
      data: 16,
      live: 1,
      // From the sequencer.
      hold_parity: 1,
      take: 1,
      take_sign: 1,
      hold_products: 1,
      count: 3,
      spike: 1,
      any_sign: 1,
      negative: 1,
      turn: 1,
      enter_lookup: 1,
      enter_products: 1,
      out_lookup: 1,
      out_emit: 1,
      add_product: 1,
      add_result: 1,
      sum_first: 1,
      show_result: 1,
      // Configuration and window.
      window_low: 8,
      zero_value: 16,
      pass_positive: 1,
      // Column buses.
      bus: vector(COLUMNS, 16),
      parities: vector(COLUMNS, 1),
    },
  },
  (m, io) => {
    const fifo = m.instance('fifo', rowFifoModule, {
      write: io.write,
      write_parity: io.fifo_parity,
      data: io.data,
      live: io.live,
      read_parity: io.hold_parity,
    });
    const split = m.instance('m_proc', mProcModule, { x: fifo.x });
    const clamp = m.instance('clamp', exponentClampModule, {
      exponent: split.exponent,
      window_low: io.window_low,
    });
    const converter = m.instance('converter', temporalConverterModule, {
      take: io.take,
      magnitude: split.magnitude,
      sign: split.sign,
      live: fifo.x_live,
      count: io.count,
      enable: io.spike,
      any_sign: io.any_sign,
      negative: io.negative,
    });
    const even = [];
    const odd = [];
    const spikes = [];
    let spike = converter.spike;
    for (let c = 0; c < COLUMNS; c++) {
      const element = m.instance(`element_${c}`, processingElementModule, {
        spike,
        parity: io.parities[c],
        value: io.bus[c],
      });
      even.push(element.even);
      odd.push(element.odd);
      spikes.push(spike);
      spike = element.spike_next;
    }
    const products = m.instance('sign', signConverterModule, {
      take: io.take_sign,
      parity: io.hold_parity,
      negative: split.sign.and(io.hold_products),
      even: m.instance('even_tree', orTreeModule, { values: even }).value,
      odd: m.instance('odd_tree', orTreeModule, { values: odd }).value,
    });
    const slot = m.instance('deskew', deskewBufferModule, {
      spikes,
      parities: io.parities,
      even_product: products.even_product,
      odd_product: products.odd_product,
      read: io.count,
    });
    const post = m.instance('post', postProcessingModule, {
      take: io.take,
      x: fifo.x,
      x_live: fifo.x_live,
      nan: split.nan,
      zero: split.zero,
      under: clamp.under,
      over: clamp.over,
      place: clamp.place,
      zero_value: io.zero_value,
      pass_positive: io.pass_positive,
      turn: io.turn,
      enter_lookup: io.enter_lookup,
      enter_products: io.enter_products,
      any_sign: io.any_sign,
      negative: io.negative,
      row_sign: converter.row_sign,
      row_live: converter.row_live,
      slot: slot.value,
      count: io.count,
      out_lookup: io.out_lookup,
      emit: io.out_emit,
    });
    const { head } = m.instance('accumulator', outputAccumulatorModule, {
      product: post.product,
      result: post.held,
      add_product: io.add_product,
      add_result: io.add_result,
      first: io.sum_first,
    });
    return { back: mux(io.show_result, post.held, head), spikes: concat(...spikes.reverse()) };
  },
);
