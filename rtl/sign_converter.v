// SC: the weight's sign, kept while the slots are read, times the sign of the value that is read.
module sign_converter (
    input wire clock,
    input wire turn,
    input wire negative,
    input wire [15:0] value,
    output wire [15:0] product
);
    reg product_sign;

    assign product = {value[15] ^ product_sign, value[14:0]};

    always @(posedge clock) begin
        if (turn) product_sign <= negative;
    end
endmodule
