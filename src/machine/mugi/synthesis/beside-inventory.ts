import { COMPONENT_GROUPS, type Component, type ComponentGroup } from '../../../artifact/inventory.ts';
import { mugiInventory } from '../../../artifact/mugi.ts';
import { inventory } from '../../../hardware/inventory.ts';
import { LUT_EXPONENTS } from '../../../vlp/array.ts';
import { nodeModule } from '../node-module.ts';
import { ROWS_PER_LANE } from '../unit/vector-unit.ts';
import { unitOf } from '../../whole/composition.ts';

/** Where each unit of the node belongs among the groups of the published inventory; names without sizes. */
const GROUP_OF: Readonly<Record<string, ComponentGroup>> = {
  row_adder: 'accumulator',
  output_accumulator: 'accumulator',
  input_fifo: 'fifo',
  row_fifo: 'fifo',
  row: 'pe',
  processing_element: 'pe',
  deskew_buffer: 'pe',
  temporal_converter: 'tc',
  sign_converter: 'tc',
  input_accumulator: 'value_reuse',
  e_proc: 'nonlinear',
  sliding_window: 'nonlinear',
  m_proc: 'nonlinear',
  exponent_clamp: 'nonlinear',
  post_processing: 'nonlinear',
  vector_lane: 'vector',
  bf16_multiplier_p2_gated: 'vector',
  bf16_adder_p2_gated: 'vector',
  weight_encoder: 'vector',
  reciprocal: 'vector',
  sequencer: 'control',
  mugi: 'control',
};

/** Why both differ in a group. */
const DIFFERENCE: Readonly<Record<ComponentGroup, string>> = {
  accumulator:
    'eight sums a row are registers beside its adder here, and the adder has registers between its halves; the published sums lie in queues',
  fifo: 'a row queues two values or weights with a live bit; the published queues of eight and two words a row hold sums and results too',
  pe: 'a PE keeps the value that its spike takes, 16 bits, until its row adds it; the published one has the spike alone',
  nonlinear:
    'post-processing keeps a special value, the result and the one that leaves, 16 bits each, with their places; published are a mantissa and an exponent',
  vector:
    'a lane has an adder too, for groups of k and for what softmax subtracts, a register for each of its eight rows, and registers between the stages of both units',
  tc: 'whether the row takes part is kept, too, and the sign of the product that is read',
  value_reuse:
    'multiples of an activation are added up, cycle by cycle, and not multiplied; no broadcast registers',
  control: 'the sequencer says every control a cycle ahead; the published inventory has multiplexers',
};

/** BF16 units, and bits of queues and registers. */
interface Holds {
  adders: number;
  multipliers: number;
  bits: number;
}

const nothing = (): Record<ComponentGroup, Holds> =>
  Object.fromEntries(
    COMPONENT_GROUPS.map((group) => [group, { adders: 0, multipliers: 0, bits: 0 }]),
  ) as Record<ComponentGroup, Holds>;

function published(rows: number): Record<ComponentGroup, Holds> {
  const groups = nothing();
  const { components } = mugiInventory({
    height: rows,
    lut: false,
    exponents: LUT_EXPONENTS,
    cascade: false,
    vector: rows / ROWS_PER_LANE,
  });
  for (const part of components) {
    const holds = groups[part.group];
    if (part.class === 'adderbf16') holds.adders += part.count;
    if (part.class === 'multiplierbf16') holds.multipliers += part.count;
    holds.bits += bitsOf(part);
  }
  return groups;
}

const bitsOf = ({ class: name, count, attributes: { width = 1, depth = 1 } }: Component): number =>
  name === 'register' || name === 'fifo' ? count * width * depth : 0;

function composed(rows: number): Record<ComponentGroup, Holds> {
  const groups = nothing();
  for (const { module, instances, register_bits } of inventory(nodeModule(rows))) {
    const holds = groups[GROUP_OF[unitOf(module)]];
    if (module === 'row_adder' || module.startsWith('bf16_adder')) holds.adders += instances;
    if (module.startsWith('bf16_multiplier')) holds.multipliers += instances;
    holds.bits += instances * register_bits;
  }
  return groups;
}

/**
 * The published inventory of a node beside what ours is composed of, by the groups of the former: BF16 adders and multipliers,
 * and bits of queues and registers. Published prices stand on the first, prices of whole machines on the second.
 */
export function inventoryRows(rows: number) {
  const [theirs, ours] = [published(rows), composed(rows)];
  return COMPONENT_GROUPS.map((group) => ({
    group,
    published_adders: theirs[group].adders,
    adders: ours[group].adders,
    published_multipliers: theirs[group].multipliers,
    multipliers: ours[group].multipliers,
    published_bits: theirs[group].bits,
    bits: ours[group].bits,
    note: DIFFERENCE[group],
  }));
}
