// TC: a one-cycle spike when the magnitude equals the counter.
module temporal_converter (
    input wire clock,
    input wire take,
    input wire [2:0] magnitude,
    input wire sign,
    input wire live,
    input wire [2:0] count,
    input wire enable,
    input wire any_sign,
    input wire negative,
    output wire spike,
    output wire row_sign,
    output wire row_live
);
    reg [2:0] held_magnitude;
    reg held_sign;
    reg held_live;

    assign spike = (((held_magnitude == count) & enable) & held_live) & (any_sign | (held_sign == negative));
    assign row_sign = held_sign;
    assign row_live = held_live;

    always @(posedge clock) begin
        if (take) held_magnitude <= magnitude;
        if (take) held_sign <= sign;
        if (take) held_live <= live;
    end
endmodule
