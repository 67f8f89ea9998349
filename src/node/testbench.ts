import type { VerilogFile } from '../rtl/verilog/verilog.ts';
import { packLanes } from './gate-run.ts';
import type { NodeConfiguration } from './node.ts';
import { configurationPins } from './node-module.ts';
import type { Observer } from './run.ts';
import { LUT_WIDTH } from './sliding-window.ts';

/** Fields of a vector, most significant first: pins that are driven, then what must be seen. */
function fields(rows: number): [name: string, width: number][] {
  const lanes = rows / 8;
  return [
    ['frame', 19],
    ['data', 16 * lanes],
    ['nibble', 4 * lanes],
    ['live', lanes],
    ['column', 16 * LUT_WIDTH],
    ['expected_valid', 1],
    ['expected_result', 16 * lanes],
    ['expected_spikes', 8 * rows],
  ];
}

const DRIVEN = 5;

/** An observer that keeps one test vector per cycle: the pins, and what the cycle model shows. */
export function vectorRecorder(rows: number): { observe: Observer; vectors: bigint[] } {
  const vectors: bigint[] = [];
  const shape = fields(rows);
  const join = (values: readonly bigint[]): bigint =>
    shape.reduce((word, [, width], i) => (word << BigInt(width)) | values[i], 0n);
  return {
    vectors,
    observe(cycle, node) {
      const { frame, data, nibble, live, column } = node.inputs;
      // The edge that begins the first frame comes before the first cycle; nothing is expected there.
      if (cycle === 0) vectors.push(join([BigInt(node.sequencer.load), 0n, 0n, 0n, 0n, 0n, 0n, 0n]));
      const spikes = Array.from({ length: rows }, (_, row) => node.elements.spikes[row] | node.spikeNow(row));
      vectors.push(
        join([
          BigInt(frame),
          packLanes(data, 16),
          packLanes(nibble, 4),
          packLanes(live, 1),
          packLanes(column, 16),
          node.resultValid ? 1n : 0n,
          node.resultValid ? packLanes(node.result, 16) : 0n,
          packLanes(spikes, 8),
        ]),
      );
    },
  };
}

/**
 * A self-checking testbench for `nodeModule(rows)`: it drives the vectors of `testbench.mem`, compares result pins
 * and spikes in every cycle, and prints `PASS` or the first difference. Verilog-2005, for Icarus and Verilator.
 */
export function nodeTestbench(configuration: NodeConfiguration, vectors: readonly bigint[]): VerilogFile[] {
  const { rows } = configuration;
  const shape = fields(rows);
  const total = shape.reduce((sum, [, width]) => sum + width, 0);
  const digits = Math.ceil(total / 4);
  const range = (width: number): string => (width === 1 ? '' : `[${width - 1}:0] `);
  const pins = Object.entries(configurationPins(configuration));
  const widths: Record<string, number> = {
    window_low: 8,
    window_high: 8,
    follow_min: 1,
    zero_value: 16,
    pass_positive: 1,
  };
  const names = shape.map(([name]) => name).join(', ');
  const connect = (name: string): string => `.${name}(${name})`;
  const text = `// Self-checking testbench of mugi_${rows}: one vector per clock, from testbench.mem.
module testbench;
  reg clock;
  reg reset;
  reg [${total - 1}:0] vectors [0:${vectors.length - 1}];
${shape.map(([name, width]) => `  reg ${range(width)}${name};`).join('\n')}
  wire ${range(2 * rows)}result;
  wire result_valid;
  wire ${range(8 * rows)}spikes;
  integer i;
  integer failures;

  mugi_${rows} node (
    .clock(clock), .reset(reset),
    ${shape
      .slice(0, DRIVEN)
      .map(([name]) => connect(name))
      .join(', ')},
    ${pins.map(([name, value]) => `.${name}(${widths[name]}'d${value})`).join(', ')},
    ${['result', 'result_valid', 'spikes'].map(connect).join(', ')}
  );

  initial begin
    $readmemh("testbench.mem", vectors);
    failures = 0;
    {${names}} = vectors[0];
    clock = 0;
    reset = 1;
    #1 clock = 1;
    #1 clock = 0;
    reset = 0;
    for (i = 0; i < ${vectors.length}; i = i + 1) begin
      {${names}} = vectors[i];
      #1;
      if (spikes !== expected_spikes || result_valid !== expected_valid ||
          (expected_valid && result !== expected_result)) begin
        failures = failures + 1;
        if (failures == 1)
          $display("FAIL in cycle %0d: valid %b, result %h, spikes %h; expected %b, %h, %h", i - 1,
            result_valid, result, spikes, expected_valid, expected_result, expected_spikes);
      end
      #1 clock = 1;
      #1 clock = 0;
    end
    if (failures == 0) $display("PASS %0d cycles", ${vectors.length - 1});
    $finish;
  end
endmodule
`;
  const words = vectors.map((vector) => `${vector.toString(16).padStart(digits, '0')}\n`).join('');
  return [
    { name: 'testbench.v', text },
    { name: 'testbench.mem', text: words },
  ];
}
