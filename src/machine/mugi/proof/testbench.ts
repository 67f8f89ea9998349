import type { VerilogFile } from '../../../hardware/verilog/verilog.ts';
import { lockstep } from './lockstep.ts';
import { FRAME_BITS } from '../program/frame.ts';
import { packLanes } from './gate-run.ts';
import type { NodeConfiguration } from '../node.ts';
import type { Observer } from '../program/run.ts';
import { COLUMNS, LUT_EXPONENTS } from '../../../vlp/array.ts';
import { ROWS_PER_LANE } from '../unit/vector-unit.ts';

/** Fields of a vector, most significant first: pins that are driven, then what must be seen. */
function fields(rows: number): { driven: [name: string, width: number][]; seen: [string, number][] } {
  const lanes = rows / ROWS_PER_LANE;
  return {
    driven: [
      ['reset', 1],
      ['window_low', 8],
      ['window_high', 8],
      ['follow_min', 1],
      ['zero_value', 16],
      ['pass_positive', 1],
      ['frame', FRAME_BITS],
      ['data', 16 * lanes],
      ['nibble', 4 * lanes],
      ['live', lanes],
      ['column', 16 * LUT_EXPONENTS],
    ],
    seen: [
      ['result_valid', 1],
      ['result', 16 * lanes],
      ['spikes', COLUMNS * rows],
    ],
  };
}

/**
 * An observer that keeps one test vector per clock edge: every pin, and what the cycle model shows. The first vector
 * resets the node, so that vectors of several runs, of any function, may follow each other in one testbench.
 */
export function vectorRecorder(configuration: NodeConfiguration): { observe: Observer; vectors: bigint[] } {
  const vectors: bigint[] = [];
  const { driven, seen } = fields(configuration.rows);
  const pins = new Map([...driven, ...seen].map(([name]) => [name, 0n]));
  const { observe } = lockstep<bigint>(configuration, {
    poke(pin, value) {
      pins.set(pin, BigInt(value));
    },
    drive({ data, nibble, live, column }) {
      pins.set('data', packLanes(data, 16));
      pins.set('nibble', packLanes(nibble, 4));
      pins.set('live', packLanes(live, 1));
      pins.set('column', packLanes(column, 16));
    },
    compare(node, spikes) {
      pins.set('result_valid', node.resultValid ? 1n : 0n);
      pins.set('result', node.resultValid ? packLanes(node.result, 16) : 0n);
      pins.set('spikes', packLanes(spikes, COLUMNS));
    },
    step() {
      const fold = (word: bigint, [name, width]: [string, number]): bigint =>
        (word << BigInt(width)) | pins.get(name)!;
      vectors.push([...driven, ...seen].reduce(fold, 0n));
    },
  });
  return { observe, vectors };
}

/**
 * A self-checking testbench for `nodeModule(rows)`: it drives the vectors of `testbench.mem`, compares result pins
 * and spikes in every cycle without reset, and prints `PASS` and the cycles compared, or the first difference, after
 * which the simulator ends with a status other than 0. Verilog-2005, for Icarus and Verilator: the standard has no
 * task that sets a status, Verilator aborts at `$stop`, and Icarus would wait for a user there.
 */
export function nodeTestbench(rows: number, vectors: readonly bigint[]): VerilogFile[] {
  const { driven, seen } = fields(rows);
  const shape = [...driven, ...seen.map(([name, width]): [string, number] => [`expected_${name}`, width])];
  const total = shape.reduce((sum, [, width]) => sum + width, 0);
  const digits = Math.ceil(total / 4);
  const compared = vectors.filter((vector) => vector >> BigInt(total - 1) === 0n).length;
  const range = (width: number): string => (width === 1 ? '' : `[${width - 1}:0] `);
  const connect = ([name]: [string, number]): string => `.${name}(${name})`;
  const text = `// Self-checking testbench of mugi_${rows}: one vector per clock, from testbench.mem.
module testbench;
  reg clock;
  reg [${total - 1}:0] vectors [0:${vectors.length - 1}];
${shape.map(([name, width]) => `  reg ${range(width)}${name};`).join('\n')}
${seen.map(([name, width]) => `  wire ${range(width)}${name};`).join('\n')}
  integer i;
  integer cycles;
  integer failures;
  reg finished;

  mugi_${rows} node (
    .clock(clock),
    ${[...driven, ...seen].map(connect).join(',\n    ')}
  );

  initial begin
    $readmemh("testbench.mem", vectors);
    cycles = 0;
    failures = 0;
    finished = 0;
    clock = 0;
    for (i = 0; i < ${vectors.length}; i = i + 1) begin
      {${shape.map(([name]) => name).join(', ')}} = vectors[i];
      #1;
      if (reset === 1'b0) begin
        cycles = cycles + 1;
        if (spikes !== expected_spikes || result_valid !== expected_result_valid ||
            (expected_result_valid && result !== expected_result)) begin
          failures = failures + 1;
          if (failures == 1)
            $display("FAIL in vector %0d: valid %b, result %h, spikes %h; expected %b, %h, %h", i,
              result_valid, result, spikes, expected_result_valid, expected_result, expected_spikes);
        end
      end
      #1 clock = 1;
      #1 clock = 0;
    end
    finished = 1;
  end

  // A process of its own: behind the loop, Verilator 5.006 takes the counters for what they were before it.
  always @(posedge finished) begin
    if (cycles != ${compared}) $display("FAIL: %0d of ${compared} cycles compared", cycles);
    if (cycles == ${compared} && failures == 0) begin
      $display("PASS %0d cycles", cycles);
      $finish;
    end
\`ifdef __ICARUS__
    else $finish_and_return(1);
\`else
    else $stop;
\`endif
  end
endmodule
`;
  const words = vectors.map((vector) => `${vector.toString(16).padStart(digits, '0')}\n`).join('');
  return [
    { name: 'testbench.v', text },
    { name: 'testbench.mem', text: words },
  ];
}
