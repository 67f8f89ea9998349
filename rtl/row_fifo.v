// wFIFO of one row: two entries of a value and a live bit, written and read by mapping parity.
module row_fifo (
    input wire clock,
    input wire reset,
    input wire write,
    input wire write_parity,
    input wire [15:0] data,
    input wire live,
    input wire read_parity,
    output wire [15:0] x,
    output wire x_live
);
    reg [15:0] data_0;
    reg live_0;
    reg [15:0] data_1;
    reg live_1;
    wire t0;
    wire t1;

    assign t0 = write & (~write_parity);
    assign t1 = write & write_parity;
    assign x = read_parity ? data_1 : data_0;
    assign x_live = read_parity ? live_1 : live_0;

    always @(posedge clock) begin
        if (t0) data_0 <= data;
        if (reset) live_0 <= 1'd0; else if (t0) live_0 <= live;
        if (t1) data_1 <= data;
        if (reset) live_1 <= 1'd0; else if (t1) live_1 <= live;
    end
endmodule
