import { type Bits, concat, constant } from '../../hardware/bits.ts';
import { oneOf } from '../../hardware/choice.ts';
import { module, type ModuleBuilder } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { SUM_BITS } from '../figna/figna-pe.ts';
import { taps } from '../part/gated.ts';
import { exponentRestore, integerConverter } from '../part/integer-to-bf16.ts';
import { LANE_PINS, vectorArray } from '../part/vector-array.ts';
import { anyOf, reuseBuses } from './columns.ts';
import { PRODUCT_BITS } from './integer-products.ts';
import { busLanes, reuseRow, workStages } from './rows.ts';
import { exponentLanes, reuseLanes, type ReuseShape, reuseTiming, TOKENS, weightsOf } from './shape.ts';

/** Bits of a count of products, of which a group has 256 at most. */
const COUNT_BITS = SUM_BITS - PRODUCT_BITS;

/** Which pins carry what: lanes of weights, and lines that say where weights go. */
const reusePins = (shape: ReuseShape) => {
  const { lanes, chunks } = reuseLanes(shape);
  return {
    activation: vector(busLanes(shape), 16),
    /** Exponents that the tokens of the activations share in this group. */
    exponent: vector(exponentLanes(shape), 8),
    valid: 1,
    swap: 1,
    first: 1,
    /** Of the activation; in time all tokens come at once. */
    token: Math.log2(reuseTiming(shape).slots),
    /** `inner`: which k of eight. */
    which: Math.log2(TOKENS),
    nibble: vector(lanes, 4),
    /** Rows, and weights of a row, that take the nibbles. */
    load_chunk: vector(chunks, 1),
    load_weight: vector(weightsOf(shape), 1),
    /** The sum that leaves, of which rows, what its token's exponent is and how many products it has. */
    leave: 1,
    leave_token: Math.log2(reuseTiming(shape).slots),
    leave_chunk: vector(chunks, 1),
    leave_exponent: 8,
    leave_count: COUNT_BITS,
    data: vector(lanes, 16),
    scale: vector(lanes, 16),
    ...LANE_PINS,
  };
};

/** Lines of a token, all low where `enable` is. */
const linesOf = (m: ModuleBuilder, name: string, token: Bits, enable: Bits): Bits[] =>
  Array.from({ length: 2 ** token.width }, (_, i) => m.wire(`${name}_${i}`, token.eq(i).and(enable)));

/** Array of rows of one kind as a whole machine without memories. */
export const reuseModule = (name: string, title: string, shape: ReuseShape) =>
  module(
    {
      name: name.replaceAll('-', '_'),
      doc: `${title}: whole machine without memories.`,
      inputs: reusePins(shape),
    },
    (m, io) => {
      const { row, written } = reuseTiming(shape);
      const { lanes } = reuseLanes(shape);
      const integer = shape.sums === 'integer';
      const valid = taps(m, 'valid', io.valid, written + 1);
      const swap = taps(m, 'swap', io.swap, row - 1);
      const buses = reuseBuses(m, shape, {
        activation: io.activation.map((x, i) => m.delay(`activation_in_${i}`, x, { enable: io.valid })),
        exponent: integer
          ? io.exponent.map((x, i) => m.delay(`exponent_in_${i}`, x, { enable: io.valid }))
          : [],
        valid,
      });

      const loads = m.wire('loads', anyOf(io.load_chunk));
      const nibbles = io.nibble.map((x, i) => m.delay(`nibble_in_${i}`, x, { enable: loads }));
      const toChunk = io.load_chunk.map((x, i) => m.delay(`load_chunk_${i}`, x));
      const toWeight = io.load_weight.map((x, i) => m.delay(`load_weight_${i}`, x));
      const writes = toChunk.map((chunk, c) =>
        toWeight.map((weight, w) => m.wire(`write_${c}_${w}`, chunk.and(weight))),
      );

      const leave = m.delay('leaves', io.leave);
      const leaveToken = m.delay('leave_token_in', io.leave_token, { enable: io.leave });
      const leaving = linesOf(m, 'leave_line', leaveToken, leave);
      const shows = io.leave_chunk.map((x, i) => m.delay(`leave_chunk_${i}`, x));

      const told = { ...control(m, shape, io, valid, leaving), swap: swap[row - 1], bus: buses };
      const rows = reuseRow(shape);
      const heads = Array.from({ length: shape.rows }, (_, i) => {
        const [chunk, lane] = [Math.floor(i / lanes), i % lanes];
        return m.instance(`row_${i}`, rows, { ...told, nibble: nibbles[lane], write: writes[chunk] }).head;
      });
      const sums = Array.from({ length: lanes }, (_, lane) =>
        oneOf(
          shows,
          shows.map((__, chunk) => heads[chunk * lanes + lane]),
        ),
      );
      if (!integer) return { result: vectorArray(m, sums, io) };
      const count = m.delay('leave_count_in', io.leave_count, { enable: io.leave });
      const shared = m.delay('leave_exponent_in', io.leave_exponent);
      const { base, special } = m.instance('restore', exponentRestore.module, { shared });
      const shown = sums.map((raised, i) => {
        // Less what its terms were raised by, 2^15 each.
        const whole = concat(raised.high(COUNT_BITS).sub(count), raised.low(PRODUCT_BITS));
        const sum = m.delay(`leaving_sum_${i}`, whole, { enable: leave });
        return m.instance(`to_bf16_${i}`, integerConverter.module, { sum, base, special }).value;
      });
      return { result: vectorArray(m, shown, io) };
    },
  );

