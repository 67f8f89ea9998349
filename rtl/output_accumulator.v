// oAcc: a BF16 adder and eight partial sums, of which one is read and one is written in a cycle.
module output_accumulator (
    input wire clock,
    input wire [15:0] product,
    input wire [15:0] result,
    input wire add,
    input wire add_result,
    input wire [7:0] read,
    input wire [7:0] write,
    output wire [15:0] head
);
    reg [15:0] sum_0;
    reg [15:0] sum_1;
    reg [15:0] sum_2;
    reg [15:0] sum_3;
    reg [15:0] sum_4;
    reg [15:0] sum_5;
    reg [15:0] sum_6;
    reg [15:0] sum_7;
    wire [15:0] adder_sum;

    assign head = (((sum_0 & {16{read[0]}}) | (sum_1 & {16{read[1]}})) | ((sum_2 & {16{read[2]}}) | (sum_3 & {16{read[3]}}))) | (((sum_4 & {16{read[4]}}) | (sum_5 & {16{read[5]}})) | ((sum_6 & {16{read[6]}}) | (sum_7 & {16{read[7]}})));
    row_adder adder (
        .clock(clock),
        .a(add_result ? result : product),
        .b(head),
        .enable(add),
        .sum(adder_sum)
    );

    always @(posedge clock) begin
        if (write[0]) sum_0 <= adder_sum;
        if (write[1]) sum_1 <= adder_sum;
        if (write[2]) sum_2 <= adder_sum;
        if (write[3]) sum_3 <= adder_sum;
        if (write[4]) sum_4 <= adder_sum;
        if (write[5]) sum_5 <= adder_sum;
        if (write[6]) sum_6 <= adder_sum;
        if (write[7]) sum_7 <= adder_sum;
    end
endmodule
