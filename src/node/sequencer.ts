import * as F from './frame.ts';
import type { LaneControl } from './vector-unit.ts';

/** Cycles from the row bus, or from the head of the ring, through multiplier and adder to the result pins. */
export const VECTOR_LATENCY = 5;

/**
 * CNT and the frame pipeline. CNT is the shared up-counter of the temporal code (Mugi §4, Fig. 9); its wrap moves
 * every frame one stage on and takes the next one in. Some controls are needed a few cycles after their stage:
 * the arrays `…Late` hold them by age.
 */
export class Sequencer {
  count = F.FRAME_CYCLES - 1;
  /** Parity of the frame in the load stage; stages two apart share it. */
  parity = 1;
  load = F.IDLE;
  hold = F.IDLE;
  active = F.IDLE;
  out = F.IDLE;
  emit = F.IDLE;
  readonly loadLate = new Uint32Array(3);
  readonly countLate = new Uint8Array(3).fill(F.FRAME_CYCLES - 1);
  readonly parityLate = new Uint8Array(3).fill(1);
  emitLate = F.IDLE;
  outLate = F.IDLE;
  /** Whether a product was begun `age` cycles ago, and whether a partial result is to be added to it. */
  readonly resultLate = new Uint8Array(VECTOR_LATENCY + 1);
  readonly partialLate = new Uint8Array(VECTOR_LATENCY + 1);

  /** Sets what the vector lanes do in this cycle. */
  laneControl(control: LaneControl): void {
    const { load, out, count } = this;
    control.chunk = count;
    control.weight = (load & F.WEIGHT) !== 0;
    control.subtract = (load & F.SUBTRACT) !== 0;
    control.maximum = (load & F.MAXIMUM) !== 0;
    control.first = (load & F.FIRST) !== 0;
    control.scale = (load & F.SCALE) !== 0;
    control.scaleNibble = (load & F.DRAIN) !== 0 && count < 4;
    control.scaleChunk = F.chunkOf(load);
    control.outChunk = F.chunkOf(out);
    control.reciprocal = (this.outLate & F.RECIPROCAL) !== 0 && this.countLate[1] === 0;
    control.lateChunk = F.chunkOf(this.outLate);
    control.partial = this.partialLate[3] === 1;
  }

  /** One clock edge; `next` is the frame to load if this edge begins one. */
  clock(next: number): void {
    const { loadLate, countLate, parityLate, resultLate, partialLate } = this;
    loadLate[2] = loadLate[1];
    loadLate[1] = this.load;
    countLate[2] = countLate[1];
    countLate[1] = this.count;
    parityLate[2] = parityLate[1];
    parityLate[1] = this.parity;
    this.emitLate = this.emit;
    this.outLate = this.out;
    for (let age = VECTOR_LATENCY; age > 1; age--) {
      resultLate[age] = resultLate[age - 1];
      partialLate[age] = partialLate[age - 1];
    }
    resultLate[1] = (this.load & F.SCALE) !== 0 || (this.out & F.DRAIN) !== 0 ? 1 : 0;
    partialLate[1] = (this.out & F.PARTIAL) !== 0 ? 1 : 0;
    if (this.count === F.FRAME_CYCLES - 1) {
      this.count = 0;
      this.parity ^= 1;
      this.emit = this.out;
      this.out = this.active;
      this.active = this.hold;
      this.hold = this.load;
      this.load = next;
    } else this.count++;
  }
}
