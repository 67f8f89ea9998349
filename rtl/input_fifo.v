// iFIFO: registers the eight column values and delays column c by c more cycles; so for the parity.
module input_fifo (
    input wire clock,
    input wire [127:0] values,
    input wire parity,
    output wire [127:0] bus,
    output wire [7:0] parities
);
    reg parity_line_0;
    reg parity_line_1;
    reg parity_line_2;
    reg parity_line_3;
    reg parity_line_4;
    reg parity_line_5;
    reg parity_line_6;
    reg parity_line_7;
    reg [15:0] column_0_0;
    reg [15:0] column_1_0;
    reg [15:0] column_1_1;
    reg [15:0] column_2_0;
    reg [15:0] column_2_1;
    reg [15:0] column_2_2;
    reg [15:0] column_3_0;
    reg [15:0] column_3_1;
    reg [15:0] column_3_2;
    reg [15:0] column_3_3;
    reg [15:0] column_4_0;
    reg [15:0] column_4_1;
    reg [15:0] column_4_2;
    reg [15:0] column_4_3;
    reg [15:0] column_4_4;
    reg [15:0] column_5_0;
    reg [15:0] column_5_1;
    reg [15:0] column_5_2;
    reg [15:0] column_5_3;
    reg [15:0] column_5_4;
    reg [15:0] column_5_5;
    reg [15:0] column_6_0;
    reg [15:0] column_6_1;
    reg [15:0] column_6_2;
    reg [15:0] column_6_3;
    reg [15:0] column_6_4;
    reg [15:0] column_6_5;
    reg [15:0] column_6_6;
    reg [15:0] column_7_0;
    reg [15:0] column_7_1;
    reg [15:0] column_7_2;
    reg [15:0] column_7_3;
    reg [15:0] column_7_4;
    reg [15:0] column_7_5;
    reg [15:0] column_7_6;
    reg [15:0] column_7_7;

    assign bus[15:0] = column_0_0;
    assign bus[31:16] = column_1_1;
    assign bus[47:32] = column_2_2;
    assign bus[63:48] = column_3_3;
    assign bus[79:64] = column_4_4;
    assign bus[95:80] = column_5_5;
    assign bus[111:96] = column_6_6;
    assign bus[127:112] = column_7_7;
    assign parities[0] = parity_line_0;
    assign parities[1] = parity_line_1;
    assign parities[2] = parity_line_2;
    assign parities[3] = parity_line_3;
    assign parities[4] = parity_line_4;
    assign parities[5] = parity_line_5;
    assign parities[6] = parity_line_6;
    assign parities[7] = parity_line_7;

    always @(posedge clock) begin
        parity_line_0 <= parity;
        parity_line_1 <= parity_line_0;
        parity_line_2 <= parity_line_1;
        parity_line_3 <= parity_line_2;
        parity_line_4 <= parity_line_3;
        parity_line_5 <= parity_line_4;
        parity_line_6 <= parity_line_5;
        parity_line_7 <= parity_line_6;
        column_0_0 <= values[15:0];
        column_1_0 <= values[31:16];
        column_1_1 <= column_1_0;
        column_2_0 <= values[47:32];
        column_2_1 <= column_2_0;
        column_2_2 <= column_2_1;
        column_3_0 <= values[63:48];
        column_3_1 <= column_3_0;
        column_3_2 <= column_3_1;
        column_3_3 <= column_3_2;
        column_4_0 <= values[79:64];
        column_4_1 <= column_4_0;
        column_4_2 <= column_4_1;
        column_4_3 <= column_4_2;
        column_4_4 <= column_4_3;
        column_5_0 <= values[95:80];
        column_5_1 <= column_5_0;
        column_5_2 <= column_5_1;
        column_5_3 <= column_5_2;
        column_5_4 <= column_5_3;
        column_5_5 <= column_5_4;
        column_6_0 <= values[111:96];
        column_6_1 <= column_6_0;
        column_6_2 <= column_6_1;
        column_6_3 <= column_6_2;
        column_6_4 <= column_6_3;
        column_6_5 <= column_6_4;
        column_6_6 <= column_6_5;
        column_7_0 <= values[127:112];
        column_7_1 <= column_7_0;
        column_7_2 <= column_7_1;
        column_7_3 <= column_7_2;
        column_7_4 <= column_7_3;
        column_7_5 <= column_7_4;
        column_7_6 <= column_7_5;
        column_7_7 <= column_7_6;
    end
endmodule
