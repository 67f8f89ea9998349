// iFIFO: delays the entry of a LUT row for column c by c cycles, and registers all column values.
module input_fifo (
    input wire clock,
    input wire [127:0] entries,
    input wire [127:0] products,
    input wire [7:0] lookup,
    input wire [7:0] work,
    output wire [127:0] bus
);
    reg [15:0] bus_0;
    reg [15:0] column_1_0;
    reg [15:0] bus_1;
    reg [15:0] column_2_0;
    reg [15:0] column_2_1;
    reg [15:0] bus_2;
    reg [15:0] column_3_0;
    reg [15:0] column_3_1;
    reg [15:0] column_3_2;
    reg [15:0] bus_3;
    reg [15:0] column_4_0;
    reg [15:0] column_4_1;
    reg [15:0] column_4_2;
    reg [15:0] column_4_3;
    reg [15:0] bus_4;
    reg [15:0] column_5_0;
    reg [15:0] column_5_1;
    reg [15:0] column_5_2;
    reg [15:0] column_5_3;
    reg [15:0] column_5_4;
    reg [15:0] bus_5;
    reg [15:0] column_6_0;
    reg [15:0] column_6_1;
    reg [15:0] column_6_2;
    reg [15:0] column_6_3;
    reg [15:0] column_6_4;
    reg [15:0] column_6_5;
    reg [15:0] bus_6;
    reg [15:0] column_7_0;
    reg [15:0] column_7_1;
    reg [15:0] column_7_2;
    reg [15:0] column_7_3;
    reg [15:0] column_7_4;
    reg [15:0] column_7_5;
    reg [15:0] column_7_6;
    reg [15:0] bus_7;

    assign bus[15:0] = bus_0;
    assign bus[31:16] = bus_1;
    assign bus[47:32] = bus_2;
    assign bus[63:48] = bus_3;
    assign bus[79:64] = bus_4;
    assign bus[95:80] = bus_5;
    assign bus[111:96] = bus_6;
    assign bus[127:112] = bus_7;

    always @(posedge clock) begin
        if (work[0]) bus_0 <= lookup[0] ? entries[15:0] : products[15:0];
        if (lookup[0]) column_1_0 <= entries[31:16];
        if (work[1]) bus_1 <= lookup[1] ? column_1_0 : products[31:16];
        if (lookup[0]) column_2_0 <= entries[47:32];
        if (lookup[1]) column_2_1 <= column_2_0;
        if (work[2]) bus_2 <= lookup[2] ? column_2_1 : products[47:32];
        if (lookup[0]) column_3_0 <= entries[63:48];
        if (lookup[1]) column_3_1 <= column_3_0;
        if (lookup[2]) column_3_2 <= column_3_1;
        if (work[3]) bus_3 <= lookup[3] ? column_3_2 : products[63:48];
        if (lookup[0]) column_4_0 <= entries[79:64];
        if (lookup[1]) column_4_1 <= column_4_0;
        if (lookup[2]) column_4_2 <= column_4_1;
        if (lookup[3]) column_4_3 <= column_4_2;
        if (work[4]) bus_4 <= lookup[4] ? column_4_3 : products[79:64];
        if (lookup[0]) column_5_0 <= entries[95:80];
        if (lookup[1]) column_5_1 <= column_5_0;
        if (lookup[2]) column_5_2 <= column_5_1;
        if (lookup[3]) column_5_3 <= column_5_2;
        if (lookup[4]) column_5_4 <= column_5_3;
        if (work[5]) bus_5 <= lookup[5] ? column_5_4 : products[95:80];
        if (lookup[0]) column_6_0 <= entries[111:96];
        if (lookup[1]) column_6_1 <= column_6_0;
        if (lookup[2]) column_6_2 <= column_6_1;
        if (lookup[3]) column_6_3 <= column_6_2;
        if (lookup[4]) column_6_4 <= column_6_3;
        if (lookup[5]) column_6_5 <= column_6_4;
        if (work[6]) bus_6 <= lookup[6] ? column_6_5 : products[111:96];
        if (lookup[0]) column_7_0 <= entries[127:112];
        if (lookup[1]) column_7_1 <= column_7_0;
        if (lookup[2]) column_7_2 <= column_7_1;
        if (lookup[3]) column_7_3 <= column_7_2;
        if (lookup[4]) column_7_4 <= column_7_3;
        if (lookup[5]) column_7_5 <= column_7_4;
        if (lookup[6]) column_7_6 <= column_7_5;
        if (work[7]) bus_7 <= lookup[7] ? column_7_6 : products[127:112];
    end
endmodule
