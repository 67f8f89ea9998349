// INT4 two's complement to sign [15] and magnitude [6:4]; -8 saturates at -7.
module weight_encoder (
    input wire [3:0] nibble,
    output wire [15:0] x
);
    wire [15:0] encoded;

    assign encoded = {nibble[3], 8'h0, nibble[3] ? ((~(|nibble[2:0])) ? 3'd7 : (3'd0 - nibble[2:0])) : nibble[2:0], 4'd0};
    assign x = encoded;
endmodule
