// E-proc: extreme exponent of a mapping over lanes and chunks, and the sliding window that follows it.
module e_proc_1 (
    input wire clock,
    input wire [15:0] x,
    input wire live,
    input wire search,
    input wire [2:0] count,
    input wire choose,
    input wire [7:0] low,
    input wire [7:0] high,
    input wire follow_min,
    output wire [7:0] window_low,
    output wire [2:0] offset
);
    reg [7:0] exponent_0;
    reg [7:0] extreme_0_0;
    reg [7:0] extreme_1_0;
    reg [7:0] extreme_2_0;
    reg [7:0] running;
    reg [7:0] window;
    wire last;
    wire [7:0] t0;
    wire [7:0] t1;
    wire [7:0] t2;

    assign t0 = (running < low) ? low : running;
    assign t1 = (high < running) ? high : running;
    assign t2 = window - low;
    assign last = count == 3'd6;
    assign window_low = window;
    assign offset = t2[2:0];

    always @(posedge clock) begin
        if (search) exponent_0 <= ((live & (|x[14:7])) & (~(&x[14:7]))) ? (x[14:7] + {7'h0, (&x[6:3]) & (~(&x[14:7]))}) : {8{follow_min}};
        if (search) extreme_0_0 <= exponent_0;
        if (search) extreme_1_0 <= extreme_0_0;
        if (search) extreme_2_0 <= extreme_1_0;
        if (search) running <= last ? extreme_2_0 : (((running < extreme_2_0) ^ follow_min) ? extreme_2_0 : running);
        if (last & choose) window <= follow_min ? (((high - 8'h7) < t0) ? (high - 8'h7) : t0) : ((t1 < (low + 8'h7)) ? low : (t1 - 8'h7));
    end

    wire unused_bits = &{1'b0, x[2:0], x[15], t2[7:3]};
endmodule
