// One row of the Mugi node.
module row (
    input wire clock,
    input wire reset,
    input wire write,
    input wire fifo_parity,
    input wire [15:0] data,
    input wire live,
    input wire hold_parity,
    input wire take,
    input wire take_sign,
    input wire hold_products,
    input wire [2:0] count,
    input wire spike,
    input wire any_sign,
    input wire negative,
    input wire turn,
    input wire enter_lookup,
    input wire enter_products,
    input wire out_lookup,
    input wire out_emit,
    input wire add_product,
    input wire add_result,
    input wire sum_first,
    input wire show_result,
    input wire [7:0] window_low,
    input wire [15:0] zero_value,
    input wire pass_positive,
    input wire [127:0] bus,
    input wire [7:0] parities,
    output wire [15:0] back,
    output wire [7:0] spikes
);
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
    wire [15:0] element_0_even;
    wire [15:0] element_0_odd;
    wire element_1_spike_next;
    wire [15:0] element_1_even;
    wire [15:0] element_1_odd;
    wire element_2_spike_next;
    wire [15:0] element_2_even;
    wire [15:0] element_2_odd;
    wire element_3_spike_next;
    wire [15:0] element_3_even;
    wire [15:0] element_3_odd;
    wire element_4_spike_next;
    wire [15:0] element_4_even;
    wire [15:0] element_4_odd;
    wire element_5_spike_next;
    wire [15:0] element_5_even;
    wire [15:0] element_5_odd;
    wire element_6_spike_next;
    wire [15:0] element_6_even;
    wire [15:0] element_6_odd;
    wire element_7_spike_next;
    wire [15:0] element_7_even;
    wire [15:0] element_7_odd;
    wire [15:0] even_tree_value;
    wire [15:0] odd_tree_value;
    wire [15:0] sign_even_product;
    wire [15:0] sign_odd_product;
    wire [15:0] deskew_value;
    wire [15:0] post_product;
    wire [15:0] post_held;
    wire [15:0] accumulator_head;

    row_fifo fifo (
        .clock(clock),
        .reset(reset),
        .write(write),
        .write_parity(fifo_parity),
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
        .reset(reset),
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
        .parity(parities[0]),
        .value(bus[15:0]),
        .spike_next(element_0_spike_next),
        .even(element_0_even),
        .odd(element_0_odd)
    );
    processing_element element_1 (
        .clock(clock),
        .reset(reset),
        .spike(element_0_spike_next),
        .parity(parities[1]),
        .value(bus[31:16]),
        .spike_next(element_1_spike_next),
        .even(element_1_even),
        .odd(element_1_odd)
    );
    processing_element element_2 (
        .clock(clock),
        .reset(reset),
        .spike(element_1_spike_next),
        .parity(parities[2]),
        .value(bus[47:32]),
        .spike_next(element_2_spike_next),
        .even(element_2_even),
        .odd(element_2_odd)
    );
    processing_element element_3 (
        .clock(clock),
        .reset(reset),
        .spike(element_2_spike_next),
        .parity(parities[3]),
        .value(bus[63:48]),
        .spike_next(element_3_spike_next),
        .even(element_3_even),
        .odd(element_3_odd)
    );
    processing_element element_4 (
        .clock(clock),
        .reset(reset),
        .spike(element_3_spike_next),
        .parity(parities[4]),
        .value(bus[79:64]),
        .spike_next(element_4_spike_next),
        .even(element_4_even),
        .odd(element_4_odd)
    );
    processing_element element_5 (
        .clock(clock),
        .reset(reset),
        .spike(element_4_spike_next),
        .parity(parities[5]),
        .value(bus[95:80]),
        .spike_next(element_5_spike_next),
        .even(element_5_even),
        .odd(element_5_odd)
    );
    processing_element element_6 (
        .clock(clock),
        .reset(reset),
        .spike(element_5_spike_next),
        .parity(parities[6]),
        .value(bus[111:96]),
        .spike_next(element_6_spike_next),
        .even(element_6_even),
        .odd(element_6_odd)
    );
    processing_element element_7 (
        .clock(clock),
        .reset(reset),
        .spike(element_6_spike_next),
        .parity(parities[7]),
        .value(bus[127:112]),
        .spike_next(element_7_spike_next),
        .even(element_7_even),
        .odd(element_7_odd)
    );
    or_tree even_tree (
        .values({element_7_even, element_6_even, element_5_even, element_4_even, element_3_even, element_2_even, element_1_even, element_0_even}),
        .value(even_tree_value)
    );
    or_tree odd_tree (
        .values({element_7_odd, element_6_odd, element_5_odd, element_4_odd, element_3_odd, element_2_odd, element_1_odd, element_0_odd}),
        .value(odd_tree_value)
    );
    sign_converter sign (
        .clock(clock),
        .reset(reset),
        .take(take_sign),
        .parity(hold_parity),
        .negative(m_proc_sign & hold_products),
        .even(even_tree_value),
        .odd(odd_tree_value),
        .even_product(sign_even_product),
        .odd_product(sign_odd_product)
    );
    deskew_buffer deskew (
        .clock(clock),
        .spikes({element_6_spike_next, element_5_spike_next, element_4_spike_next, element_3_spike_next, element_2_spike_next, element_1_spike_next, element_0_spike_next, converter_spike}),
        .parities(parities),
        .even_product(sign_even_product),
        .odd_product(sign_odd_product),
        .read(count),
        .value(deskew_value)
    );
    post_processing post (
        .clock(clock),
        .reset(reset),
        .take(take),
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
        .enter_lookup(enter_lookup),
        .enter_products(enter_products),
        .any_sign(any_sign),
        .negative(negative),
        .row_sign(converter_row_sign),
        .row_live(converter_row_live),
        .slot(deskew_value),
        .count(count),
        .out_lookup(out_lookup),
        .emit(out_emit),
        .product(post_product),
        .held(post_held)
    );
    output_accumulator accumulator (
        .clock(clock),
        .reset(reset),
        .product(post_product),
        .result(post_held),
        .add_product(add_product),
        .add_result(add_result),
        .first(sum_first),
        .head(accumulator_head)
    );
    assign back = show_result ? post_held : accumulator_head;
    assign spikes = {element_6_spike_next, element_5_spike_next, element_4_spike_next, element_3_spike_next, element_2_spike_next, element_1_spike_next, element_0_spike_next, converter_spike};

    wire unused_bits = &{1'b0, element_7_spike_next};
endmodule
