// Place of an exponent in the sliding window, or on which side of it the exponent lies.
module exponent_clamp (
    input wire [7:0] exponent,
    input wire [7:0] window_low,
    output wire [2:0] place,
    output wire under,
    output wire over
);
    wire [7:0] distance;
    wire t0;

    assign t0 = exponent < window_low;
    assign distance = exponent - window_low;
    assign place = distance[2:0];
    assign under = t0;
    assign over = (~t0) & (|distance[7:3]);
endmodule
