import { describe, expect, it } from 'vitest';
import { constant, fileList, module, select, vector, verilog } from '../../src/hardware/index.ts';
import { counter } from './support/examples.ts';

const text = (top: Parameters<typeof verilog>[0]) =>
  verilog(top).find(({ name }) => name === `${top.name}.v`)!.text;

const leaf = (value: number) =>
  module({ name: 'leaf', inputs: { a: 2 } }, (_, { a }) => ({ y: a.add(value) }));

describe('the emitted Verilog', () => {
  it('reads like the description', () => {
    expect(text(counter(3))).toBe(`// A loadable up-counter.
module counter_w3 (
    input wire clock,
    input wire reset,
    input wire enable,
    input wire load,
    input wire [2:0] start,
    output reg [2:0] count,
    output wire wraps
);

    assign wraps = (&count) & enable;

    always @(posedge clock) begin
        if (reset) count <= 3'd0; else if (enable | load) count <= load ? start : (count + 3'd1);
    end
endmodule
`);
  });

  it('emits each module once, children first, and keeps vector ports as buses', () => {
    const pair = module(
      { name: 'pair', inputs: { go: vector(2, 1), start: vector(2, 3) } },
      (m, { go, start }) => ({
        count: [0, 1].map(
          (i) => m.instance(`counter_${i}`, counter(3), { enable: go[i], load: 0, start: start[i] }).count,
        ),
      }),
    );
    const files = verilog(pair);
    expect(files.map(({ name }) => name)).toEqual(['counter_w3.v', 'pair.v']);
    expect(fileList(files)).toBe('counter_w3.v\npair.v\n');
    expect(text(pair)).toContain('input wire [5:0] start,');
    expect(text(pair)).toContain('.start(start[5:3])');
    expect(text(pair)).toContain("wire unused_bits = &{1'b0, counter_0_wraps, counter_1_wraps};");
  });

  it('refuses two different modules of one name', () => {
    const top = module({ name: 'top', inputs: { a: 2 } }, (m, { a }) => ({
      y: m.instance('one', leaf(1), { a }).y,
      z: m.instance('two', leaf(2), { a }).y,
    }));
    expect(() => verilog(top)).toThrow(/two different modules are both called "leaf"/);
  });

  it('writes choices as case statements and ROMs as memory files', () => {
    const top = module({ name: 'top', inputs: { a: 2 } }, (m, { a }) => ({
      y: m.wire('chosen', select(a, [a, a.not(), constant(1, 2)])),
      z: m.rom('words', 9, [1, 0x1ff, 7, 0]).read(a),
    }));
    expect(text(top)).toContain("2'd1: chosen = ~a;");
    expect(text(top)).toContain("default: chosen = 2'd0;");
    expect(verilog(top).at(-1)).toEqual({ name: 'top_words.mem', text: '001\n1ff\n007\n000\n' });
  });
});
