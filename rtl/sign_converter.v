// SC: the weight's sign, kept per mapping parity, times the sign of the selected value.
module sign_converter (
    input wire clock,
    input wire reset,
    input wire take,
    input wire parity,
    input wire negative,
    input wire [15:0] even,
    input wire [15:0] odd,
    output wire [15:0] even_product,
    output wire [15:0] odd_product
);
    reg sign_even;
    reg sign_odd;

    assign even_product = {even[15] ^ sign_even, even[14:0]};
    assign odd_product = {odd[15] ^ sign_odd, odd[14:0]};

    always @(posedge clock) begin
        if (reset) sign_even <= 1'd0; else if (take & (~parity)) sign_even <= negative;
        if (reset) sign_odd <= 1'd0; else if (take & parity) sign_odd <= negative;
    end
endmodule
