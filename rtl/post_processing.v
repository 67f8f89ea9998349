// PP: takes the LUT value of the exponent, or a special value; holds results until they have left.
module post_processing (
    input wire clock,
    input wire take,
    input wire [15:0] x,
    input wire x_live,
    input wire nan,
    input wire zero,
    input wire under,
    input wire over,
    input wire [2:0] place,
    input wire [15:0] zero_value,
    input wire pass_positive,
    input wire turn,
    input wire turn_lookup,
    input wire enter_lookup,
    input wire enter_products,
    input wire any_sign,
    input wire negative,
    input wire row_sign,
    input wire row_live,
    input wire [15:0] slot,
    input wire [2:0] count,
    input wire out_lookup,
    input wire emit,
    output reg hit,
    output wire [15:0] held
);
    reg [15:0] special;
    reg within_window;
    reg [2:0] next_place;
    reg [2:0] place_out;
    reg [15:0] result;
    reg [15:0] held_result;
    wire positive;
    wire invalid;
    wire mine;
    wire capture;
    wire begins;
    wire t0;

    assign t0 = zero | under;
    assign positive = ~x[15];
    assign invalid = nan | (positive & (~(zero | pass_positive)));
    assign mine = any_sign | (row_sign == negative);
    assign capture = (hit & out_lookup) & (place_out == count);
    assign begins = turn_lookup & mine;
    assign held = held_result;

    always @(posedge clock) begin
        if (take) special <= (~x_live) ? 16'h0 : (invalid ? 16'h7fc0 : (t0 ? zero_value : (x & {16{positive}})));
        if (take) within_window <= x_live & (~((t0 | invalid) | over));
        if (take) next_place <= place;
        if (turn) hit <= row_live & (enter_products | ((enter_lookup & mine) & within_window));
        if (turn) place_out <= next_place;
        if (begins | capture) result <= begins ? special : slot;
        if (emit) held_result <= capture ? slot : result;
    end
endmodule
