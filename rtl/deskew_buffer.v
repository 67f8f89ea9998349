// Eight slots, written when the spike passes the column, read at a fixed time.
module deskew_buffer (
    input wire clock,
    input wire [7:0] spikes,
    input wire [7:0] parities,
    input wire [15:0] even_product,
    input wire [15:0] odd_product,
    input wire [2:0] read,
    output wire [15:0] value
);
    reg [15:0] slot_0;
    reg [15:0] slot_1;
    reg [15:0] slot_2;
    reg [15:0] slot_3;
    reg [15:0] slot_4;
    reg [15:0] slot_5;
    reg [15:0] slot_6;
    reg [15:0] slot_7;
    reg [15:0] t0;

    always @* begin
        case (read)
            3'd0: t0 = slot_0;
            3'd1: t0 = slot_1;
            3'd2: t0 = slot_2;
            3'd3: t0 = slot_3;
            3'd4: t0 = slot_4;
            3'd5: t0 = slot_5;
            3'd6: t0 = slot_6;
            default: t0 = slot_7;
        endcase
    end
    assign value = t0;

    always @(posedge clock) begin
        if (spikes[0]) slot_0 <= parities[0] ? odd_product : even_product;
        if (spikes[1]) slot_1 <= parities[1] ? odd_product : even_product;
        if (spikes[2]) slot_2 <= parities[2] ? odd_product : even_product;
        if (spikes[3]) slot_3 <= parities[3] ? odd_product : even_product;
        if (spikes[4]) slot_4 <= parities[4] ? odd_product : even_product;
        if (spikes[5]) slot_5 <= parities[5] ? odd_product : even_product;
        if (spikes[6]) slot_6 <= parities[6] ? odd_product : even_product;
        if (spikes[7]) slot_7 <= parities[7] ? odd_product : even_product;
    end
endmodule
