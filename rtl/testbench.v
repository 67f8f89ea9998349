// Self-checking testbench of mugi_8: one vector per clock, from testbench.mem.
module testbench;
  reg clock;
  reg [347:0] vectors [0:821];
  reg reset;
  reg [7:0] window_low;
  reg [7:0] window_high;
  reg follow_min;
  reg [15:0] zero_value;
  reg pass_positive;
  reg [18:0] frame;
  reg [15:0] data;
  reg [3:0] nibble;
  reg live;
  reg [191:0] column;
  reg expected_result_valid;
  reg [15:0] expected_result;
  reg [63:0] expected_spikes;
  wire result_valid;
  wire [15:0] result;
  wire [63:0] spikes;
  integer i;
  integer cycles;
  integer failures;
  reg finished;

  mugi_8 node (
    .clock(clock),
    .reset(reset),
    .window_low(window_low),
    .window_high(window_high),
    .follow_min(follow_min),
    .zero_value(zero_value),
    .pass_positive(pass_positive),
    .frame(frame),
    .data(data),
    .nibble(nibble),
    .live(live),
    .column(column),
    .result_valid(result_valid),
    .result(result),
    .spikes(spikes)
  );

  initial begin
    $readmemh("testbench.mem", vectors);
    cycles = 0;
    failures = 0;
    finished = 0;
    clock = 0;
    for (i = 0; i < 822; i = i + 1) begin
      {reset, window_low, window_high, follow_min, zero_value, pass_positive, frame, data, nibble, live, column, expected_result_valid, expected_result, expected_spikes} = vectors[i];
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
    if (cycles != 819) $display("FAIL: %0d of 819 cycles compared", cycles);
    if (cycles == 819 && failures == 0) begin
      $display("PASS %0d cycles", cycles);
      $finish;
    end
`ifdef __ICARUS__
    else $finish_and_return(1);
`else
    else $stop;
`endif
  end
endmodule
