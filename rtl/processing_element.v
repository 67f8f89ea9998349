// PE: T register, and a slot that takes the broadcast value when the spike passes.
module processing_element (
    input wire clock,
    input wire reset,
    input wire spike,
    input wire [15:0] value,
    output wire spike_next,
    output reg [15:0] slot
);
    reg t;

    assign spike_next = t;

    always @(posedge clock) begin
        if (reset) t <= 1'd0; else t <= spike;
        if (spike) slot <= value;
    end
endmodule
