import { type Bits, concat } from '../../hardware/bits.ts';
import { oneOf, select } from '../../hardware/choice.ts';
import { module, type ModuleBuilder } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { ALIGNED_BITS } from '../figna/figna-align.ts';
import { SUM_BITS } from '../figna/figna-pe.ts';
import { processingElement } from '../mugi/unit/processing-element.ts';
import { gatedAdder } from '../part/gated.ts';
import { heldWeight } from '../part/held-weight.ts';
import { FLOAT_BUS, floatMultiplier, floatPicker, turned } from './float-products.ts';
import {
  INTEGER_BUS,
  integerMultiplier,
  integerPicker,
  PRODUCT_BITS,
  signAndSize,
} from './integer-products.ts';
import { dotTerm, heldSums, plusTerm, termOf } from './integer-sums.ts';
import { type ReuseShape, reuseTiming, TOKENS, weightsOf } from './shape.ts';

/** Bits of what a column or lane sends to all rows. */
const busWidth = ({ pick, sums }: ReuseShape): number => {
  if (pick === 'time') return sums === 'bf16' ? 16 : 1 + PRODUCT_BITS;
  if (pick === 'space') return sums === 'bf16' ? FLOAT_BUS : INTEGER_BUS;
  return sums === 'bf16' ? 16 : ALIGNED_BITS + 1;
};

/** Columns or lanes that send something. */
export const busLanes = ({ pick, columns }: ReuseShape): number => (pick === 'time' ? TOKENS : columns);

/** Registered stages of a row in front of its sums, with an enable each. */
export const workStages = (shape: ReuseShape): number => {
  if (shape.sums === 'integer') return shape.flow === 'dot' ? 2 : 1;
  if (shape.pick === 'time') return 2;
  const { row, written } = reuseTiming(shape);
  return written - row;
};

/** Whether lines say which weight or slot of a row counts. */
const choosesWhich = ({ pick, flow, sums }: ReuseShape): boolean =>
  flow === 'inner' || (pick === 'time' && sums === 'bf16');

/** What every row is told. */
const inputs = (shape: ReuseShape) => {
  const { slots } = reuseTiming(shape);
  return {
    bus: vector(busLanes(shape), busWidth(shape)),
    nibble: 4,
    /** Which of its weights takes the nibble, and when all change over. */
    write: vector(weightsOf(shape), 1),
    swap: 1,
    /** `inner`: the weight that counts; BF16 in time: the slot that is read. */
    which: vector(choosesWhich(shape) ? TOKENS : 1, 1),
    /** Cycles of a frame, for picking in time; and when the signs of weights follow. */
    phase: vector(shape.pick === 'time' ? TOKENS : 1, 1),
    turn: 1,
    work: vector(workStages(shape), 1),
    read: vector(slots, 1),
    write_sum: vector(slots, 1),
    /** `dot`: the sum begins anew, while the old one is read to leave; `time`: it begins anew. */
    anew: 1,
    /** `inner`: the register, and not a sum, is added to; and it takes the result. */
    keep: 1,
    take: 1,
  };
};

type RowPorts = { readonly [K in keyof ReturnType<typeof inputs>]: Bits | readonly Bits[] };
interface Io {
  bus: readonly Bits[];
  nibble: Bits;
  write: readonly Bits[];
  swap: Bits;
  which: readonly Bits[];
  phase: readonly Bits[];
  turn: Bits;
  work: readonly Bits[];
  read: readonly Bits[];
  write_sum: readonly Bits[];
  anew: Bits;
  keep: Bits;
  take: Bits;
}

/** One row of an array: its weights, the picks or multipliers, and its sums; `head` is the sum that is read. */
export const reuseRow = (shape: ReuseShape) =>
  module(
    {
      name: `row_${shape.pick}_${shape.flow}_${shape.sums}_${shape.columns}`,
      doc: `Row with products by ${shape.pick}, ${shape.flow} flow and ${shape.sums} sums.`,
      inputs: inputs(shape),
    },
    (m, ports: RowPorts) => {
      const io = ports as Io;
      const weights = io.write.map(
        (write, i) =>
          m.instance(`weight_${i}`, heldWeight.module, { nibble: io.nibble, write, swap: io.swap }).weight,
      );
      const weight = shape.flow === 'inner' ? [m.wire('weight', oneOf(io.which, weights))] : weights;
      const head =
        shape.sums === 'integer' ? integerRow(m, shape, io, weight) : floatRow(m, shape, io, weight);
      return { head };
    },
  );

