import type { Activity } from './activity.ts';
import * as F from './frame.ts';
import { Node, type NodeConfiguration, type NodeInputs } from '../node.ts';
import { VECTOR_LATENCY } from '../sequencer.ts';
import { PARTIAL_STAGE } from '../unit/vector-unit.ts';

/** What the memories put on the node's pins, and where results go; frames are indices into the program. */
export interface Feed {
  /** Row bus in load cycle `chunk` of a frame. */
  row?(frame: number, chunk: number, inputs: NodeInputs): void;
  /** Column bus: the eight activations of a MAC frame. */
  activations?(frame: number, inputs: NodeInputs): void;
  /** Column bus: LUT row `magnitude` of a lookup frame. */
  lookup?(frame: number, magnitude: number, inputs: NodeInputs): void;
  /** Row bus: earlier partial results of column `column` for a drain frame. */
  partial?(frame: number, column: number, inputs: NodeInputs): void;
  /** Results of a frame: `index` is the chunk, or the column of a drain frame. One value per lane. */
  result?(frame: number, index: number, values: Uint16Array): void;
}

export interface Run {
  /** From the first load to the last result, both included. */
  cycles: number;
  /** Frames of the program. */
  frames: number;
  activity: Activity;
}

/** Looks at the node once per cycle, before the clock edge. */
export type Observer = (cycle: number, node: Node) => void;

/** Stages between load and the stage named. */
export const ACTIVE = 2;
export const OUT = 3;
const EMIT = 4;

/** Runs a program of frames to its last result. */
export function runProgram(
  configuration: NodeConfiguration,
  program: Uint32Array,
  feed: Feed,
  observe?: Observer,
  progress?: (frame: number) => void,
): Run {
  const node = new Node(configuration);
  const { inputs } = node;
  const frameAt = (index: number): number => (index >= 0 && index < program.length ? program[index] : F.IDLE);
  inputs.frame = frameAt(0);
  node.clock();
  let last = -1;
  // The longest way out: the emit stage and the vector unit.
  const end = (program.length + EMIT + 2) * F.FRAME_CYCLES;
  for (let cycle = 0; cycle < end; cycle++) {
    const index = cycle >>> 3;
    const slot = cycle & 7;
    if (slot === 7) inputs.frame = frameAt(index + 1);
    drive(inputs, feed, cycle, frameAt);
    if (node.resultValid) {
      last = cycle;
      deliver(node, feed, cycle, frameAt);
    }
    observe?.(cycle, node);
    node.clock();
    if (slot === 0 && (index & 1023) === 0) progress?.(index);
  }
  return { cycles: last + 1, frames: program.length, activity: node.activity };
}

/** Puts on the pins what the frames in flight ask for in this cycle. */
export function drive(
  inputs: NodeInputs,
  feed: Feed,
  cycle: number,
  frameAt: (index: number) => number,
): void {
  const index = cycle >>> 3;
  const slot = cycle & 7;
  const load = frameAt(index);
  if ((load & (F.LOAD | F.MAXIMUM | F.SCALE | F.DRAIN)) !== 0) feed.row?.(index, slot, inputs);
  // Column values are made one cycle ahead of their slot, activations are taken one cycle before that.
  const ahead = (cycle + 1) >>> 3;
  if ((frameAt(ahead - ACTIVE) & F.LOOKUP) !== 0) feed.lookup?.(ahead - ACTIVE, (cycle + 1) & 7, inputs);
  const next = index + 1 - ACTIVE;
  if (slot === 6 && (frameAt(next) & F.MAC) !== 0) feed.activations?.(next, inputs);
  const drained = cycle - PARTIAL_STAGE;
  const out = (drained >> 3) - OUT;
  if ((frameAt(out) & F.PARTIAL) !== 0) feed.partial?.(out, drained & 7, inputs);
}

/** Hands on what is on the result pins in this cycle. */
export function deliver(node: Node, feed: Feed, cycle: number, frameAt: (index: number) => number): void {
  const emitted = ((cycle - 1) >> 3) - EMIT;
  if ((frameAt(emitted) & F.EMIT) !== 0) {
    feed.result?.(emitted, (cycle - 1) & 7, node.result);
    return;
  }
  const begun = cycle - VECTOR_LATENCY;
  const index = begun >> 3;
  const from = (frameAt(index) & F.SCALE) !== 0 ? index : index - OUT;
  feed.result?.(from, begun & 7, node.result);
}
