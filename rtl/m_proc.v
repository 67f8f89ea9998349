// M-proc: sign, exponent and mantissa of a BF16 value; mantissa rounded to nearest even on 3 bits.
module m_proc (
    input wire [15:0] x,
    output wire [2:0] magnitude,
    output wire [7:0] exponent,
    output wire sign,
    output wire zero,
    output wire nan
);
    wire round_up;

    assign round_up = x[3] & ((|x[2:0]) | x[4]);
    assign magnitude = x[6:4] + {2'd0, round_up};
    assign exponent = x[14:7] + {7'h0, (&x[6:3]) & (~(&x[14:7]))};
    assign sign = x[15];
    assign zero = ~(|x[14:7]);
    assign nan = (&x[14:7]) & (|x[6:0]);
endmodule
