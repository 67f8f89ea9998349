// oAcc: a BF16 adder and a ring of eight partial sums that turns once in eight cycles.
module output_accumulator (
    input wire clock,
    input wire reset,
    input wire [15:0] product,
    input wire [15:0] result,
    input wire add_product,
    input wire add_result,
    input wire first,
    output wire [15:0] head
);
    reg [15:0] sum_0;
    reg [15:0] sum_1;
    reg [15:0] sum_2;
    reg [15:0] sum_3;
    reg [15:0] sum_4;
    reg [15:0] sum_5;
    reg [15:0] beside_1;
    reg [15:0] beside_2;
    reg adds_1;
    reg adds_2;
    wire [15:0] adder_sum;
    wire t0;

    assign t0 = ~first;
    bf16_adder_p2 adder (
        .clock(clock),
        .a(add_result ? result : product),
        .b(sum_0 & {16{t0}}),
        .sum(adder_sum)
    );
    assign head = sum_0;

    always @(posedge clock) begin
        if (reset) sum_0 <= 16'h0; else sum_0 <= sum_1;
        if (reset) sum_1 <= 16'h0; else sum_1 <= sum_2;
        if (reset) sum_2 <= 16'h0; else sum_2 <= sum_3;
        if (reset) sum_3 <= 16'h0; else sum_3 <= sum_4;
        if (reset) sum_4 <= 16'h0; else sum_4 <= sum_5;
        if (reset) sum_5 <= 16'h0; else sum_5 <= adds_2 ? adder_sum : beside_2;
        if (reset) beside_1 <= 16'h0; else beside_1 <= sum_0;
        if (reset) beside_2 <= 16'h0; else beside_2 <= beside_1;
        if (reset) adds_1 <= 1'd0; else adds_1 <= add_product | add_result;
        if (reset) adds_2 <= 1'd0; else adds_2 <= adds_1;
    end
endmodule
