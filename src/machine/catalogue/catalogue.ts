import type { Attributes } from '../../technology/technology.ts';
import type { AnyModule } from '../../hardware/index.ts';
import { exponentAllocation, prealigner } from '../figna/figna-align.ts';
import { fignaPe } from '../figna/figna-pe.ts';
import { int4Converter } from '../part/int4-to-bf16.ts';
import { exponentRestore, integerConverter } from '../part/integer-to-bf16.ts';
import {
  bitwise,
  counter,
  equality,
  integerAdder,
  lutDecoder,
  multiplexer,
  plainRegister,
  queue,
} from '../part/logic-blocks.ts';
import {
  exponentSubscription,
  extremeNode,
  registeredClamp,
  registeredRound,
  registeredWindow,
  resultSelection,
} from '../part/nonlinear-blocks.ts';
import { pwlComparator, pwlEncoder, SEGMENTS } from '../part/pwl-lane.ts';
import { registeredAdder, registeredMultiplier } from '../part/registered.ts';
import { routerModule } from '../part/router.ts';
import type { Drives } from './stimulus.ts';

/** A logic class of the cost tables, and the hardware that prices it. */
export interface CatalogueEntry {
  class: string;
  /** What its cost refers to; other values scale linearly, as in the published table. */
  reference: Attributes;
  make(attributes: Attributes): AnyModule;
  /** Further sizes that designs use and that are synthesised too. */
  sizes?: readonly Attributes[];
  drives: Drives;
  /** Uses in a cycle of the stimulus, where it is not one: the evaluation counts routers by the bit. */
  uses?: number;
  /** What is inside, in a few words. */
  contents: string;
}

const width = (...widths: number[]): Attributes[] => widths.map((value) => ({ width: value }));
const plain = (module: AnyModule) => () => module;
/** Biased exponents of numbers around one. */
const EXPONENT = [118, 130] as const;
/** Depths and widths of the queues of all built-in designs. */
const QUEUES: readonly (readonly [number, number])[] = [
  ...[1, 2, 4, 16, 32, 64].map((depth) => [16, depth] as const),
  ...[2, 4, 8, 16, 32, 64].map((depth) => [4, depth] as const),
  ...[1, 2, 4, 8].map((depth) => [8, depth] as const),
  [1, 2],
];

