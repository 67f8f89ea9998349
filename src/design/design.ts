import type { DesignArithmetic } from '../vlp/arithmetic.ts';
import type { Inventory } from '../artifact/inventory.ts';
import type { NonlinearName } from '../workload/operator.ts';
import type { GemmCount, NonlinearCount } from './mapping/counts.ts';

export const MEMORIES = ['input', 'weight', 'output'] as const;
export type MemoryName = (typeof MEMORIES)[number];

/** What the components of a design call a memory. */
export const sramName = (memory: MemoryName): string => `${memory}_sram`;

/** An SRAM of four banks; double buffering leaves half of it to a tile. */
export interface Sram {
  wordBits: number;
  depthPerBank: number;
  /** Clock cycles of an access; when absent, as many as the technology's cycle time makes. */
  accessCycles?: number;
}

export const BANKS = 4;
export const sramBits = ({ wordBits, depthPerBank }: Sram): number => BANKS * wordBits * depthPerBank;

/** What a mapping can be bound by; where two take equally long, the earlier one is named. */
export const RESOURCES = [
  'array',
  'vector',
  'input-sram',
  'weight-sram',
  'output-sram',
  'noc',
  'dram',
] as const;
export type Resource = (typeof RESOURCES)[number];

/** How often an event occurs in a mapping, for energy (only lanes in use) and for time (all steps), and how long. */
export interface Rule<Count extends string> {
  event: string;
  energy: Count;
  time: Count;
  /** Cycles of one occurrence. */
  cycles: number;
  resource: Resource;
  /** Factor on the energy count; 1 when absent. */
  share?: number;
}

/** Off-chip tile of a GEMM, elements of each axis; clipped to the matrix. */
export interface TileSize {
  m: number;
  k: number;
  n: number;
}

/** How the array's pipeline fills and drains around its steps. */
export type Pipeline =
  /** Neither fills nor drains. */
  | { kind: 'ideal' }
  /**
   * A tail of this many cycles behind every mapping: VLP latency and output drain, adder tree. `perTile` is what each
   * output tile of the array takes besides, when its results leave before the next tile begins (`drainCycles`). With
   * `inStep` they leave in the first step of the next, a sum as another takes its place; then it is what that step waits.
   */
  | { kind: 'tail'; cycles: number; perTile?: number; inStep?: true }
  | WeightStationary
  /**
   * Systolic, both operands skewed, results read in place: folds × (K + R + C − 2), and `perTile` as above. A period of
   * more than one cycle, in which a lane gives a sum, takes from the skew what it lets the last lane wait less.
   */
  | { kind: 'output-stationary'; perTile?: number; period?: number; tail?: number };

/** Weights stay in the cells, C lanes of K by R of N, while rows of activations pass: a fold. */
export interface WeightStationary {
  kind: 'weight-stationary';
  /**
   * Weight registers of a cell. One (also when absent): weights enter over C cycles once the fold before is through the
   * array, folds × (C + M + skew). Two: while it runs, folds × max(M, C), and the first load and the skew once a mapping.
   */
  registers?: 1 | 2;
  /** Cycles from the last activation at the first cell to the last cell's; R + C − 2 when absent. */
  skew?: number;
  /** Cycles behind a mapping: trees, conversions, accumulators. */
  tail?: number;
  /** Weights are loaded again for every off-chip tile of M, as they are moved; else once for all of M (SCALE-Sim). */
  reloads?: boolean;
}

export interface ArrayShape {
  /** Lanes of the activation axis M. */
  columns: number;
  /** Lanes of the weight axis N (and of K, where an axis of K is cut for the array). */
  rows: number;
  /** Products of the K axis in one step: 16 in the tensor core, else 1. */
  depth: number;
  /** Cycles of one step: 8 with a 3-bit temporal code, else 1. */
  stepCycles: number;
  /** What the node keeps while it walks its tile; decides how often SRAM is read. */
  stationary: 'output' | 'weight';
  pipeline: Pipeline;
  /**
   * Cycles from the last chain of an output tile that leaves a node of a mesh to the first that its neighbour adds to;
   * when absent, those of a multiplier, an adder and a link.
   */
  pass?: number;
  /** How loads of weights and scalings of results are counted for energy: as they occur, or as the artifact does. */
  counting?: 'artifact';
  /** Bits of the widest weight that the array takes. */
  weightBits: number;
}