interface Controls {
  readonly first: Bits;
  readonly token: Bits;
  readonly which: Bits;
}

/** What all rows are told beside their weights and the buses. */
function control(
  m: ModuleBuilder,
  shape: ReuseShape,
  io: Controls,
  valid: readonly Bits[],
  leaving: readonly Bits[],
) {
  const { pick, flow, sums } = shape;
  const { row, read, written } = reuseTiming(shape);
  const low = constant(0, 1);
  const none = [low];
  const or = (lines: readonly Bits[]): Bits[] => lines.map((line, i) => line.or(leaving[i]));
  const float = sums === 'bf16';
  if (pick === 'time') {
    const phase = valid.slice(row, row + TOKENS);
    const first = taps(m, 'first', io.first, float ? read : row);
    // A frame's first lasts as long as its columns are added.
    const anew = m.delay('begins', first[(float ? read : row) - 1], {
      enable: valid[(float ? read : row) - 1],
    });
    if (!float) {
      return {
        which: none,
        phase,
        turn: low,
        work: [low],
        read: leaving,
        write_sum: phase,
        anew,
        keep: low,
        take: low,
      };
    }
    const slots = valid.slice(read, read + TOKENS);
    const adds = m.wire('adds', anyOf(slots));
    return {
      which: slots,
      phase,
      turn: valid[read - 1],
      work: [adds, m.delay('adds_late', adds)],
      read: or(slots.map((line) => line.and(anew.not()))),
      write_sum: valid.slice(read + 2, read + 2 + TOKENS),
      anew: low,
      keep: low,
      take: low,
    };
  }
  const token = taps(m, 'token', io.token, written);
  const first = taps(m, 'first', io.first, read);
  const inner = flow === 'inner';
  const which = inner ? taps(m, 'which', io.which, written) : [];
  const begins = inner ? which[read].isZero() : undefined;
  const ends = inner ? which[written].all() : undefined;
  const adds = valid[read];
  // Where sums can leave while new ones begin, the old ones are read for that and gated.
  const reads = flow === 'dot' ? adds : adds.and(first[read].not());
  return {
    which: inner
      ? Array.from({ length: TOKENS }, (_, i) => m.wire(`which_line_${i}`, which[row].eq(i).and(valid[row])))
      : none,
    phase: none,
    turn: low,
    work: valid.slice(row, row + workStages(shape)),
    read: or(linesOf(m, 'read_line', token[read], begins === undefined ? reads : reads.and(begins))),
    write_sum: linesOf(
      m,
      'sum_line',
      token[written],
      ends === undefined ? valid[written] : valid[written].and(ends),
    ),
    anew: flow === 'dot' ? first[read] : low,
    keep: begins === undefined ? low : m.wire('keeps', adds.and(begins.not())),
    take: ends === undefined ? low : m.wire('takes', adds.and(which[read].all().not())),
  };
}
