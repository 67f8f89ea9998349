import { concat } from '../../hardware/bits.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { deskewBuffer } from './unit/deskew-buffer.ts';
import { exponentClamp } from './unit/e-proc.ts';
import { mProc } from './unit/m-proc.ts';
import { outputAccumulator } from './unit/output-accumulator.ts';
import { postProcessing } from './unit/post-processing.ts';
import { processingElement } from './unit/processing-element.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { rowFifo } from './unit/row-fifo.ts';
import { signConverter } from './unit/sign-converter.ts';
import { temporalConverter } from './unit/temporal-converter.ts';

/**
 * One row of the node: wFIFO, M-proc, E-clamp, TC, eight PEs with their slots, SC, PP and oAcc (Mugi Fig. 9). All rows of
 * every height are this one module, so it is synthesised once.
 */
export const rowModule = module(
  {
    name: 'row',
    doc: 'One row of the Mugi node.',
    inputs: {
      // From the row's vector lane.
      write: vector(2, 1),
      data: 16,
      live: 1,
      // From the sequencer.
      hold_parity: 1,
      take: 1,
      take_lookup: 1,
      count: 3,
      spike: 1,
      any_sign: 1,
      negative: 1,
      turn: 1,
      turn_lookup: 1,
      enter_lookup: 1,
      enter_products: 1,
      slot_read: vector(COLUMNS, 1),
      look_count: 3,
      out_lookup: 1,
      out_emit: 1,
      add: 1,
      add_result: 1,
      sum_read: vector(COLUMNS, 1),
      sum_write: vector(COLUMNS, 1),
      show_result: 1,
      show_sum: 1,
      // Configuration and window.
      window_low: 8,
      zero_value: 16,
      pass_positive: 1,
      // Column buses.
      bus: vector(COLUMNS, 16),
    },
  },
  (m, io) => {
    const fifo = m.instance('fifo', rowFifo.module, {
      write: io.write,
      data: io.data,
      live: io.live,
      read_parity: io.hold_parity,
    });
    const split = m.instance('m_proc', mProc.module, { x: fifo.x });
    const clamp = m.instance('clamp', exponentClamp.module, {
      exponent: split.exponent,
      window_low: io.window_low,
    });
    const converter = m.instance('converter', temporalConverter.module, {
      take: io.take,
      magnitude: split.magnitude,
      sign: split.sign,
      live: fifo.x_live,
      count: io.count,
      enable: io.spike,
      any_sign: io.any_sign,
      negative: io.negative,
    });
    const slots = [];
    const spikes = [];
    let spike = converter.spike;
    for (let c = 0; c < COLUMNS; c++) {
      const element = m.instance(`element_${c}`, processingElement.module, { spike, value: io.bus[c] });
      slots.push(element.slot);
      spikes.push(spike);
      spike = element.spike_next;
    }
    // PP says which rows wait for a slot, and takes what they read.
    const hit = m.declare('hit', 1);
    const slot = m.instance('deskew', deskewBuffer.module, { slots, read: io.slot_read, hit });
    const post = m.instance('post', postProcessing.module, {
      take: io.take_lookup,
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
      turn_lookup: io.turn_lookup,
      enter_lookup: io.enter_lookup,
      enter_products: io.enter_products,
      any_sign: io.any_sign,
      negative: io.negative,
      row_sign: converter.row_sign,
      row_live: converter.row_live,
      slot: slot.value,
      count: io.look_count,
      out_lookup: io.out_lookup,
      emit: io.out_emit,
    });
    hit.drive(post.hit);
    const { product } = m.instance('sign', signConverter.module, {
      turn: io.turn,
      negative: converter.row_sign.and(converter.row_live).and(io.enter_products),
      value: slot.value,
    });
    const { head } = m.instance('accumulator', outputAccumulator.module, {
      product,
      result: post.held,
      add: io.add,
      add_result: io.add_result,
      read: io.sum_read,
      write: io.sum_write,
    });
    // Rests while nothing is shown: the lanes' multiplexers hang on it.
    const back = post.held.gate(io.show_result).or(head.gate(io.show_sum));
    return { back, spikes: concat(...spikes.reverse()) };
  },
);
