import { type Activity, noActivity } from './program/activity.ts';
import { DeskewBuffer } from './unit/deskew-buffer.ts';
import { ExponentProcessor, type BiasedWindow } from './unit/e-proc.ts';
import * as F from './program/frame.ts';
import { InputAccumulators } from './unit/input-accumulator.ts';
import { InputFifo } from './unit/input-fifo.ts';
import { MAGNITUDE_MASK, SPLIT_SIGN, splitAndRound } from './unit/m-proc.ts';
import { type Accumulation, OutputAccumulator } from './unit/output-accumulator.ts';
import { type OutsideWindow, PostProcessing } from './unit/post-processing.ts';
import { ProcessingElements } from './unit/processing-element.ts';
import { COLUMNS, LUT_EXPONENTS, WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { RowFifo } from './unit/row-fifo.ts';
import { Sequencer, VECTOR_LATENCY } from './sequencer.ts';
import { SignConverter } from './unit/sign-converter.ts';
import { slideWindow } from './unit/sliding-window.ts';
import { TemporalConverter } from './unit/temporal-converter.ts';
import { type LaneControl, ROWS_PER_LANE, VectorUnit } from './unit/vector-unit.ts';

/** What stays the same during a run: the array's height, the function's window and its values outside it. */
export interface NodeConfiguration {
  rows: number;
  window: BiasedWindow;
  outside: OutsideWindow;
  accumulation: Accumulation;
}

/** The node's input pins in one cycle; the memories fill them before `Node.clock`. */
export interface NodeInputs {
  /** The frame that begins in the next cycle; looked at when CNT is 7. */
  frame: number;
  /** Row bus, one lane per eight rows: BF16 value, INT4 weight (two's complement), whether the row is live. */
  data: Uint16Array;
  nibble: Uint8Array;
  live: Uint8Array;
  /** Column bus: a LUT row of twelve entries, or eight activations. */
  column: Uint16Array;
}

const WRAP = F.FRAME_CYCLES - 1;

/**
 * The Mugi node, cycle by cycle (Mugi Fig. 9 and 10), as plain state and rules: the reference that the RTL must
 * equal. `result` and `resultValid` are the output pins of the present cycle; `clock` is one edge. Within it the
 * units run from the outputs back to the inputs, so that each reads the state before the edge.
 */
export class Node {
  readonly configuration: NodeConfiguration;
  readonly lanes: number;
  readonly inputs: NodeInputs;
  readonly sequencer = new Sequencer();
  readonly vector: VectorUnit;
  readonly fifo: RowFifo;
  readonly exponent: ExponentProcessor;
  readonly converter: TemporalConverter;
  readonly sign: SignConverter;
  readonly elements: ProcessingElements;
  readonly deskew: DeskewBuffer;
  readonly post: PostProcessing;
  readonly accumulator: OutputAccumulator;
  readonly inputFifo = new InputFifo();
  readonly inputAccumulators = new InputAccumulators();
  readonly activity: Activity = noActivity();
  readonly #values = new Uint16Array(COLUMNS);
  readonly #back: Uint16Array;
  readonly #control: LaneControl = {
    chunk: 0,
    weight: false,
    subtract: false,
    maximum: false,
    first: false,
    scale: false,
    scaleNibble: false,
    scaleChunk: 0,
    outChunk: 0,
    reciprocal: false,
    lateChunk: 0,
    partial: false,
  };
  readonly #laneInputs;
  #wasGemm = -1;

  constructor(configuration: NodeConfiguration) {
    const { rows, window, outside, accumulation } = configuration;
    this.configuration = configuration;
    this.lanes = rows / ROWS_PER_LANE;
    this.inputs = {
      frame: F.IDLE,
      data: new Uint16Array(this.lanes),
      nibble: new Uint8Array(this.lanes),
      live: new Uint8Array(this.lanes),
      column: new Uint16Array(LUT_EXPONENTS),
    };
    this.vector = new VectorUnit(this.lanes);
    this.fifo = new RowFifo(rows);
    this.exponent = new ExponentProcessor(window);
    this.converter = new TemporalConverter(rows);
    this.sign = new SignConverter(rows);
    this.elements = new ProcessingElements(rows);
    this.deskew = new DeskewBuffer(rows);
    this.post = new PostProcessing(rows, outside);
    this.accumulator = new OutputAccumulator(rows, accumulation);
    this.#back = new Uint16Array(this.lanes);
    const { data, live, nibble } = this.inputs;
    this.#laneInputs = { data, live, nibble, back: this.#back };
  }

  /** Results leave from the read-back register (nonlinear) or behind the lanes' adders. */
  get result(): Uint16Array {
    return (this.sequencer.emitLate & F.EMIT) !== 0 ? this.vector.readBack : this.vector.result;
  }

  get resultValid(): boolean {
    const { emitLate, resultLate } = this.sequencer;
    return (emitLate & F.EMIT) !== 0 || resultLate[VECTOR_LATENCY] === 1;
  }

  /** Whether the row's converter spikes in this cycle: column 0's select, before the edge. */
  spikeNow(row: number): number {
    const { active, count } = this.sequencer;
    const { magnitude, sign, live } = this.converter;
    const negative = (active & F.NEGATIVE) !== 0 ? 1 : 0;
    const mine = (active & (F.MAC | F.SINGLE)) !== 0 || sign[row] === negative;
    return (active & F.SPIKE) !== 0 && magnitude[row] === count && mine ? live[row] : 0;
  }

  /** One clock edge with the present inputs. */
  clock(): void {
    const { sequencer: s, post } = this;
    const wrap = s.count === WRAP;
    this.#readBack();
    this.#accumulate();
    if ((s.out & F.LOOKUP) !== 0) post.capture(this.deskew.slot, s.count);
    if (wrap) this.#turn();
    this.#array();
    if (wrap && (s.hold & F.SPIKE) !== 0) this.#activate();
    this.#columns();
    this.#load();
    this.#count();
    s.clock(this.inputs.frame);
  }

  /** Rows show results (emit stage) or partial sums (out stage) to their lanes. */
  #readBack(): void {
    const { sequencer: s, post, accumulator, lanes } = this;
    const back = this.#back;
    if ((s.emit & F.EMIT) !== 0) {
      for (let lane = 0; lane < lanes; lane++) back[lane] = post.held[s.count * lanes + lane];
    } else if ((s.out & (F.DRAIN | F.RECIPROCAL)) !== 0) {
      const first = F.chunkOf(s.out) * lanes;
      for (let lane = 0; lane < lanes; lane++) back[lane] = accumulator.head(first + lane, s.count);
    }
  }

  #accumulate(): void {
    const { sequencer: s, activity } = this;
    if ((s.out & F.MAC) !== 0) {
      const first = (s.out & F.FIRST) !== 0;
      activity.accumulate += this.accumulator.addProducts(this.deskew.slot, this.post.hit, s.count, first);
    }
    if ((s.emit & F.SUM) !== 0 && s.count === 0) {
      this.accumulator.addResults(this.post.held, (s.emit & F.FIRST) !== 0);
      activity.sum++;
    }
  }

  /** The end of a frame: results of the out stage are held, the active mapping enters the out stage. */
  #turn(): void {
    const { sequencer: s, post, converter } = this;
    if ((s.out & F.EMIT) !== 0) post.emit();
    if ((s.active & F.LOOKUP) !== 0) {
      const negative = (s.active & F.NEGATIVE) !== 0 ? 1 : 0;
      post.enterLookup(converter.live, converter.sign, (s.active & F.SINGLE) !== 0, negative);
    } else if ((s.active & F.MAC) !== 0) post.enterProducts(converter.live);
    else post.hit.fill(0);
  }

  /** Spikes enter, select column values, and move on. */
  #array(): void {
    const { sequencer: s, activity, converter, elements } = this;
    const anySign = (s.active & (F.MAC | F.SINGLE)) !== 0;
    const negative = (s.active & F.NEGATIVE) !== 0 ? 1 : 0;
    const spikes = converter.compare(s.count, (s.active & F.SPIKE) !== 0, anySign, negative);
    elements.enter(converter.spike);
    const { bus, parities } = this.inputFifo;
    activity.secondSpikeFifo += this.deskew.capture(elements.spikes, bus, parities, this.sign.mask);
    elements.shift();
    activity.temporalCoder += spikes;
    if ((s.active & F.MAC) !== 0) activity.array += spikes * COLUMNS;
    else activity.arraySelect += spikes * COLUMNS;
  }

  /** A mapping leaves the row FIFOs through M-proc, E-clamp and the sign split, and becomes active. */
  #activate(): void {
    const { sequencer: s, fifo, converter, post, activity } = this;
    const { rows } = this.configuration;
    // The hold stage is one frame behind the load stage, so its parity is the other one.
    const parity = s.parity ^ 1;
    const mac = (s.hold & F.MAC) !== 0;
    if (!mac) this.sign.clear(parity);
    // The second pass over a function of both signs keeps the mapping that is active.
    if ((s.hold & F.LOAD) === 0) return;
    const { low } = this.exponent;
    let taken = 0;
    for (let row = 0; row < rows; row++) {
      const x = fifo.data[parity * rows + row];
      const live = fifo.live[parity * rows + row];
      const split = splitAndRound(x);
      converter.magnitude[row] = split & MAGNITUDE_MASK;
      converter.sign[row] = (split & SPLIT_SIGN) !== 0 ? 1 : 0;
      converter.live[row] = live;
      if (mac) this.sign.take(parity, row, (split & SPLIT_SIGN) !== 0);
      else post.take(row, x, live, split, low);
      taken += live;
    }
    if (mac) activity.weightLoad += taken;
    else activity.preProcess += taken;
  }

  /** Row data pass the vector lanes into the row FIFOs and the exponent search. */
  #load(): void {
    const { sequencer: s, vector } = this;
    const choose = (s.hold & (F.LOAD | F.LOOKUP)) === (F.LOAD | F.LOOKUP);
    this.exponent.clock(vector.loaded, vector.live, s.count, choose);
    if ((s.loadLate[2] & F.LOAD) !== 0) {
      this.fifo.write(s.parityLate[2], s.countLate[2], vector.loaded, vector.live);
    }
    s.laneControl(this.#control);
    vector.clock(this.#control, this.#laneInputs);
  }

  /** Column values one cycle ahead of column 0's slot. */
  #columns(): void {
    const { sequencer: s, inputs, inputAccumulators, activity } = this;
    const values = this.#values;
    const ahead = s.count === WRAP ? s.hold : s.active;
    if ((ahead & F.LOOKUP) !== 0) {
      slideWindow(inputs.column, this.exponent.low - this.configuration.window.low, values);
      activity.lutRowLoad++;
    } else if ((ahead & F.MAC) !== 0) {
      inputAccumulators.values(values);
      activity.inputValueReuse++;
    } else values.fill(0);
    const start = s.count === WRAP - 1 && (s.hold & F.MAC) !== 0;
    inputAccumulators.clock(start, inputs.column);
    // The parity of the frame that is active in the cycle in which the values reach column 0.
    this.inputFifo.clock(values, s.count === WRAP ? s.parity ^ 1 : s.parity);
  }

  #count(): void {
    const { sequencer: s, activity: a } = this;
    const { window } = this.configuration;
    const ahead = s.count === WRAP ? s.hold : s.active;
    if ((ahead & F.LOOKUP) !== 0) a.inputSramReads += window.high - window.low >= WINDOW_EXPONENTS ? 2 : 1;
    if ((s.active & F.SPIKE) !== 0) a.counterReuse++;
    if ((s.load & (F.LOAD | F.WEIGHT)) === (F.LOAD | F.WEIGHT)) a.weightSramReads++;
    else if ((s.load & (F.LOAD | F.MAXIMUM | F.SCALE)) !== 0) a.outputSramReads++;
    if ((s.load & F.DRAIN) !== 0 && s.count < 4) a.weightSramReads++;
    if ((s.load & F.MAXIMUM) !== 0) a.maximum++;
    if ((s.load & F.SUBTRACT) !== 0) a.subtract++;
    if ((s.load & F.SCALE) !== 0) a.divide++;
    if (this.#control.partial) {
      a.outputSramReads++;
      a.vectorAdd++;
    }
    if ((s.out & F.DRAIN) !== 0) a.vectorScaling++;
    if ((s.out & F.RECIPROCAL) !== 0 && s.count === 0) a.reciprocal++;
    if (this.resultValid) a.outputSramWrites++;
    if (s.count !== WRAP) return;
    if ((s.active & F.SPIKE) !== 0) {
      a.mappings++;
      const gemm = (s.active & F.MAC) !== 0 ? 1 : 0;
      if (gemm === 1) {
        a.inputLoad++;
        a.inputSramReads++;
      }
      if (this.#wasGemm !== -1 && gemm !== this.#wasGemm) a.modeSwitch++;
      this.#wasGemm = gemm;
    }
  }
}
