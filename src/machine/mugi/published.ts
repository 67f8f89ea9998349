/**
 * Areas that were published for the node, as facts: to be printed beside ours, never fitted to. What they include
 * (cells or core, vector unit, memories) is not stated.
 */
export interface PublishedArea {
  readonly area_mm2: number;
  readonly source: string;
}

/** By number of rows; eight columns each. */
export const PUBLISHED_NODES: Readonly<Record<number, PublishedArea>> = {
  8: { area_mm2: 0.056, source: 'Mugi (arXiv 2601.10823): placed and routed 8 x 8 node' },
  128: { area_mm2: 0.5, source: 'Mugi, Fig. 13: node without SRAM, 128 rows' },
  256: { area_mm2: 0.9, source: 'Mugi, Fig. 13: node without SRAM, 256 rows' },
};

/** A block of the published cost tables, and modules of the node with corresponding contents. */
export interface PublishedBlock {
  readonly block: string;
  /** Our modules, and how many of each stand for the block. */
  readonly ours: Readonly<Record<string, number>>;
  /** Rows of the published table (`src/technology`), likewise, and the area of what the table has no row for. */
  readonly published: { readonly table?: Readonly<Record<string, number>> } & Partial<PublishedArea>;
  /** In what the two differ. */
  readonly difference: string;
}

export const PUBLISHED_BLOCKS: readonly PublishedBlock[] = [
  {
    block: 'BF16 adder',
    ours: { row_adder: 1 },
    published: { table: { adderbf16: 1 } },
    difference: 'ours: a pipeline cut inside and gradual underflow; theirs: one register, for the sum',
  },
  {
    block: 'BF16 multiplier',
    ours: { bf16_multiplier_p2_gated: 1 },
    published: { table: { multiplierbf16: 1 } },
    difference: 'ours: two pipeline cuts and gradual underflow; theirs: one register, for the product',
  },
  {
    block: 'sliding window',
    ours: { sliding_window: 1 },
    published: { table: { vlp_window: 1 } },
    difference: 'theirs also holds its output and takes the extreme exponent',
  },
  {
    block: 'M-proc',
    ours: { m_proc: 1 },
    published: { table: { vlp_round: 1 } },
    difference: 'theirs also holds its output, some 13 registers',
  },
  {
    block: 'E-clamp',
    ours: { exponent_clamp: 1 },
    published: { table: { vlp_clamp: 1 } },
    difference: 'contents of theirs unknown; ours has no registers',
  },
  {
    block: 'PP',
    ours: { post_processing: 1 },
    published: { table: { exp_norm: 1, exp_select: 1 } },
    difference: 'ours also holds the special value, the result in the making and the one that leaves',
  },
  {
    block: 'temporal converter',
    ours: { temporal_converter: 1 },
    published: { table: { comparator: 4, register: 4 } },
    difference: 'ours: five registers with enable, and the choice of sign',
  },
  {
    block: 'eight PEs, OR trees and deskew buffer',
    ours: { processing_element: 8, deskew_buffer: 1 },
    published: {
      table: { register: 8, and_bitwise: 128, or_bitwise: 256 },
      area_mm2: 0.0013853,
      source: 'Mugi artifact (ArchX, MIT): DOUBLE_INPUT_FIFO, post-route report',
    },
    difference:
      'ours: a slot a PE, which the spike clocks, and no gates or trees in front; eight 16-bit words in both',
  },
  {
    block: 'iAcc',
    ours: { input_accumulator: 1 },
    published: { table: { multiplierbf16: 1 } },
    difference: 'ours sums the significand; theirs is a BF16 multiplier',
  },
];
