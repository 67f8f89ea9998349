// SW: eight consecutive entries of a twelve-entry LUT row.
module sliding_window (
    input wire [191:0] row,
    input wire [2:0] offset,
    output wire [127:0] values
);
    reg [15:0] t0;
    reg [15:0] t1;
    reg [15:0] t2;
    reg [15:0] t3;
    reg [15:0] t4;
    reg [15:0] t5;
    reg [15:0] t6;
    reg [15:0] t7;

    always @* begin
        case (offset)
            3'd0: t0 = row[15:0];
            3'd1: t0 = row[31:16];
            3'd2: t0 = row[47:32];
            3'd3: t0 = row[63:48];
            3'd4: t0 = row[79:64];
            default: t0 = 16'h0;
        endcase
    end
    always @* begin
        case (offset)
            3'd0: t1 = row[31:16];
            3'd1: t1 = row[47:32];
            3'd2: t1 = row[63:48];
            3'd3: t1 = row[79:64];
            3'd4: t1 = row[95:80];
            default: t1 = 16'h0;
        endcase
    end
    always @* begin
        case (offset)
            3'd0: t2 = row[47:32];
            3'd1: t2 = row[63:48];
            3'd2: t2 = row[79:64];
            3'd3: t2 = row[95:80];
            3'd4: t2 = row[111:96];
            default: t2 = 16'h0;
        endcase
    end
    always @* begin
        case (offset)
            3'd0: t3 = row[63:48];
            3'd1: t3 = row[79:64];
            3'd2: t3 = row[95:80];
            3'd3: t3 = row[111:96];
            3'd4: t3 = row[127:112];
            default: t3 = 16'h0;
        endcase
    end
    always @* begin
        case (offset)
            3'd0: t4 = row[79:64];
            3'd1: t4 = row[95:80];
            3'd2: t4 = row[111:96];
            3'd3: t4 = row[127:112];
            3'd4: t4 = row[143:128];
            default: t4 = 16'h0;
        endcase
    end
    always @* begin
        case (offset)
            3'd0: t5 = row[95:80];
            3'd1: t5 = row[111:96];
            3'd2: t5 = row[127:112];
            3'd3: t5 = row[143:128];
            3'd4: t5 = row[159:144];
            default: t5 = 16'h0;
        endcase
    end
    always @* begin
        case (offset)
            3'd0: t6 = row[111:96];
            3'd1: t6 = row[127:112];
            3'd2: t6 = row[143:128];
            3'd3: t6 = row[159:144];
            3'd4: t6 = row[175:160];
            default: t6 = 16'h0;
        endcase
    end
    always @* begin
        case (offset)
            3'd0: t7 = row[127:112];
            3'd1: t7 = row[143:128];
            3'd2: t7 = row[159:144];
            3'd3: t7 = row[175:160];
            3'd4: t7 = row[191:176];
            default: t7 = 16'h0;
        endcase
    end
    assign values[15:0] = t0;
    assign values[31:16] = t1;
    assign values[47:32] = t2;
    assign values[63:48] = t3;
    assign values[79:64] = t4;
    assign values[95:80] = t5;
    assign values[111:96] = t6;
    assign values[127:112] = t7;
endmodule
