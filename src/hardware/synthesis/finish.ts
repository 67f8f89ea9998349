import type { Library } from '../liberty/library.ts';
import { type Buffered, bufferNetlist } from './timing/buffering.ts';
import { type Gated, gateClocks } from './clock-gating.ts';
import type { Netlist } from './netlist.ts';
import { bufferedPeriod } from './policy.ts';
import { analyseTiming, type Timing } from './timing/timing.ts';

export interface FinishOptions {
  /** Clock frequency that the design should reach, MHz. */
  readonly clock: number;
  /** Wire capacitance, fF a fan-out. */
  readonly wirePerFanout: number;
  /** Without them the netlist stays as mapped and gated. */
  readonly buffers: boolean;
}

/** A mapped netlist with clock gates, buffers and drives, and its static timing. */
export interface Finished extends FinishOptions {
  readonly library: Library;
  readonly gated: Gated;
  readonly buffered: Buffered | undefined;
  readonly netlist: Netlist;
  readonly timing: Timing;
}

/** What follows mapping: clock gates, then buffers and drives where wanted, then static timing. */
export function finish(mapped: Netlist, library: Library, options: FinishOptions): Finished {
  const { clock, wirePerFanout, buffers } = options;
  const gated = gateClocks(mapped, library);
  const buffered = buffers
    ? bufferNetlist(gated.netlist, library, { wirePerFanout, period: bufferedPeriod(clock) })
    : undefined;
  const netlist = buffered?.netlist ?? gated.netlist;
  return {
    ...options,
    library,
    gated,
    buffered,
    netlist,
    timing: analyseTiming(netlist, library, { wirePerFanout }),
  };
}
