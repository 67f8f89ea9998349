// PE: T register, and the broadcast value gated onto the OR tree of its mapping.
module processing_element (
    input wire clock,
    input wire reset,
    input wire spike,
    input wire parity,
    input wire [15:0] value,
    output wire spike_next,
    output wire [15:0] even,
    output wire [15:0] odd
);
    reg t;
    wire t0;
    wire t1;

    assign t0 = spike & (~parity);
    assign t1 = spike & parity;
    assign spike_next = t;
    assign even = value & {16{t0}};
    assign odd = value & {16{t1}};

    always @(posedge clock) begin
        if (reset) t <= 1'd0; else t <= spike;
    end
endmodule
