// wFIFO of one row: two entries of a value and a live bit, written and read by mapping parity.
module row_fifo (
    input wire clock,
    input wire [1:0] write,
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

    assign x = read_parity ? data_1 : data_0;
    assign x_live = read_parity ? live_1 : live_0;

    always @(posedge clock) begin
        if (write[0]) data_0 <= data;
        if (write[0]) live_0 <= live;
        if (write[1]) data_1 <= data;
        if (write[1]) live_1 <= live;
    end
endmodule
