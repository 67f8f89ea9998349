// Reads one of the eight slots, each at a fixed time, for rows that wait for a value; else zero.
module deskew_buffer (
    input wire [127:0] slots,
    input wire [7:0] read,
    input wire hit,
    output wire [15:0] value
);
    wire read_0;
    wire read_1;
    wire read_2;
    wire read_3;
    wire read_4;
    wire read_5;
    wire read_6;
    wire read_7;

    assign read_0 = read[0] & hit;
    assign read_1 = read[1] & hit;
    assign read_2 = read[2] & hit;
    assign read_3 = read[3] & hit;
    assign read_4 = read[4] & hit;
    assign read_5 = read[5] & hit;
    assign read_6 = read[6] & hit;
    assign read_7 = read[7] & hit;
    assign value = (((slots[15:0] & {16{read_0}}) | (slots[31:16] & {16{read_1}})) | ((slots[47:32] & {16{read_2}}) | (slots[63:48] & {16{read_3}}))) | (((slots[79:64] & {16{read_4}}) | (slots[95:80] & {16{read_5}})) | ((slots[111:96] & {16{read_6}}) | (slots[127:112] & {16{read_7}})));
endmodule