function integerRow(m: ModuleBuilder, shape: ReuseShape, io: Io, weights: readonly Bits[]): Bits {
  if (shape.pick === 'time') return integerInTime(m, io, weights[0]);
  const product = shape.pick === 'space' ? integerPicker.module : integerMultiplier.module;
  const terms = io.bus.map((bus, k) =>
    termOf(
      m.instance(`product_${k}`, product as typeof integerMultiplier.module, { bus, weight: weights[k] }),
    ),
  );
  const term = shape.flow === 'dot' ? dotTerm(m, terms, [io.work[0], io.work[1]]) : terms[0];
  const sums = heldSums(m, SUM_BITS, io.read, io.write_sum);
  const head = m.wire('head', sums.head);
  if (shape.flow === 'inner') {
    const register = m.register('inner_sum', SUM_BITS, { enable: io.take });
    const sum = m.wire('next_sum', plusTerm(head.or(register.gate(io.keep)), term));
    register.next(sum);
    sums.next(sum);
    return head;
  }
  sums.next(plusTerm(shape.flow === 'dot' ? head.gate(io.anew.not()) : head, term));
  return head;
}

/**
 * All columns change over together, and column c has τ − c times its value in cycle τ of a frame; a row of weight w takes column
 * τ − w, each once. So its lines are those of the cycle, turned by a weight that stands: it has no register for them.
 */
function integerInTime(m: ModuleBuilder, io: Io, weight: Bits): Bits {
  const { negative, size } = signAndSize(weight);
  const magnitude = m.wire('weight_size', size);
  let lines = io.phase;
  for (let bit = 0; bit < magnitude.width; bit++) {
    lines = lines.map((line, c) =>
      m.wire(`line_${bit}_${c}`, magnitude.bit(bit).choose(lines[(c + 2 ** bit) % TOKENS], line)),
    );
  }
  const value = m.wire('picked', oneOf(lines, io.bus));
  const term = termOf({ magnitude: value.low(PRODUCT_BITS), negative: value.msb.xor(negative) });
  const adds = io.anew.not();
  const read = lines.map((line, c) => line.and(adds).or(io.read[c]));
  const sums = heldSums(m, SUM_BITS, read, lines);
  const head = m.wire('head', sums.head);
  sums.next(plusTerm(head, term));
  return head;
}

function floatRow(m: ModuleBuilder, shape: ReuseShape, io: Io, weights: readonly Bits[]): Bits {
  const last = io.work.length;
  const values =
    shape.pick === 'time' ? [floatInTime(m, io, weights[0])] : floatProducts(m, shape, io, weights);
  const enable = concat(io.work[last - 1], io.work[last - 2]);
  const sums = heldSums(m, 16, io.read, io.write_sum);
  const head = m.wire('head', sums.head);
  const back = m.declare('sum_before', 16);
  const addend =
    shape.flow === 'inner'
      ? head.or(back.gate(io.keep))
      : shape.flow === 'dot'
        ? head.gate(io.anew.not())
        : head;
  const { sum } = m.instance('accumulate', gatedAdder.module, { a: values[0], b: addend, enable });
  back.drive(sum);
  sums.next(sum);
  return head;
}

/** Products in registers, and of a dot product their sum by a balanced tree. */
function floatProducts(m: ModuleBuilder, shape: ReuseShape, io: Io, weights: readonly Bits[]): Bits[] {
  const product = shape.pick === 'space' ? floatPicker.module : floatMultiplier.module;
  let values = io.bus.map(
    (bus, k) =>
      m.instance(`product_${k}`, product as typeof floatMultiplier.module, {
        bus,
        weight: weights[k],
        work: io.work[0],
      }).product,
  );
  for (let level = 0; values.length > 1; level++) {
    const enable = concat(io.work[2 * level + 2], io.work[2 * level + 1]);
    values = Array.from({ length: values.length / 2 }, (_, i) => {
      const [a, b] = [values[2 * i], values[2 * i + 1]];
      return m.instance(`add_${level}_${i}`, gatedAdder.module, { a, b, enable }).sum;
    });
  }
  return values;
}

/**
 * As in Mugi's node: column c is late by c cycles, the spike of a weight passes from column to column and clocks what is there
 * into the column's slot, and slots are read in the order of the columns in the next frame, when the weight's sign joins.
 */
function floatInTime(m: ModuleBuilder, io: Io, weight: Bits): Bits {
  const { negative, size } = signAndSize(weight);
  let spike = m.wire('spike', select(m.wire('weight_size', size), io.phase));
  const slots = io.bus.map((value, c) => {
    const element = m.instance(`element_${c}`, processingElement.module, { spike, value });
    spike = element.spike_next;
    return element.slot;
  });
  const late = m.delay('late_sign', negative, { enable: io.turn });
  return turned(oneOf(io.which, slots), late);
}
