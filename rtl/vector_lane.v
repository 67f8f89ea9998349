// One lane of Vec: maximum and subtraction on the way in, scaling and group sums on the way out.
module vector_lane (
    input wire clock,
    input wire [15:0] data,
    input wire live,
    input wire [3:0] nibble,
    input wire [15:0] back,
    input wire [7:0] row_read,
    input wire [1:0] load,
    input wire weight,
    input wire subtract,
    input wire maximum,
    input wire first,
    input wire scale,
    input wire [3:0] scale_nibble,
    input wire [2:0] scale_chunk,
    input wire [2:0] out_chunk,
    input wire take_reciprocal,
    input wire [2:0] late_chunk,
    input wire partial,
    input wire shows,
    input wire [5:0] begun,
    input wire [1:0] adds,
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
    wire nibble_0;
    wire reciprocal_0;
    wire nibble_1;
    wire reciprocal_1;
    wire nibble_2;
    wire reciprocal_2;
    wire nibble_3;
    wire reciprocal_3;
    wire nibble_4;
    wire reciprocal_4;
    wire nibble_5;
    wire reciprocal_5;
    wire nibble_6;
    wire reciprocal_6;
    wire nibble_7;
    wire reciprocal_7;
    wire [15:0] of_chunk;
    wire lowest;
    wire subtracts;
    wire [15:0] old;
    wire larger;
    wire [15:0] multiplier_product;
    wire [15:0] adder_sum;
    wire [15:0] encoder_x;
    wire [15:0] reciprocal_y;
    wire t0;
    wire t1;
    wire t2;
    wire t3;
    wire t4;
    wire t5;
    wire t6;
    wire t7;
    reg [15:0] t8;

    assign t0 = maximum & row_read[0];
    assign t1 = maximum & row_read[1];
    assign t2 = maximum & row_read[2];
    assign t3 = maximum & row_read[3];
    assign t4 = maximum & row_read[4];
    assign t5 = maximum & row_read[5];
    assign t6 = maximum & row_read[6];
    assign t7 = maximum & row_read[7];
    always @* begin
        case (out_chunk)
            3'd0: t8 = row_0;
            3'd1: t8 = row_1;
            3'd2: t8 = row_2;
            3'd3: t8 = row_3;
            3'd4: t8 = row_4;
            3'd5: t8 = row_5;
            3'd6: t8 = row_6;
            default: t8 = row_7;
        endcase
    end
    assign nibble_0 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd0);
    assign reciprocal_0 = take_reciprocal & (late_chunk == 3'd0);
    assign nibble_1 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd1);
    assign reciprocal_1 = take_reciprocal & (late_chunk == 3'd1);
    assign nibble_2 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd2);
    assign reciprocal_2 = take_reciprocal & (late_chunk == 3'd2);
    assign nibble_3 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd3);
    assign reciprocal_3 = take_reciprocal & (late_chunk == 3'd3);
    assign nibble_4 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd4);
    assign reciprocal_4 = take_reciprocal & (late_chunk == 3'd4);
    assign nibble_5 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd5);
    assign reciprocal_5 = take_reciprocal & (late_chunk == 3'd5);
    assign nibble_6 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd6);
    assign reciprocal_6 = take_reciprocal & (late_chunk == 3'd6);
    assign nibble_7 = ((scale_nibble[0] | scale_nibble[1]) | (scale_nibble[2] | scale_nibble[3])) & (scale_chunk == 3'd7);
    assign reciprocal_7 = take_reciprocal & (late_chunk == 3'd7);
    assign of_chunk = (((row_0 & {16{row_read[0]}}) | (row_1 & {16{row_read[1]}})) | ((row_2 & {16{row_read[2]}}) | (row_3 & {16{row_read[3]}}))) | (((row_4 & {16{row_read[4]}}) | (row_5 & {16{row_read[5]}})) | ((row_6 & {16{row_read[6]}}) | (row_7 & {16{row_read[7]}})));
    assign lowest = of_chunk == 16'hff80;
    assign subtracts = subtract & (~lowest);
    assign old = first ? 16'hff80 : of_chunk;
    assign larger = live & ((((&old[14:7]) & (|old[6:0])) ? 16'hffff : {~old[15], old[14:0] ^ {15{old[15]}}}) < (((&data[14:7]) & (|data[6:0])) ? 16'hffff : {~data[15], data[14:0] ^ {15{data[15]}}}));
    bf16_multiplier_p2_gated multiplier (
        .clock(clock),
        .a(read_back_register),
        .b(factor),
        .enable({begun[2], begun[1]}),
        .product(multiplier_product)
    );
    bf16_adder_p2_gated adder (
        .clock(clock),
        .a(partial ? product : data),
        .b(partial ? data : {~of_chunk[15], of_chunk[14:0]}),
        .enable({adds[1], adds[0]}),
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
        if ((t0 | nibble_0) | reciprocal_0) row_0 <= t0 ? (larger ? data : old) : (nibble_0 ? {scale_nibble[3] ? nibble : row_0[15:12], scale_nibble[2] ? nibble : row_0[11:8], scale_nibble[1] ? nibble : row_0[7:4], scale_nibble[0] ? nibble : row_0[3:0]} : reciprocal_y);
        if ((t1 | nibble_1) | reciprocal_1) row_1 <= t1 ? (larger ? data : old) : (nibble_1 ? {scale_nibble[3] ? nibble : row_1[15:12], scale_nibble[2] ? nibble : row_1[11:8], scale_nibble[1] ? nibble : row_1[7:4], scale_nibble[0] ? nibble : row_1[3:0]} : reciprocal_y);
        if ((t2 | nibble_2) | reciprocal_2) row_2 <= t2 ? (larger ? data : old) : (nibble_2 ? {scale_nibble[3] ? nibble : row_2[15:12], scale_nibble[2] ? nibble : row_2[11:8], scale_nibble[1] ? nibble : row_2[7:4], scale_nibble[0] ? nibble : row_2[3:0]} : reciprocal_y);
        if ((t3 | nibble_3) | reciprocal_3) row_3 <= t3 ? (larger ? data : old) : (nibble_3 ? {scale_nibble[3] ? nibble : row_3[15:12], scale_nibble[2] ? nibble : row_3[11:8], scale_nibble[1] ? nibble : row_3[7:4], scale_nibble[0] ? nibble : row_3[3:0]} : reciprocal_y);
        if ((t4 | nibble_4) | reciprocal_4) row_4 <= t4 ? (larger ? data : old) : (nibble_4 ? {scale_nibble[3] ? nibble : row_4[15:12], scale_nibble[2] ? nibble : row_4[11:8], scale_nibble[1] ? nibble : row_4[7:4], scale_nibble[0] ? nibble : row_4[3:0]} : reciprocal_y);
        if ((t5 | nibble_5) | reciprocal_5) row_5 <= t5 ? (larger ? data : old) : (nibble_5 ? {scale_nibble[3] ? nibble : row_5[15:12], scale_nibble[2] ? nibble : row_5[11:8], scale_nibble[1] ? nibble : row_5[7:4], scale_nibble[0] ? nibble : row_5[3:0]} : reciprocal_y);
        if ((t6 | nibble_6) | reciprocal_6) row_6 <= t6 ? (larger ? data : old) : (nibble_6 ? {scale_nibble[3] ? nibble : row_6[15:12], scale_nibble[2] ? nibble : row_6[11:8], scale_nibble[1] ? nibble : row_6[7:4], scale_nibble[0] ? nibble : row_6[3:0]} : reciprocal_y);
        if ((t7 | nibble_7) | reciprocal_7) row_7 <= t7 ? (larger ? data : old) : (nibble_7 ? {scale_nibble[3] ? nibble : row_7[15:12], scale_nibble[2] ? nibble : row_7[11:8], scale_nibble[1] ? nibble : row_7[7:4], scale_nibble[0] ? nibble : row_7[3:0]} : reciprocal_y);
        if (shows) read_back_register <= scale ? (data & {16{live}}) : back;
        if (begun[0]) factor <= scale ? (of_chunk & {16{live}}) : t8;
        if (begun[3]) product <= multiplier_product;
        if (load[0]) loaded_1 <= weight ? encoder_x : data;
        if (load[1]) loaded_2 <= loaded_1;
        if (load[0]) subtracts_1 <= subtracts;
        if (load[1]) subtracts_2 <= subtracts_1;
        if (begun[4]) partial_1 <= partial;
        if (begun[5]) partial_2 <= partial_1;
        if (begun[4]) result_1 <= product;
        if (begun[5]) result_2 <= result_1;
        if (load[0]) live_1 <= live;
        if (load[1]) live_2 <= live_1;
    end
endmodule
