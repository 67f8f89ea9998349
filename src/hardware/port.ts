import type { Bits } from './bits.ts';
import { invalid } from './explain.ts';
import type { Signal } from './expression.ts';

/** A port's shape: its width in bits, or lanes of equal width that share one packed bus in the Verilog. */
export type PortShape = number | VectorShape;

export interface VectorShape {
  readonly lanes: number;
  readonly width: number;
}

export type Ports = Readonly<Record<string, PortShape>>;

/** The bits of each port inside the module: one vector, or a list of lanes. */
export type PortValues<P extends Ports> = {
  readonly [K in keyof P]: P[K] extends number
    ? Bits
    : P[K] extends { lanes: number }
      ? readonly Bits[]
      : Bits | readonly Bits[];
};

/**
 * The shape of a port with `lanes` equal lanes of `width` bits: `weight: vector(height, 4)`.
 * @throws MugiError for fewer than one lane or bit
 */
export function vector(lanes: number, width: number): VectorShape {
  if (!Number.isInteger(lanes) || lanes < 1) throw invalid(`a vector needs at least one lane, got ${lanes}`);
  if (!Number.isInteger(width) || width < 1)
    throw invalid(`a lane must be at least 1 bit wide, got ${width}`);
  return { lanes, width };
}

export interface InputPort {
  readonly name: string;
  /** Of one lane. */
  readonly width: number;
  readonly lanes: number | undefined;
  readonly signals: readonly Signal[];
}

/** The signals of a port: one, or one per lane. `name` is what the module calls it, `net` the Verilog net. */
export function portSignals(
  kind: Signal['kind'],
  module: string,
  name: string,
  net: string,
  shape: PortShape,
): Signal[] {
  return typeof shape === 'number'
    ? [scalar(kind, module, name, net, shape)]
    : lanes(kind, module, name, net, shape);
}

export function scalar(
  kind: Signal['kind'],
  module: string,
  name: string,
  net: string,
  width: number,
): Signal {
  return { kind, module, name, net, width, netWidth: width, offset: 0 };
}

function lanes(
  kind: Signal['kind'],
  module: string,
  name: string,
  net: string,
  { lanes: count, width }: VectorShape,
): Signal[] {
  return Array.from({ length: count }, (_, i) => ({
    kind,
    module,
    name: `${name}[${i}]`,
    net,
    width,
    netWidth: count * width,
    offset: i * width,
  }));
}

// Reserved words of Verilog-2005 and SystemVerilog (tools read .v files as either), of the C++ that Verilator
// generates, and our implicit ports.
const RESERVED = new Set(
  `always and assign automatic begin buf case casex casez cell config deassign default defparam design disable
  edge else end endcase endfunction endgenerate endmodule endtask event for force forever fork function generate
  genvar if initial inout input instance integer join large liblist library localparam macromodule medium module
  nand negedge nor not or output parameter posedge primitive pull0 pull1 real realtime reg release repeat
  scalared signed small specify specparam strong0 strong1 supply0 supply1 table task time tran tri tri0 tri1
  triand trior trireg unsigned use vectored wait wand weak0 weak1 while wire wor xnor xor accept_on alias always_comb always_ff always_latch assert assume before bind bins
  binsof bit break byte chandle checker class clocking const constraint context continue cover covergroup
  coverpoint cross dist do endchecker endclass endclocking endgroup endinterface endpackage endprogram endproperty
  endsequence enum eventually expect export extends extern final first_match foreach forkjoin global iff
  ignore_bins illegal_bins implements implies import inside int interconnect interface intersect let local logic
  longint matches modport nettype new nexttime null package packed priority program property protected pure rand
  randc randcase randsequence ref reject_on restrict return s_always s_eventually s_nexttime s_until sequence
  shortint shortreal soft solve static string strong struct super tagged this throughout timeprecision timeunit
  type typedef union unique unique0 until untyped var virtual void wait_order weak wildcard with within asm auto bool catch
  char delete double explicit false far float friend goto huge inline long mutable namespace near operator private
  public register short sizeof switch template throw true try volatile clock reset`.split(/\s+/),
);

export function checkName(what: string, name: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || RESERVED.has(name)) {
    throw invalid(`"${name}" cannot be a ${what}: it must be a Verilog identifier and not a reserved word`);
  }
}
