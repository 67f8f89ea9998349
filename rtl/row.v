// One row of the Mugi node.
module row (
    input wire clock,
    input wire reset,
    input wire [1:0] write,
    input wire [15:0] data,
    input wire live,
    input wire hold_parity,
    input wire take,
    input wire take_lookup,
    input wire [2:0] count,
    input wire spike,
    input wire any_sign,
    input wire negative,
    input wire turn,
    input wire turn_lookup,
    input wire enter_lookup,
    input wire enter_products,
    input wire [7:0] slot_read,
    input wire [2:0] look_count,
    input wire out_lookup,
    input wire out_emit,
    input wire add,
    input wire add_result,
    input wire [7:0] sum_read,
    input wire [7:0] sum_write,
    input wire show_result,
    input wire show_sum,
    input wire [7:0] window_low,
    input wire [15:0] zero_value,
    input wire pass_positive,
    input wire [127:0] bus,
    output wire [15:0] back,
    output wire [7:0] spikes
);
    wire hit;
    wire [15:0] fifo_x;
    wire fifo_x_live;
    wire [2:0] m_proc_magnitude;
    wire [7:0] m_proc_exponent;
    wire m_proc_sign;
    wire m_proc_zero;
    wire m_proc_nan;
    wire [2:0] clamp_place;
    wire clamp_under;
    wire clamp_over;
    wire converter_spike;
    wire converter_row_sign;
    wire converter_row_live;
    wire element_0_spike_next;
    wire [15:0] element_0_slot;
    wire element_1_spike_next;
    wire [15:0] element_1_slot;
    wire element_2_spike_next;
    wire [15:0] element_2_slot;
    wire element_3_spike_next;
    wire [15:0] element_3_slot;
    wire element_4_spike_next;
    wire [15:0] element_4_slot;
    wire element_5_spike_next;
    wire [15:0] element_5_slot;
    wire element_6_spike_next;
    wire [15:0] element_6_slot;
    wire element_7_spike_next;
    wire [15:0] element_7_slot;
    wire [15:0] deskew_value;
    wire post_hit;
    wire [15:0] post_held;
    wire [15:0] sign_product;
    wire [15:0] accumulator_head;

    assign hit = post_hit;
    row_fifo fifo (
        .clock(clock),
        .write(write),
        .data(data),
        .live(live),
        .read_parity(hold_parity),
        .x(fifo_x),
        .x_live(fifo_x_live)
    );
    m_proc m_proc (
        .x(fifo_x),
        .magnitude(m_proc_magnitude),
        .exponent(m_proc_exponent),
        .sign(m_proc_sign),
        .zero(m_proc_zero),
        .nan(m_proc_nan)
    );
    exponent_clamp clamp (
        .exponent(m_proc_exponent),
        .window_low(window_low),
        .place(clamp_place),
        .under(clamp_under),
        .over(clamp_over)
    );
    temporal_converter converter (
        .clock(clock),
        .take(take),
        .magnitude(m_proc_magnitude),
        .sign(m_proc_sign),
        .live(fifo_x_live),
        .count(count),
        .enable(spike),
        .any_sign(any_sign),
        .negative(negative),
        .spike(converter_spike),
        .row_sign(converter_row_sign),
        .row_live(converter_row_live)
    );
    processing_element element_0 (
        .clock(clock),
        .reset(reset),
        .spike(converter_spike),
        .value(bus[15:0]),
        .spike_next(element_0_spike_next),
        .slot(element_0_slot)
    );
    processing_element element_1 (
        .clock(clock),
        .reset(reset),
        .spike(element_0_spike_next),
        .value(bus[31:16]),
        .spike_next(element_1_spike_next),
        .slot(element_1_slot)
    );
    processing_element element_2 (
        .clock(clock),
        .reset(reset),
        .spike(element_1_spike_next),
        .value(bus[47:32]),
        .spike_next(element_2_spike_next),
        .slot(element_2_slot)
    );
    processing_element element_3 (
        .clock(clock),
        .reset(reset),
        .spike(element_2_spike_next),
        .value(bus[63:48]),
        .spike_next(element_3_spike_next),
        .slot(element_3_slot)
    );
    processing_element element_4 (
        .clock(clock),
        .reset(reset),
        .spike(element_3_spike_next),
        .value(bus[79:64]),
        .spike_next(element_4_spike_next),
        .slot(element_4_slot)
    );
    processing_element element_5 (
        .clock(clock),
        .reset(reset),
        .spike(element_4_spike_next),
        .value(bus[95:80]),
        .spike_next(element_5_spike_next),
        .slot(element_5_slot)
    );
    processing_element element_6 (
        .clock(clock),
        .reset(reset),
        .spike(element_5_spike_next),
        .value(bus[111:96]),
        .spike_next(element_6_spike_next),
        .slot(element_6_slot)
    );
    processing_element element_7 (
        .clock(clock),
        .reset(reset),
        .spike(element_6_spike_next),
        .value(bus[127:112]),
        .spike_next(element_7_spike_next),
        .slot(element_7_slot)
    );
    deskew_buffer deskew (
        .slots({element_7_slot, element_6_slot, element_5_slot, element_4_slot, element_3_slot, element_2_slot, element_1_slot, element_0_slot}),
        .read(slot_read),
        .hit(hit),
        .value(deskew_value)
    );
    post_processing post (
        .clock(clock),
        .take(take_lookup),
        .x(fifo_x),
        .x_live(fifo_x_live),
        .nan(m_proc_nan),
        .zero(m_proc_zero),
        .under(clamp_under),
        .over(clamp_over),
        .place(clamp_place),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .turn(turn),
        .turn_lookup(turn_lookup),
        .enter_lookup(enter_lookup),
        .enter_products(enter_products),
        .any_sign(any_sign),
        .negative(negative),
        .row_sign(converter_row_sign),
        .row_live(converter_row_live),
        .slot(deskew_value),
        .count(look_count),
        .out_lookup(out_lookup),
        .emit(out_emit),
        .hit(post_hit),
        .held(post_held)
    );
    sign_converter sign (
        .clock(clock),
        .turn(turn),
        .negative((converter_row_sign & converter_row_live) & enter_products),
        .value(deskew_value),
        .product(sign_product)
    );
    output_accumulator accumulator (
        .clock(clock),
        .product(sign_product),
        .result(post_held),
        .add(add),
        .add_result(add_result),
        .read(sum_read),
        .write(sum_write),
        .head(accumulator_head)
    );
    assign back = (post_held & {16{show_result}}) | (accumulator_head & {16{show_sum}});
    assign spikes = {element_6_spike_next, element_5_spike_next, element_4_spike_next, element_3_spike_next, element_2_spike_next, element_1_spike_next, element_0_spike_next, converter_spike};

    wire unused_bits = &{1'b0, element_7_spike_next};
endmodule