export interface NonlinearUnit {
  /** Elements side by side. */
  lanes: number;
  /** True when a tile's inputs also pass through the weight SRAM (Mugi). */
  throughWeightSram: boolean;
  softmax: NonlinearRun;
  /** SiLU, GELU. */
  activation: NonlinearRun;
  /** 1/√x, sin and cos, where the array looks them up (`VlpSwitches`). */
  lookUp?: NonlinearRun;
  /** Words of the look-up table read in one step, and written once a mapping; 0 without a table in SRAM. */
  lutWords: { read: number; write: number };
}

/** How one kind of nonlinear function runs. */
export interface NonlinearRun {
  rules: readonly Rule<NonlinearCount>[];
  /** Passes over the tensor in the output SRAM. */
  reads: number;
  writes: number;
  /** The array's sequence, where it is known cycle by cycle. */
  sequence?: Sequence;
}

export interface Sequence {
  /** Cycles of a step, of each tile of rows, and behind a mapping. */
  step: number;
  perTile: number;
  tail: number;
  /**
   * How often a step reads the look-up table: twice for both signs. A row of the table is read in one cycle, since its
   * words lie in different banks, and what that takes is in the sequence.
   */
  lutPasses: number;
}

/** The units that element-wise operators run on. */
export interface ElementwiseUnit {
  multiplyLanes: number;
  addLanes: number;
  /** Multiplications of one reciprocal or reciprocal root by iteration. */
  divideMultiplies: number;
}

/** An accelerator: what it is made of, how operators map onto it, and what each event switches. Plain data. */
export interface Design extends Inventory {
  name: string;
  title: string;
  family: string;
  /** Nodes of the mesh; 1 × 1 without a NoC. */
  nodes: { rows: number; columns: number };
  /** True where a model of the design divides all work evenly among its nodes, whatever its shape. */
  divided?: boolean;
  array: ArrayShape;
  /** Off-chip tile of every GEMM; the largest that fits the SRAM when absent. */
  tile?: TileSize;
  sram: Readonly<Record<MemoryName, Sram>>;
  gemm: readonly Rule<GemmCount>[];
  /** Lanes that dequantise results: all rows, a narrower vector, or the tensor core's plane. */
  scaling: { kind: 'rows' } | { kind: 'vector'; lanes: number } | { kind: 'plane' };
  nonlinear: NonlinearUnit;
  elementwise: ElementwiseUnit;
  /** How non-linear functions are computed: decides the accuracy. */
  method: 'vlp' | 'lut' | 'precise' | 'pwl' | 'taylor';
  /** What it computes, to the bit: functions by `method`, everything else as said here. */
  arithmetic: DesignArithmetic;
  /** Bits of a scale where it is stored and moved; 0 where a model of the design leaves scales out. */
  scaleBits: number;
  /** "published" when the paper's model prices this size; else what is extrapolated. */
  provenance: string;
  /** Logic classes of its parts that the technology has no price for, and what is priced in their place. */
  unpriced?: readonly { class: string; instead: string }[];
}

/** How the design runs a nonlinear function. */
export const runOf = ({ nonlinear }: Design, fn: NonlinearName): NonlinearRun =>
  fn === 'softmax' ? nonlinear.softmax : nonlinear.activation;

export const nodeCount = (design: Design): number => design.nodes.rows * design.nodes.columns;

/** Whether operators are mapped onto the nodes of a mesh, each with a share of its own. */
export const isMeshed = (design: Design): boolean => nodeCount(design) > 1 && design.divided !== true;

/** Multiply-accumulates per cycle of the whole chip at full use. */
export const peakMacs = (design: Design): number => {
  const { columns, rows, depth, stepCycles } = design.array;
  return (nodeCount(design) * columns * rows * depth) / stepCycles;
};

/** `mugi-256`, or `mugi-256@4x4` for a mesh of nodes. */
export const meshedName = ({ name, nodes: { rows, columns } }: Pick<Design, 'name' | 'nodes'>): string =>
  rows * columns === 1 ? name : `${name}@${rows}x${columns}`;
