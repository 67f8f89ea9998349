// One lane of Vec: maximum and subtraction on the way in, scaling and group sums on the way out.
module vector_lane (
    input wire clock,
    input wire [15:0] data,
    input wire live,
    input wire [3:0] nibble,
    input wire [15:0] back,
    input wire [2:0] chunk,
    input wire weight,
    input wire subtract,
    input wire maximum,
    input wire first,
    input wire scale,
    input wire scale_nibble,
    input wire [2:0] scale_chunk,
    input wire [2:0] out_chunk,
    input wire take_reciprocal,
    input wire [2:0] late_chunk,
    input wire partial,
    output wire [15:0] loaded,
    output wire loaded_live,
    output wire [15:0] result,
    output wire [15:0] read_back
);
    reg [15:0] row_0;
    reg [15:0] row_1;
    reg [15:0] row_2;
    reg [15:0] row_3;
    reg [15:0] row_4;
    reg [15:0] row_5;
    reg [15:0] row_6;
    reg [15:0] row_7;
    reg [15:0] read_back_register;
    reg [15:0] factor;
    reg [15:0] product;
    reg [15:0] loaded_1;
    reg [15:0] loaded_2;
    reg subtracts_1;
    reg subtracts_2;
    reg partial_1;
    reg partial_2;
    reg [15:0] result_1;
    reg [15:0] result_2;
    reg live_1;
    reg live_2;
    reg [15:0] of_chunk;
    wire lowest;
    wire subtracts;
    wire [15:0] old;
    wire larger;
    wire [15:0] multiplier_product;
    wire [15:0] adder_sum;
    wire [15:0] encoder_x;
    wire [15:0] reciprocal_y;
    reg [15:0] t0;

    always @* begin
        case (out_chunk)
            3'd0: t0 = row_0;
            3'd1: t0 = row_1;
            3'd2: t0 = row_2;
            3'd3: t0 = row_3;
            3'd4: t0 = row_4;
            3'd5: t0 = row_5;
            3'd6: t0 = row_6;
            default: t0 = row_7;
        endcase
    end
    always @* begin
        case (chunk)
            3'd0: of_chunk = row_0;
            3'd1: of_chunk = row_1;
            3'd2: of_chunk = row_2;
            3'd3: of_chunk = row_3;
            3'd4: of_chunk = row_4;
            3'd5: of_chunk = row_5;
            3'd6: of_chunk = row_6;
            default: of_chunk = row_7;
        endcase
    end
    assign lowest = of_chunk == 16'hff80;
    assign subtracts = subtract & (~lowest);
    assign old = first ? 16'hff80 : of_chunk;
    assign larger = live & ((((&old[14:7]) & (|old[6:0])) ? 16'hffff : {~old[15], old[14:0] ^ {15{old[15]}}}) < (((&data[14:7]) & (|data[6:0])) ? 16'hffff : {~data[15], data[14:0] ^ {15{data[15]}}}));
    bf16_multiplier_p2 multiplier (
        .clock(clock),
        .a(read_back_register),
        .b(factor),
        .product(multiplier_product)
    );
    bf16_adder_p2 adder (
        .clock(clock),
        .a(partial ? product : data),
        .b(partial ? data : {~of_chunk[15], of_chunk[14:0]}),
        .sum(adder_sum)
    );
    weight_encoder encoder (
        .nibble(nibble),
        .x(encoder_x)
    );
    reciprocal reciprocal (
        .x(read_back_register),
        .y(reciprocal_y)
    );
    assign loaded = subtracts_2 ? adder_sum : loaded_2;
    assign loaded_live = live_2;
    assign result = partial_2 ? adder_sum : result_2;
    assign read_back = read_back_register;

    always @(posedge clock) begin
        row_0 <= (maximum & (chunk == 3'd0)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd0)) ? {(chunk[1:0] == 2'd3) ? nibble : row_0[15:12], (chunk[1:0] == 2'd2) ? nibble : row_0[11:8], (chunk[1:0] == 2'd1) ? nibble : row_0[7:4], (chunk[1:0] == 2'd0) ? nibble : row_0[3:0]} : ((take_reciprocal & (late_chunk == 3'd0)) ? reciprocal_y : row_0));
        row_1 <= (maximum & (chunk == 3'd1)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd1)) ? {(chunk[1:0] == 2'd3) ? nibble : row_1[15:12], (chunk[1:0] == 2'd2) ? nibble : row_1[11:8], (chunk[1:0] == 2'd1) ? nibble : row_1[7:4], (chunk[1:0] == 2'd0) ? nibble : row_1[3:0]} : ((take_reciprocal & (late_chunk == 3'd1)) ? reciprocal_y : row_1));
        row_2 <= (maximum & (chunk == 3'd2)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd2)) ? {(chunk[1:0] == 2'd3) ? nibble : row_2[15:12], (chunk[1:0] == 2'd2) ? nibble : row_2[11:8], (chunk[1:0] == 2'd1) ? nibble : row_2[7:4], (chunk[1:0] == 2'd0) ? nibble : row_2[3:0]} : ((take_reciprocal & (late_chunk == 3'd2)) ? reciprocal_y : row_2));
        row_3 <= (maximum & (chunk == 3'd3)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd3)) ? {(chunk[1:0] == 2'd3) ? nibble : row_3[15:12], (chunk[1:0] == 2'd2) ? nibble : row_3[11:8], (chunk[1:0] == 2'd1) ? nibble : row_3[7:4], (chunk[1:0] == 2'd0) ? nibble : row_3[3:0]} : ((take_reciprocal & (late_chunk == 3'd3)) ? reciprocal_y : row_3));
        row_4 <= (maximum & (chunk == 3'd4)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd4)) ? {(chunk[1:0] == 2'd3) ? nibble : row_4[15:12], (chunk[1:0] == 2'd2) ? nibble : row_4[11:8], (chunk[1:0] == 2'd1) ? nibble : row_4[7:4], (chunk[1:0] == 2'd0) ? nibble : row_4[3:0]} : ((take_reciprocal & (late_chunk == 3'd4)) ? reciprocal_y : row_4));
        row_5 <= (maximum & (chunk == 3'd5)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd5)) ? {(chunk[1:0] == 2'd3) ? nibble : row_5[15:12], (chunk[1:0] == 2'd2) ? nibble : row_5[11:8], (chunk[1:0] == 2'd1) ? nibble : row_5[7:4], (chunk[1:0] == 2'd0) ? nibble : row_5[3:0]} : ((take_reciprocal & (late_chunk == 3'd5)) ? reciprocal_y : row_5));
        row_6 <= (maximum & (chunk == 3'd6)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd6)) ? {(chunk[1:0] == 2'd3) ? nibble : row_6[15:12], (chunk[1:0] == 2'd2) ? nibble : row_6[11:8], (chunk[1:0] == 2'd1) ? nibble : row_6[7:4], (chunk[1:0] == 2'd0) ? nibble : row_6[3:0]} : ((take_reciprocal & (late_chunk == 3'd6)) ? reciprocal_y : row_6));
        row_7 <= (maximum & (chunk == 3'd7)) ? (larger ? data : old) : ((scale_nibble & (scale_chunk == 3'd7)) ? {(chunk[1:0] == 2'd3) ? nibble : row_7[15:12], (chunk[1:0] == 2'd2) ? nibble : row_7[11:8], (chunk[1:0] == 2'd1) ? nibble : row_7[7:4], (chunk[1:0] == 2'd0) ? nibble : row_7[3:0]} : ((take_reciprocal & (late_chunk == 3'd7)) ? reciprocal_y : row_7));
        read_back_register <= scale ? (data & {16{live}}) : back;
        factor <= scale ? (of_chunk & {16{live}}) : t0;
        product <= multiplier_product;
        loaded_1 <= weight ? encoder_x : data;
        loaded_2 <= loaded_1;
        subtracts_1 <= subtracts;
        subtracts_2 <= subtracts_1;
        partial_1 <= partial;
        partial_2 <= partial_1;
        result_1 <= product;
        result_2 <= result_1;
        live_1 <= live;
        live_2 <= live_1;
    end
endmodule
