// CNT, the frame pipeline (load, hold, active, out, emit) and every control that follows, each registered.
module sequencer (
    input wire clock,
    input wire reset,
    input wire [18:0] frame,
    output wire [2:0] count,
    output wire [2:0] chunk,
    output wire weight,
    output wire subtract,
    output wire maximum,
    output wire load_first,
    output wire scale,
    output wire scale_nibble,
    output wire [2:0] scale_chunk,
    output wire [2:0] out_chunk,
    output wire take_reciprocal,
    output wire [2:0] late_chunk,
    output wire partial,
    output wire [7:0] fifo_writes,
    output wire fifo_parity,
    output wire hold_parity,
    output wire choose,
    output wire start_columns,
    output wire column_lookup,
    output wire column_products,
    output wire column_parity,
    output wire take,
    output wire take_sign,
    output wire hold_products,
    output wire spike,
    output wire any_sign,
    output wire negative,
    output wire turn,
    output wire enter_lookup,
    output wire enter_products,
    output wire out_lookup,
    output wire out_emit,
    output wire add_product,
    output wire add_result,
    output wire sum_first,
    output wire show_result,
    output wire [2:0] back_chunk,
    output wire from_read_back,
    output wire result_valid
);
    reg [2:0] cnt;
    reg parity;
    reg [18:0] load;
    reg [18:0] hold;
    reg [18:0] active;
    reg [18:0] out;
    reg [18:0] emit;
    reg emit_begun_1;
    reg fifo_write_begun_1;
    reg [2:0] fifo_chunk_begun_1;
    reg scale_nibble_now;
    reg reciprocal_begun_1;
    reg [2:0] out_chunk_late_1;
    reg partial_begun_1;
    reg partial_begun_2;
    reg partial_begun_3;
    reg partial_begun_4;
    reg fifo_write_0_now;
    reg fifo_write_1_now;
    reg fifo_write_2_now;
    reg fifo_write_3_now;
    reg fifo_write_4_now;
    reg fifo_write_5_now;
    reg fifo_write_6_now;
    reg fifo_write_7_now;
    reg fifo_parity_begun_1;
    reg fifo_parity_begun_2;
    reg hold_parity_now;
    reg choose_now;
    reg start_columns_now;
    reg column_lookup_now;
    reg column_products_now;
    reg column_parity_now;
    reg take_now;
    reg take_sign_now;
    reg any_sign_now;
    reg turn_now;
    reg out_emit_now;
    reg sums_now;
    reg sum_first_now;
    reg [2:0] back_chunk_now;
    reg result_begun_1;
    reg result_begun_2;
    reg result_begun_3;
    reg result_begun_4;
    reg result_begun_5;
    reg result_begun_6;
    wire [2:0] cnt_next;
    wire wrap;
    wire wrap_next;
    wire parity_next;
    wire [18:0] load_next;
    wire [18:0] hold_next;
    wire [18:0] active_next;
    wire [18:0] out_next;
    wire [18:0] emit_next;
    wire [18:0] ahead;
    wire sums_next;
    wire begun;

    assign cnt_next = cnt + 3'd1;
    assign wrap = cnt == 3'd7;
    assign wrap_next = cnt == 3'd6;
    assign parity_next = parity ^ wrap;
    assign load_next = wrap ? frame : load;
    assign hold_next = wrap ? load : hold;
    assign active_next = wrap ? hold : active;
    assign out_next = wrap ? active : out;
    assign emit_next = wrap ? out : emit;
    assign ahead = wrap_next ? hold : active_next;
    assign sums_next = wrap & out[10];
    assign begun = load[15] | out[12];
    assign count = cnt;
    assign chunk = cnt;
    assign weight = load[1];
    assign subtract = load[2];
    assign maximum = load[11];
    assign load_first = load[5];
    assign scale = load[15];
    assign scale_nibble = scale_nibble_now;
    assign scale_chunk = load[18:16];
    assign out_chunk = out[18:16];
    assign take_reciprocal = reciprocal_begun_1;
    assign late_chunk = out_chunk_late_1;
    assign partial = partial_begun_4;
    assign fifo_writes[0] = fifo_write_0_now;
    assign fifo_writes[1] = fifo_write_1_now;
    assign fifo_writes[2] = fifo_write_2_now;
    assign fifo_writes[3] = fifo_write_3_now;
    assign fifo_writes[4] = fifo_write_4_now;
    assign fifo_writes[5] = fifo_write_5_now;
    assign fifo_writes[6] = fifo_write_6_now;
    assign fifo_writes[7] = fifo_write_7_now;
    assign fifo_parity = fifo_parity_begun_2;
    assign hold_parity = hold_parity_now;
    assign choose = choose_now;
    assign start_columns = start_columns_now;
    assign column_lookup = column_lookup_now;
    assign column_products = column_products_now;
    assign column_parity = column_parity_now;
    assign take = take_now;
    assign take_sign = take_sign_now;
    assign hold_products = hold[4];
    assign spike = active[3];
    assign any_sign = any_sign_now;
    assign negative = active[7];
    assign turn = turn_now;
    assign enter_lookup = active[6];
    assign enter_products = active[4];
    assign out_lookup = out[6];
    assign out_emit = out_emit_now;
    assign add_product = out[4];
    assign add_result = sums_now;
    assign sum_first = sum_first_now;
    assign show_result = emit[9];
    assign back_chunk = back_chunk_now;
    assign from_read_back = emit_begun_1;
    assign result_valid = emit_begun_1 | result_begun_6;

    always @(posedge clock) begin
        if (reset) cnt <= 3'd7; else cnt <= cnt_next;
        if (reset) parity <= 1'd1; else parity <= parity_next;
        if (reset) load <= 19'h0; else load <= load_next;
        if (reset) hold <= 19'h0; else hold <= hold_next;
        if (reset) active <= 19'h0; else active <= active_next;
        if (reset) out <= 19'h0; else out <= out_next;
        if (reset) emit <= 19'h0; else emit <= emit_next;
        if (reset) emit_begun_1 <= 1'd0; else emit_begun_1 <= emit[9];
        if (reset) fifo_write_begun_1 <= 1'd0; else fifo_write_begun_1 <= load[0];
        if (reset) fifo_chunk_begun_1 <= 3'd0; else fifo_chunk_begun_1 <= cnt;
        if (reset) scale_nibble_now <= 1'd0; else scale_nibble_now <= load_next[12] & (~cnt_next[2]);
        if (reset) reciprocal_begun_1 <= 1'd0; else reciprocal_begun_1 <= out[14] & (~(|cnt));
        if (reset) out_chunk_late_1 <= 3'd0; else out_chunk_late_1 <= out[18:16];
        if (reset) partial_begun_1 <= 1'd0; else partial_begun_1 <= out[13];
        if (reset) partial_begun_2 <= 1'd0; else partial_begun_2 <= partial_begun_1;
        if (reset) partial_begun_3 <= 1'd0; else partial_begun_3 <= partial_begun_2;
        if (reset) partial_begun_4 <= 1'd0; else partial_begun_4 <= partial_begun_3;
        if (reset) fifo_write_0_now <= 1'd0; else fifo_write_0_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd0);
        if (reset) fifo_write_1_now <= 1'd0; else fifo_write_1_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd1);
        if (reset) fifo_write_2_now <= 1'd0; else fifo_write_2_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd2);
        if (reset) fifo_write_3_now <= 1'd0; else fifo_write_3_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd3);
        if (reset) fifo_write_4_now <= 1'd0; else fifo_write_4_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd4);
        if (reset) fifo_write_5_now <= 1'd0; else fifo_write_5_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd5);
        if (reset) fifo_write_6_now <= 1'd0; else fifo_write_6_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd6);
        if (reset) fifo_write_7_now <= 1'd0; else fifo_write_7_now <= fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd7);
        if (reset) fifo_parity_begun_1 <= 1'd0; else fifo_parity_begun_1 <= parity;
        if (reset) fifo_parity_begun_2 <= 1'd0; else fifo_parity_begun_2 <= fifo_parity_begun_1;
        if (reset) hold_parity_now <= 1'd0; else hold_parity_now <= ~parity_next;
        if (reset) choose_now <= 1'd0; else choose_now <= hold_next[0] & hold_next[6];
        if (reset) start_columns_now <= 1'd0; else start_columns_now <= (cnt_next == 3'd6) & hold_next[4];
        if (reset) column_lookup_now <= 1'd0; else column_lookup_now <= ahead[6];
        if (reset) column_products_now <= 1'd0; else column_products_now <= ahead[4];
        if (reset) column_parity_now <= 1'd0; else column_parity_now <= parity_next ^ wrap_next;
        if (reset) take_now <= 1'd0; else take_now <= (wrap_next & hold[3]) & hold[0];
        if (reset) take_sign_now <= 1'd0; else take_sign_now <= wrap_next & hold[3];
        if (reset) any_sign_now <= 1'd0; else any_sign_now <= active_next[4] | active_next[8];
        if (reset) turn_now <= 1'd1; else turn_now <= wrap_next;
        if (reset) out_emit_now <= 1'd0; else out_emit_now <= wrap_next & out[9];
        if (reset) sums_now <= 1'd0; else sums_now <= sums_next;
        if (reset) sum_first_now <= 1'd0; else sum_first_now <= sums_next ? out[5] : out_next[5];
        if (reset) back_chunk_now <= 3'd0; else back_chunk_now <= emit_next[9] ? cnt_next : out_next[18:16];
        if (reset) result_begun_1 <= 1'd0; else result_begun_1 <= begun;
        if (reset) result_begun_2 <= 1'd0; else result_begun_2 <= result_begun_1;
        if (reset) result_begun_3 <= 1'd0; else result_begun_3 <= result_begun_2;
        if (reset) result_begun_4 <= 1'd0; else result_begun_4 <= result_begun_3;
        if (reset) result_begun_5 <= 1'd0; else result_begun_5 <= result_begun_4;
        if (reset) result_begun_6 <= 1'd0; else result_begun_6 <= result_begun_5;
    end

    wire unused_bits = &{1'b0, ahead[3:0], ahead[5], ahead[18:7]};
endmodule
