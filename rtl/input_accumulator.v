// iAcc of one column: t times a BF16 value for t = 0 to 7, exact sum of significands, one rounding.
module input_accumulator (
    input wire clock,
    input wire start,
    input wire run,
    input wire [15:0] activation,
    output wire [15:0] value
);
    reg [15:0] operand;
    reg [10:0] sum;
    wire subnormal;
    wire [1:0] shift;
    wire [15:0] joined_fields;
    wire special;
    wire [13:0] t0;
    wire t1;
    wire t2;

    assign t0 = {sum, 3'd0} >> shift;
    assign t1 = ~start;
    assign t2 = (|operand[6:0]) | (~(|sum));
    assign subnormal = ~(|operand[14:7]);
    assign shift = sum[10] ? 2'd3 : (sum[9] ? 2'd2 : (sum[8] ? 2'd1 : 2'd0));
    assign joined_fields = ({({1'd0, subnormal ? 8'h1 : operand[14:7]} + {7'h0, shift}) - 9'h1, 7'h0} + {8'h0, t0[10:3]}) + {15'h0, t0[2] & ((|t0[1:0]) | t0[3])};
    assign special = &operand[14:7];
    assign value = {operand[15] & (~(special & t2)), (special & t2) ? 15'h7fc0 : ((special | (~(joined_fields[15:7] < 9'hff))) ? 15'h7f80 : ((~(|sum)) ? 15'h0 : joined_fields[14:0]))};

    always @(posedge clock) begin
        if (start) operand <= activation;
        if (start | run) sum <= (sum + {3'd0, {~subnormal, operand[6:0]}}) & {11{t1}};
    end

    wire unused_bits = &{1'b0, t0[13:11]};
endmodule