/** Every class of the published table in its order, and FIGNA's integer cell, which that table lacks. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    class: 'adder',
    reference: { width: 32 },
    make: ({ width: w = 1 }) => integerAdder(w),
    sizes: width(1, 2, 3, 4, 5, 8, 15, 17, 20, 21, 22, 23, 24),
    drives: {},
    contents: 'sum of two integers',
  },
  {
    class: 'adderbf16',
    reference: {},
    make: plain(registeredAdder.module),
    drives: { a: 'bf16', b: 'bf16' },
    contents: 'BF16 adder, nearest even, subnormals as zero, one inner stage and an output register',
  },
  bits('and_bitwise', 'and'),
  {
    class: 'ch_aloc',
    reference: {},
    make: plain(exponentAllocation.module),
    drives: { left: EXPONENT, right: EXPONENT, shared: [124, 130], exponent: [118, 124] },
    contents: 'our reading: node of the exponent maximum tree, registered, and the distance of one exponent',
  },
  {
    class: 'ch_dealoc',
    reference: {},
    make: plain(exponentRestore.module),
    drives: { shared: EXPONENT },
    contents: 'our reading: the shared exponent in a register, moved to the top bit of the integer',
  },
  {
    class: 'comparator',
    reference: { width: 1 },
    make: ({ width: w = 1 }) => equality(w),
    sizes: width(2, 3, 4, 5),
    drives: {},
    contents: 'equality of two numbers',
  },
  {
    class: 'counter',
    reference: { width: 3 },
    make: ({ width: w = 1 }) => counter(w),
    sizes: width(1, 2, 4, 5),
    drives: {},
    contents: 'counter with reset',
  },
  {
    class: 'decoder',
    reference: {},
    make: plain(lutDecoder),
    drives: { exponent: [0, 11] },
    contents: 'our reading: one of 192 word lines of the LUT of Mugi-L',
  },
  {
    class: 'exp_norm',
    reference: {},
    make: plain(exponentSubscription),
    drives: { take: 'high', in_window: 'high' },
    contents: 'our reading: place of a row in the window, held and compared with the slot counter',
  },
  {
    class: 'exp_select',
    reference: {},
    make: plain(resultSelection),
    drives: { special: 'bf16', slot: 'bf16' },
    contents: 'our reading: result register that takes a special value or a slot',
  },
  {
    class: 'fifo',
    reference: { width: 16, depth: 8 },
    make: ({ width: w = 1, depth = 1 }) => queue(w, depth),
    sizes: QUEUES.map(([w, depth]) => ({ width: w, depth })),
    drives: { push: 'high', pop: 'high' },
    contents: 'queue of flip-flops, one word in and one out in each use',
  },
  {
    class: 'int_to_bf16',
    reference: {},
    make: plain(int4Converter.module),
    drives: {},
    contents: 'INT4 to BF16',
  },
  {
    class: 'int_to_fp',
    reference: {},
    make: plain(integerConverter.module),
    drives: {
      sum: (_, random) => Math.floor((random() - 0.5) * 2 ** 20) & 0xffffff,
      base: [110, 140],
      special: 'low',
    },
    contents: '24-bit integer with an exponent to BF16, registered',
  },
  {
    class: 'multiplexer',
    reference: { width: 16, inputs: 2 },
    make: ({ width: w = 1, inputs = 2 }) => multiplexer(w, inputs),
    drives: {},
    contents: 'one of two words',
  },
  {
    class: 'multiplierbf16',
    reference: {},
    make: plain(registeredMultiplier.module),
    drives: { a: 'bf16', b: 'bf16' },
    contents: 'BF16 multiplier, nearest even, subnormals as zero, one inner stage and an output register',
  },
  {
    class: 'noc_router',
    reference: { bandwidth: 64 },
    make: ({ bandwidth = 64 }) => routerModule(bandwidth),
    drives: {
      column: () => 2,
      row: () => 2,
      // One word a cycle from the node itself, to neighbours in turn, through an otherwise idle router.
      valid: (_, __, index) => (index === 4 ? 1 : 0),
      taken: 'high',
      flit: routedWord,
    },
    uses: 64,
    contents:
      'five ports, queues of four 64-bit words with their destination, dimension order, round robin; a use is one bit',
  },
  bits('or_bitwise', 'or'),
  {
    class: 'prealigner',
    reference: {},
    make: plain(prealigner.module),
    drives: { x: 'bf16', distance: [0, 8] },
    contents: 'shift of a BF16 significand to twelve aligned bits',
  },
  {
    class: 'pwl_22_seg_encoder',
    reference: {},
    make: plain(pwlEncoder.module),
    drives: { reached: thermometer, coefficients: (_, __, index) => (0x9e3779b1 * (index + 1)) >>> 0 },
    contents: 'choice of one of 22 pairs of BF16 coefficients',
  },
  {
    class: 'pwl_bf_max',
    reference: {},
    make: plain(pwlComparator.module),
    drives: { knot: () => 0x8000 },
    contents: 'comparison of a 16-bit key with a knot',
  },
  {
    class: 'register',
    reference: { width: 1 },
    make: ({ width: w = 1 }) => plainRegister(w),
    drives: {},
    contents: 'flip-flop with reset',
  },
  {
    class: 'vlp_clamp',
    reference: {},
    make: plain(registeredClamp),
    drives: { exponent: EXPONENT, window_low: [120, 124] },
    contents: 'our reading: place of an exponent in the window, registered',
  },
  {
    class: 'vlp_max_min',
    reference: { width: 4 },
    make: plain(extremeNode),
    drives: { a: EXPONENT, b: EXPONENT, follow_min: 'low' },
    contents: 'our reading: a node of the exponent tree; the width of 4 is the published reference, not bits',
  },
  {
    class: 'vlp_round',
    reference: {},
    make: plain(registeredRound),
    drives: { x: 'bf16' },
    contents: 'M-proc, registered',
  },
  {
    class: 'vlp_window',
    reference: {},
    make: plain(registeredWindow),
    drives: { row: 'bf16', offset: [0, 4] },
    contents: 'eight of twelve BF16 entries, registered',
  },
  bits('xnor_bitwise', 'xnor'),
  bits('xor_bitwise', 'xor'),
  {
    class: 'figna_pe',
    reference: {},
    make: plain(fignaPe.module),
    drives: { load: 'loading', activation: (_, random) => Math.floor(random() * 2 ** 13), partial: smallSum },
    contents: 'INT4 × 12-bit significand, 24-bit integer sum, and the registers of a systolic cell',
  },
];

function bits(name: string, operation: Parameters<typeof bitwise>[0]): CatalogueEntry {
  return {
    class: name,
    reference: { width: 1 },
    make: ({ width: w = 1 }) => bitwise(operation, w),
    drives: {},
    contents: 'a gate a bit',
  };
}

/** Partial sums of a few products: the upper bits of the sum repeat its sign. */
function smallSum(_cycle: number, random: () => number): number {
  return Math.floor((random() - 0.5) * 2 ** 18) & 0xffffff;
}

/** Knots reached by a value that lies in any segment: ones up to a place that changes every cycle. */
function thermometer(cycle: number, _random: () => number, index: number): number {
  // A full period of a linear congruence: all segments come equally often.
  return index < (cycle * 13 + 5) % SEGMENTS ? 1 : 0;
}

/** A random 64-bit word for any place of a 5 × 5 mesh. */
function routedWord(_cycle: number, random: () => number): bigint {
  const to = Math.floor(random() * 5) * 16 + Math.floor(random() * 5);
  let word = BigInt(to);
  for (let i = 0; i < 4; i++) word = (word << 16n) | BigInt(Math.floor(random() * 65536));
  return word;
}
