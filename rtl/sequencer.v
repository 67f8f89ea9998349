// CNT, the frame pipeline (load, hold, active, out, emit) and every control that follows, each registered.
module sequencer (
    input wire clock,
    input wire reset,
    input wire [18:0] frame,
    output wire [2:0] count,
    output wire [7:0] row_read,
    output wire [1:0] load_pass,
    output wire weight,
    output wire subtract,
    output wire maximum,
    output wire load_first,
    output wire scale,
    output wire [3:0] scale_nibble,
    output wire [2:0] scale_chunk,
    output wire [2:0] out_chunk,
    output wire take_reciprocal,
    output wire [2:0] late_chunk,
    output wire partial,
    output wire shows,
    output wire [5:0] begun,
    output wire [1:0] lane_adds,
    output wire [15:0] fifo_writes,
    output wire hold_parity,
    output wire search,
    output wire choose,
    output wire [7:0] column_start,
    output wire [7:0] column_lookup,
    output wire [7:0] column_products,
    output wire take,
    output wire take_lookup,
    output wire spike,
    output wire any_sign,
    output wire negative,
    output wire turn,
    output wire turn_lookup,
    output wire enter_lookup,
    output wire enter_products,
    output wire [7:0] slot_read,
    output wire [2:0] look_count,
    output wire out_lookup,
    output wire out_emit,
    output wire add,
    output wire add_result,
    output wire [7:0] sum_read,
    output wire [7:0] sum_write,
    output wire show_result,
    output wire show_sum,
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
    reg sums_now;
    reg result_begun_1;
    reg result_begun_2;
    reg result_begun_3;
    reg result_begun_4;
    reg result_begun_5;
    reg result_begun_6;
    reg emit_begun_1;
    reg fifo_write_begun_1;
    reg [2:0] fifo_chunk_begun_1;
    reg fifo_parity_begun_1;
    reg partial_begun_1;
    reg partial_begun_2;
    reg partial_begun_3;
    reg partial_begun_4;
    reg column_start_now;
    reg row_read_0_now;
    reg row_read_1_now;
    reg row_read_2_now;
    reg row_read_3_now;
    reg row_read_4_now;
    reg row_read_5_now;
    reg row_read_6_now;
    reg row_read_7_now;
    reg load_pass_1;
    reg scale_nibble_0_now;
    reg scale_nibble_1_now;
    reg scale_nibble_2_now;
    reg scale_nibble_3_now;
    reg scale_nibble_4_now;
    reg scale_nibble_5_now;
    reg scale_nibble_6_now;
    reg scale_nibble_7_now;
    reg reciprocal_begun_1;
    reg [2:0] out_chunk_late_1;
    reg shows_now;
    reg lane_adds_1;
    reg fifo_write_0_0_now;
    reg fifo_write_0_1_now;
    reg fifo_write_1_0_now;
    reg fifo_write_1_1_now;
    reg fifo_write_2_0_now;
    reg fifo_write_2_1_now;
    reg fifo_write_3_0_now;
    reg fifo_write_3_1_now;
    reg fifo_write_4_0_now;
    reg fifo_write_4_1_now;
    reg fifo_write_5_0_now;
    reg fifo_write_5_1_now;
    reg fifo_write_6_0_now;
    reg fifo_write_6_1_now;
    reg fifo_write_7_0_now;
    reg fifo_write_7_1_now;
    reg hold_parity_now;
    reg search_now;
    reg choose_now;
    reg column_starts_1;
    reg column_starts_2;
    reg column_starts_3;
    reg column_starts_4;
    reg column_starts_5;
    reg column_starts_6;
    reg column_starts_7;
    reg column_lookup_now;
    reg column_lookup_1;
    reg column_lookup_2;
    reg column_lookup_3;
    reg column_lookup_4;
    reg column_lookup_5;
    reg column_lookup_6;
    reg column_lookup_7;
    reg column_products_now;
    reg column_products_1;
    reg column_products_2;
    reg column_products_3;
    reg column_products_4;
    reg column_products_5;
    reg column_products_6;
    reg column_products_7;
    reg take_now;
    reg take_lookup_now;
    reg any_sign_now;
    reg turn_now;
    reg turn_lookup_now;
    reg slot_read_0_now;
    reg slot_read_1_now;
    reg slot_read_2_now;
    reg slot_read_3_now;
    reg slot_read_4_now;
    reg slot_read_5_now;
    reg slot_read_6_now;
    reg slot_read_7_now;
    reg [2:0] look_count_now;
    reg out_emit_now;
    reg add_now;
    reg sum_read_0_now;
    reg sum_read_1_now;
    reg sum_read_2_now;
    reg sum_read_3_now;
    reg sum_read_4_now;
    reg sum_read_5_now;
    reg sum_read_6_now;
    reg sum_read_7_now;
    reg sum_write_0_now;
    reg sum_write_1_now;
    reg sum_write_2_now;
    reg sum_write_3_now;
    reg sum_write_4_now;
    reg sum_write_5_now;
    reg sum_write_6_now;
    reg sum_write_7_now;
    reg [2:0] back_chunk_now;
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
    wire begins;
    wire scales_next;
    wire shows_sum_next;
    wire products_next;
    wire sum_reads_next;
    wire result_more;
    wire t0;

    assign t0 = load[2] | partial_begun_4;
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
    assign begins = load[15] | out[12];
    assign scales_next = load_next[12];
    assign shows_sum_next = out_next[12] | out_next[14];
    assign products_next = out_next[4];
    assign sum_reads_next = (products_next & (~out_next[5])) | shows_sum_next;
    assign result_more = sums_next & (~out[5]);
    assign count = cnt;
    assign row_read[0] = row_read_0_now;
    assign row_read[1] = row_read_1_now;
    assign row_read[2] = row_read_2_now;
    assign row_read[3] = row_read_3_now;
    assign row_read[4] = row_read_4_now;
    assign row_read[5] = row_read_5_now;
    assign row_read[6] = row_read_6_now;
    assign row_read[7] = row_read_7_now;
    assign load_pass[0] = load[0];
    assign load_pass[1] = load_pass_1;
    assign weight = load[1];
    assign subtract = load[2];
    assign maximum = load[11];
    assign load_first = load[5];
    assign scale = load[15];
    assign scale_nibble[0] = scale_nibble_0_now;
    assign scale_nibble[1] = scale_nibble_1_now;
    assign scale_nibble[2] = scale_nibble_2_now;
    assign scale_nibble[3] = scale_nibble_3_now;
    assign scale_chunk = load[18:16];
    assign out_chunk = out[18:16];
    assign take_reciprocal = reciprocal_begun_1;
    assign late_chunk = out_chunk_late_1;
    assign partial = partial_begun_4;
    assign shows = shows_now;
    assign begun[0] = begins;
    assign begun[1] = result_begun_1;
    assign begun[2] = result_begun_2;
    assign begun[3] = result_begun_3;
    assign begun[4] = result_begun_4;
    assign begun[5] = result_begun_5;
    assign lane_adds[0] = t0;
    assign lane_adds[1] = lane_adds_1;
    assign fifo_writes[0] = fifo_write_0_0_now;
    assign fifo_writes[1] = fifo_write_0_1_now;
    assign fifo_writes[2] = fifo_write_1_0_now;
    assign fifo_writes[3] = fifo_write_1_1_now;
    assign fifo_writes[4] = fifo_write_2_0_now;
    assign fifo_writes[5] = fifo_write_2_1_now;
    assign fifo_writes[6] = fifo_write_3_0_now;
    assign fifo_writes[7] = fifo_write_3_1_now;
    assign fifo_writes[8] = fifo_write_4_0_now;
    assign fifo_writes[9] = fifo_write_4_1_now;
    assign fifo_writes[10] = fifo_write_5_0_now;
    assign fifo_writes[11] = fifo_write_5_1_now;
    assign fifo_writes[12] = fifo_write_6_0_now;
    assign fifo_writes[13] = fifo_write_6_1_now;
    assign fifo_writes[14] = fifo_write_7_0_now;
    assign fifo_writes[15] = fifo_write_7_1_now;
    assign hold_parity = hold_parity_now;
    assign search = search_now;
    assign choose = choose_now;
    assign column_start[0] = column_start_now;
    assign column_start[1] = column_starts_1;
    assign column_start[2] = column_starts_2;
    assign column_start[3] = column_starts_3;
    assign column_start[4] = column_starts_4;
    assign column_start[5] = column_starts_5;
    assign column_start[6] = column_starts_6;
    assign column_start[7] = column_starts_7;
    assign column_lookup[0] = column_lookup_now;
    assign column_lookup[1] = column_lookup_1;
    assign column_lookup[2] = column_lookup_2;
    assign column_lookup[3] = column_lookup_3;
    assign column_lookup[4] = column_lookup_4;
    assign column_lookup[5] = column_lookup_5;
    assign column_lookup[6] = column_lookup_6;
    assign column_lookup[7] = column_lookup_7;
    assign column_products[0] = column_products_now;
    assign column_products[1] = column_products_1;
    assign column_products[2] = column_products_2;
    assign column_products[3] = column_products_3;
    assign column_products[4] = column_products_4;
    assign column_products[5] = column_products_5;
    assign column_products[6] = column_products_6;
    assign column_products[7] = column_products_7;
    assign take = take_now;
    assign take_lookup = take_lookup_now;
    assign spike = active[3];
    assign any_sign = any_sign_now;
    assign negative = active[7];
    assign turn = turn_now;
    assign turn_lookup = turn_lookup_now;
    assign enter_lookup = active[6];
    assign enter_products = active[4];
    assign slot_read[0] = slot_read_0_now;
    assign slot_read[1] = slot_read_1_now;
    assign slot_read[2] = slot_read_2_now;
    assign slot_read[3] = slot_read_3_now;
    assign slot_read[4] = slot_read_4_now;
    assign slot_read[5] = slot_read_5_now;
    assign slot_read[6] = slot_read_6_now;
    assign slot_read[7] = slot_read_7_now;
    assign look_count = look_count_now;
    assign out_lookup = out[6];
    assign out_emit = out_emit_now;
    assign add = add_now;
    assign add_result = sums_now;
    assign sum_read[0] = sum_read_0_now;
    assign sum_read[1] = sum_read_1_now;
    assign sum_read[2] = sum_read_2_now;
    assign sum_read[3] = sum_read_3_now;
    assign sum_read[4] = sum_read_4_now;
    assign sum_read[5] = sum_read_5_now;
    assign sum_read[6] = sum_read_6_now;
    assign sum_read[7] = sum_read_7_now;
    assign sum_write[0] = sum_write_0_now;
    assign sum_write[1] = sum_write_1_now;
    assign sum_write[2] = sum_write_2_now;
    assign sum_write[3] = sum_write_3_now;
    assign sum_write[4] = sum_write_4_now;
    assign sum_write[5] = sum_write_5_now;
    assign sum_write[6] = sum_write_6_now;
    assign sum_write[7] = sum_write_7_now;
    assign show_result = emit[9];
    assign show_sum = (out[12] | out[14]) & (~emit[9]);
    assign back_chunk = back_chunk_now;
    assign from_read_back = emit_begun_1;
    assign result_valid = emit_begun_1 | result_begun_6;

    always @(posedge clock) begin
        if (reset) cnt <= 3'd7; else cnt <= cnt_next;
        if (reset) parity <= 1'd1; else parity <= parity_next;
        if (reset) load <= 19'h0; else if (wrap) load <= frame;
        if (reset) hold <= 19'h0; else if (wrap) hold <= load;
        if (reset) active <= 19'h0; else if (wrap) active <= hold;
        if (reset) out <= 19'h0; else if (wrap) out <= active;
        if (reset) emit <= 19'h0; else if (wrap) emit <= out;
        if (reset) sums_now <= 1'd0; else sums_now <= sums_next;
        if (reset) result_begun_1 <= 1'd0; else result_begun_1 <= begins;
        if (reset) result_begun_2 <= 1'd0; else result_begun_2 <= result_begun_1;
        if (reset) result_begun_3 <= 1'd0; else result_begun_3 <= result_begun_2;
        if (reset) result_begun_4 <= 1'd0; else result_begun_4 <= result_begun_3;
        if (reset) result_begun_5 <= 1'd0; else result_begun_5 <= result_begun_4;
        if (reset) result_begun_6 <= 1'd0; else result_begun_6 <= result_begun_5;
        if (reset) emit_begun_1 <= 1'd0; else emit_begun_1 <= emit[9];
        if (reset) fifo_write_begun_1 <= 1'd0; else fifo_write_begun_1 <= load[0];
        if (reset) fifo_chunk_begun_1 <= 3'd0; else fifo_chunk_begun_1 <= cnt;
        if (reset) fifo_parity_begun_1 <= 1'd0; else fifo_parity_begun_1 <= parity;
        if (reset) partial_begun_1 <= 1'd0; else partial_begun_1 <= out[13];
        if (reset) partial_begun_2 <= 1'd0; else partial_begun_2 <= partial_begun_1;
        if (reset) partial_begun_3 <= 1'd0; else partial_begun_3 <= partial_begun_2;
        if (reset) partial_begun_4 <= 1'd0; else partial_begun_4 <= partial_begun_3;
        if (reset) column_start_now <= 1'd0; else column_start_now <= (cnt_next == 3'd6) & hold_next[4];
        if (reset) row_read_0_now <= 1'd0; else row_read_0_now <= (cnt_next == 3'd0) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) row_read_1_now <= 1'd0; else row_read_1_now <= (cnt_next == 3'd1) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) row_read_2_now <= 1'd0; else row_read_2_now <= (cnt_next == 3'd2) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) row_read_3_now <= 1'd0; else row_read_3_now <= (cnt_next == 3'd3) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) row_read_4_now <= 1'd0; else row_read_4_now <= (cnt_next == 3'd4) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) row_read_5_now <= 1'd0; else row_read_5_now <= (cnt_next == 3'd5) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) row_read_6_now <= 1'd0; else row_read_6_now <= (cnt_next == 3'd6) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) row_read_7_now <= 1'd0; else row_read_7_now <= (cnt_next == 3'd7) & ((load_next[2] | load_next[11]) | load_next[15]);
        if (reset) load_pass_1 <= 1'd0; else load_pass_1 <= load[0];
        if (reset) scale_nibble_0_now <= 1'd0; else scale_nibble_0_now <= (cnt_next == 3'd0) & scales_next;
        if (reset) scale_nibble_1_now <= 1'd0; else scale_nibble_1_now <= (cnt_next == 3'd1) & scales_next;
        if (reset) scale_nibble_2_now <= 1'd0; else scale_nibble_2_now <= (cnt_next == 3'd2) & scales_next;
        if (reset) scale_nibble_3_now <= 1'd0; else scale_nibble_3_now <= (cnt_next == 3'd3) & scales_next;
        if (reset) scale_nibble_4_now <= 1'd0; else scale_nibble_4_now <= (cnt_next == 3'd4) & scales_next;
        if (reset) scale_nibble_5_now <= 1'd0; else scale_nibble_5_now <= (cnt_next == 3'd5) & scales_next;
        if (reset) scale_nibble_6_now <= 1'd0; else scale_nibble_6_now <= (cnt_next == 3'd6) & scales_next;
        if (reset) scale_nibble_7_now <= 1'd0; else scale_nibble_7_now <= (cnt_next == 3'd7) & scales_next;
        if (reset) reciprocal_begun_1 <= 1'd0; else reciprocal_begun_1 <= out[14] & (~(|cnt));
        if (reset) out_chunk_late_1 <= 3'd0; else out_chunk_late_1 <= out[18:16];
        if (reset) shows_now <= 1'd0; else shows_now <= (shows_sum_next | load_next[15]) | emit_next[9];
        if (reset) lane_adds_1 <= 1'd0; else lane_adds_1 <= t0;
        if (reset) fifo_write_0_0_now <= 1'd0; else fifo_write_0_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd0)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_0_1_now <= 1'd0; else fifo_write_0_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd0)) & fifo_parity_begun_1;
        if (reset) fifo_write_1_0_now <= 1'd0; else fifo_write_1_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd1)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_1_1_now <= 1'd0; else fifo_write_1_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd1)) & fifo_parity_begun_1;
        if (reset) fifo_write_2_0_now <= 1'd0; else fifo_write_2_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd2)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_2_1_now <= 1'd0; else fifo_write_2_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd2)) & fifo_parity_begun_1;
        if (reset) fifo_write_3_0_now <= 1'd0; else fifo_write_3_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd3)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_3_1_now <= 1'd0; else fifo_write_3_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd3)) & fifo_parity_begun_1;
        if (reset) fifo_write_4_0_now <= 1'd0; else fifo_write_4_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd4)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_4_1_now <= 1'd0; else fifo_write_4_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd4)) & fifo_parity_begun_1;
        if (reset) fifo_write_5_0_now <= 1'd0; else fifo_write_5_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd5)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_5_1_now <= 1'd0; else fifo_write_5_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd5)) & fifo_parity_begun_1;
        if (reset) fifo_write_6_0_now <= 1'd0; else fifo_write_6_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd6)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_6_1_now <= 1'd0; else fifo_write_6_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd6)) & fifo_parity_begun_1;
        if (reset) fifo_write_7_0_now <= 1'd0; else fifo_write_7_0_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd7)) & (~fifo_parity_begun_1);
        if (reset) fifo_write_7_1_now <= 1'd0; else fifo_write_7_1_now <= (fifo_write_begun_1 & (fifo_chunk_begun_1 == 3'd7)) & fifo_parity_begun_1;
        if (reset) hold_parity_now <= 1'd0; else hold_parity_now <= ~parity_next;
        if (reset) search_now <= 1'd0; else search_now <= (load_next[0] & load_next[6]) | (hold_next[0] & hold_next[6]);
        if (reset) choose_now <= 1'd0; else choose_now <= hold_next[0] & hold_next[6];
        if (reset) column_starts_1 <= 1'd0; else column_starts_1 <= column_start_now;
        if (reset) column_starts_2 <= 1'd0; else column_starts_2 <= column_starts_1;
        if (reset) column_starts_3 <= 1'd0; else column_starts_3 <= column_starts_2;
        if (reset) column_starts_4 <= 1'd0; else column_starts_4 <= column_starts_3;
        if (reset) column_starts_5 <= 1'd0; else column_starts_5 <= column_starts_4;
        if (reset) column_starts_6 <= 1'd0; else column_starts_6 <= column_starts_5;
        if (reset) column_starts_7 <= 1'd0; else column_starts_7 <= column_starts_6;
        if (reset) column_lookup_now <= 1'd0; else column_lookup_now <= ahead[6];
        if (reset) column_lookup_1 <= 1'd0; else column_lookup_1 <= column_lookup_now;
        if (reset) column_lookup_2 <= 1'd0; else column_lookup_2 <= column_lookup_1;
        if (reset) column_lookup_3 <= 1'd0; else column_lookup_3 <= column_lookup_2;
        if (reset) column_lookup_4 <= 1'd0; else column_lookup_4 <= column_lookup_3;
        if (reset) column_lookup_5 <= 1'd0; else column_lookup_5 <= column_lookup_4;
        if (reset) column_lookup_6 <= 1'd0; else column_lookup_6 <= column_lookup_5;
        if (reset) column_lookup_7 <= 1'd0; else column_lookup_7 <= column_lookup_6;
        if (reset) column_products_now <= 1'd0; else column_products_now <= ahead[4];
        if (reset) column_products_1 <= 1'd0; else column_products_1 <= column_products_now;
        if (reset) column_products_2 <= 1'd0; else column_products_2 <= column_products_1;
        if (reset) column_products_3 <= 1'd0; else column_products_3 <= column_products_2;
        if (reset) column_products_4 <= 1'd0; else column_products_4 <= column_products_3;
        if (reset) column_products_5 <= 1'd0; else column_products_5 <= column_products_4;
        if (reset) column_products_6 <= 1'd0; else column_products_6 <= column_products_5;
        if (reset) column_products_7 <= 1'd0; else column_products_7 <= column_products_6;
        if (reset) take_now <= 1'd0; else take_now <= (wrap_next & hold[3]) & hold[0];
        if (reset) take_lookup_now <= 1'd0; else take_lookup_now <= (wrap_next & hold[3]) & (hold[0] & hold[6]);
        if (reset) any_sign_now <= 1'd0; else if (wrap) any_sign_now <= hold[4] | hold[8];
        if (reset) turn_now <= 1'd1; else turn_now <= wrap_next;
        if (reset) turn_lookup_now <= 1'd0; else turn_lookup_now <= wrap_next & active[6];
        if (reset) slot_read_0_now <= 1'd0; else slot_read_0_now <= (cnt_next == 3'd0) & (out_next[4] | out_next[6]);
        if (reset) slot_read_1_now <= 1'd0; else slot_read_1_now <= (cnt_next == 3'd1) & (out_next[4] | out_next[6]);
        if (reset) slot_read_2_now <= 1'd0; else slot_read_2_now <= (cnt_next == 3'd2) & (out_next[4] | out_next[6]);
        if (reset) slot_read_3_now <= 1'd0; else slot_read_3_now <= (cnt_next == 3'd3) & (out_next[4] | out_next[6]);
        if (reset) slot_read_4_now <= 1'd0; else slot_read_4_now <= (cnt_next == 3'd4) & (out_next[4] | out_next[6]);
        if (reset) slot_read_5_now <= 1'd0; else slot_read_5_now <= (cnt_next == 3'd5) & (out_next[4] | out_next[6]);
        if (reset) slot_read_6_now <= 1'd0; else slot_read_6_now <= (cnt_next == 3'd6) & (out_next[4] | out_next[6]);
        if (reset) slot_read_7_now <= 1'd0; else slot_read_7_now <= (cnt_next == 3'd7) & (out_next[4] | out_next[6]);
        if (reset) look_count_now <= 3'd0; else look_count_now <= cnt_next & {3{out_next[6]}};
        if (reset) out_emit_now <= 1'd0; else out_emit_now <= wrap_next & out[9];
        if (reset) add_now <= 1'd0; else add_now <= products_next | sums_next;
        if (reset) sum_read_0_now <= 1'd0; else sum_read_0_now <= (cnt_next == 3'd0) & (sum_reads_next | result_more);
        if (reset) sum_read_1_now <= 1'd0; else sum_read_1_now <= (cnt_next == 3'd1) & sum_reads_next;
        if (reset) sum_read_2_now <= 1'd0; else sum_read_2_now <= (cnt_next == 3'd2) & sum_reads_next;
        if (reset) sum_read_3_now <= 1'd0; else sum_read_3_now <= (cnt_next == 3'd3) & sum_reads_next;
        if (reset) sum_read_4_now <= 1'd0; else sum_read_4_now <= (cnt_next == 3'd4) & sum_reads_next;
        if (reset) sum_read_5_now <= 1'd0; else sum_read_5_now <= (cnt_next == 3'd5) & sum_reads_next;
        if (reset) sum_read_6_now <= 1'd0; else sum_read_6_now <= (cnt_next == 3'd6) & sum_reads_next;
        if (reset) sum_read_7_now <= 1'd0; else sum_read_7_now <= (cnt_next == 3'd7) & sum_reads_next;
        if (reset) sum_write_0_now <= 1'd0; else sum_write_0_now <= (cnt == 3'd0) & (out[4] | sums_now);
        if (reset) sum_write_1_now <= 1'd0; else sum_write_1_now <= (cnt == 3'd1) & out[4];
        if (reset) sum_write_2_now <= 1'd0; else sum_write_2_now <= (cnt == 3'd2) & out[4];
        if (reset) sum_write_3_now <= 1'd0; else sum_write_3_now <= (cnt == 3'd3) & out[4];
        if (reset) sum_write_4_now <= 1'd0; else sum_write_4_now <= (cnt == 3'd4) & out[4];
        if (reset) sum_write_5_now <= 1'd0; else sum_write_5_now <= (cnt == 3'd5) & out[4];
        if (reset) sum_write_6_now <= 1'd0; else sum_write_6_now <= (cnt == 3'd6) & out[4];
        if (reset) sum_write_7_now <= 1'd0; else sum_write_7_now <= (cnt == 3'd7) & out[4];
        if (reset) back_chunk_now <= 3'd0; else back_chunk_now <= emit_next[9] ? cnt_next : (out_next[18:16] & {3{shows_sum_next}});
    end

    wire unused_bits = &{1'b0, scale_nibble_4_now, scale_nibble_5_now, scale_nibble_6_now, scale_nibble_7_now, load_next[1], load_next[5:3], load_next[10:7], load_next[14:13], load_next[18:16], hold_next[3:1], hold_next[5], hold_next[18:7], out_next[3:0], out_next[11:7], out_next[13], out_next[15], emit_next[8:0], emit_next[18:10], ahead[3:0], ahead[5], ahead[18:7]};
endmodule
