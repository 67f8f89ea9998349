// OR tree of one row and one mapping parity over the eight columns.
module or_tree (
    input wire [127:0] values,
    output wire [15:0] value
);

    assign value = ((values[15:0] | values[31:16]) | (values[47:32] | values[63:48])) | ((values[79:64] | values[95:80]) | (values[111:96] | values[127:112]));
endmodule
