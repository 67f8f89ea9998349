// Mugi node of 8 rows and 8 columns: nonlinear functions and BF16 x INT4 GEMM on one array.
module mugi_8 (
    input wire clock,
    input wire reset,
    input wire [18:0] frame,
    input wire [15:0] data,
    input wire [3:0] nibble,
    input wire live,
    input wire [191:0] column,
    input wire [7:0] window_low,
    input wire [7:0] window_high,
    input wire follow_min,
    input wire [15:0] zero_value,
    input wire pass_positive,
    output wire [15:0] result,
    output wire result_valid,
    output wire [63:0] spikes
);
    reg [15:0] back_0;
    wire [2:0] sequencer_count;
    wire [2:0] sequencer_chunk;
    wire sequencer_weight;
    wire sequencer_subtract;
    wire sequencer_maximum;
    wire sequencer_load_first;
    wire sequencer_scale;
    wire sequencer_scale_nibble;
    wire [2:0] sequencer_scale_chunk;
    wire [2:0] sequencer_out_chunk;
    wire sequencer_take_reciprocal;
    wire [2:0] sequencer_late_chunk;
    wire sequencer_partial;
    wire [7:0] sequencer_fifo_writes;
    wire sequencer_fifo_parity;
    wire sequencer_hold_parity;
    wire sequencer_choose;
    wire sequencer_start_columns;
    wire sequencer_column_lookup;
    wire sequencer_column_products;
    wire sequencer_column_parity;
    wire sequencer_take;
    wire sequencer_take_sign;
    wire sequencer_hold_products;
    wire sequencer_spike;
    wire sequencer_any_sign;
    wire sequencer_negative;
    wire sequencer_turn;
    wire sequencer_enter_lookup;
    wire sequencer_enter_products;
    wire sequencer_out_lookup;
    wire sequencer_out_emit;
    wire sequencer_add_product;
    wire sequencer_add_result;
    wire sequencer_sum_first;
    wire sequencer_show_result;
    wire [2:0] sequencer_back_chunk;
    wire sequencer_from_read_back;
    wire sequencer_result_valid;
    wire [15:0] lane_0_loaded;
    wire lane_0_loaded_live;
    wire [15:0] lane_0_result;
    wire [15:0] lane_0_read_back;
    wire [7:0] e_proc_window_low;
    wire [2:0] e_proc_offset;
    wire [127:0] window_values;
    wire [15:0] accumulator_0_value;
    wire [15:0] accumulator_1_value;
    wire [15:0] accumulator_2_value;
    wire [15:0] accumulator_3_value;
    wire [15:0] accumulator_4_value;
    wire [15:0] accumulator_5_value;
    wire [15:0] accumulator_6_value;
    wire [15:0] accumulator_7_value;
    wire [127:0] input_fifo_bus;
    wire [7:0] input_fifo_parities;
    wire [15:0] row_0_back;
    wire [7:0] row_0_spikes;
    wire [15:0] row_1_back;
    wire [7:0] row_1_spikes;
    wire [15:0] row_2_back;
    wire [7:0] row_2_spikes;
    wire [15:0] row_3_back;
    wire [7:0] row_3_spikes;
    wire [15:0] row_4_back;
    wire [7:0] row_4_spikes;
    wire [15:0] row_5_back;
    wire [7:0] row_5_spikes;
    wire [15:0] row_6_back;
    wire [7:0] row_6_spikes;
    wire [15:0] row_7_back;
    wire [7:0] row_7_spikes;

    always @* begin
        case (sequencer_back_chunk)
            3'd0: back_0 = row_0_back;
            3'd1: back_0 = row_1_back;
            3'd2: back_0 = row_2_back;
            3'd3: back_0 = row_3_back;
            3'd4: back_0 = row_4_back;
            3'd5: back_0 = row_5_back;
            3'd6: back_0 = row_6_back;
            default: back_0 = row_7_back;
        endcase
    end
    sequencer sequencer (
        .clock(clock),
        .reset(reset),
        .frame(frame),
        .count(sequencer_count),
        .chunk(sequencer_chunk),
        .weight(sequencer_weight),
        .subtract(sequencer_subtract),
        .maximum(sequencer_maximum),
        .load_first(sequencer_load_first),
        .scale(sequencer_scale),
        .scale_nibble(sequencer_scale_nibble),
        .scale_chunk(sequencer_scale_chunk),
        .out_chunk(sequencer_out_chunk),
        .take_reciprocal(sequencer_take_reciprocal),
        .late_chunk(sequencer_late_chunk),
        .partial(sequencer_partial),
        .fifo_writes(sequencer_fifo_writes),
        .fifo_parity(sequencer_fifo_parity),
        .hold_parity(sequencer_hold_parity),
        .choose(sequencer_choose),
        .start_columns(sequencer_start_columns),
        .column_lookup(sequencer_column_lookup),
        .column_products(sequencer_column_products),
        .column_parity(sequencer_column_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .back_chunk(sequencer_back_chunk),
        .from_read_back(sequencer_from_read_back),
        .result_valid(sequencer_result_valid)
    );
    vector_lane lane_0 (
        .clock(clock),
        .data(data),
        .live(live),
        .nibble(nibble),
        .back(back_0),
        .chunk(sequencer_chunk),
        .weight(sequencer_weight),
        .subtract(sequencer_subtract),
        .maximum(sequencer_maximum),
        .first(sequencer_load_first),
        .scale(sequencer_scale),
        .scale_nibble(sequencer_scale_nibble),
        .scale_chunk(sequencer_scale_chunk),
        .out_chunk(sequencer_out_chunk),
        .take_reciprocal(sequencer_take_reciprocal),
        .late_chunk(sequencer_late_chunk),
        .partial(sequencer_partial),
        .loaded(lane_0_loaded),
        .loaded_live(lane_0_loaded_live),
        .result(lane_0_result),
        .read_back(lane_0_read_back)
    );
    e_proc_1 e_proc (
        .clock(clock),
        .x(lane_0_loaded),
        .live(lane_0_loaded_live),
        .count(sequencer_count),
        .choose(sequencer_choose),
        .low(window_low),
        .high(window_high),
        .follow_min(follow_min),
        .window_low(e_proc_window_low),
        .offset(e_proc_offset)
    );
    sliding_window window (
        .row(column),
        .offset(e_proc_offset),
        .values(window_values)
    );
    input_accumulator accumulator_0 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[15:0]),
        .value(accumulator_0_value)
    );
    input_accumulator accumulator_1 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[31:16]),
        .value(accumulator_1_value)
    );
    input_accumulator accumulator_2 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[47:32]),
        .value(accumulator_2_value)
    );
    input_accumulator accumulator_3 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[63:48]),
        .value(accumulator_3_value)
    );
    input_accumulator accumulator_4 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[79:64]),
        .value(accumulator_4_value)
    );
    input_accumulator accumulator_5 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[95:80]),
        .value(accumulator_5_value)
    );
    input_accumulator accumulator_6 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[111:96]),
        .value(accumulator_6_value)
    );
    input_accumulator accumulator_7 (
        .clock(clock),
        .start(sequencer_start_columns),
        .activation(column[127:112]),
        .value(accumulator_7_value)
    );
    input_fifo input_fifo (
        .clock(clock),
        .values({sequencer_column_lookup ? window_values[127:112] : (accumulator_7_value & {16{sequencer_column_products}}), sequencer_column_lookup ? window_values[111:96] : (accumulator_6_value & {16{sequencer_column_products}}), sequencer_column_lookup ? window_values[95:80] : (accumulator_5_value & {16{sequencer_column_products}}), sequencer_column_lookup ? window_values[79:64] : (accumulator_4_value & {16{sequencer_column_products}}), sequencer_column_lookup ? window_values[63:48] : (accumulator_3_value & {16{sequencer_column_products}}), sequencer_column_lookup ? window_values[47:32] : (accumulator_2_value & {16{sequencer_column_products}}), sequencer_column_lookup ? window_values[31:16] : (accumulator_1_value & {16{sequencer_column_products}}), sequencer_column_lookup ? window_values[15:0] : (accumulator_0_value & {16{sequencer_column_products}})}),
        .parity(sequencer_column_parity),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities)
    );
    row row_0 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[0]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_0_back),
        .spikes(row_0_spikes)
    );
    row row_1 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[1]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_1_back),
        .spikes(row_1_spikes)
    );
    row row_2 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[2]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_2_back),
        .spikes(row_2_spikes)
    );
    row row_3 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[3]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_3_back),
        .spikes(row_3_spikes)
    );
    row row_4 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[4]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_4_back),
        .spikes(row_4_spikes)
    );
    row row_5 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[5]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_5_back),
        .spikes(row_5_spikes)
    );
    row row_6 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[6]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_6_back),
        .spikes(row_6_spikes)
    );
    row row_7 (
        .clock(clock),
        .reset(reset),
        .write(sequencer_fifo_writes[7]),
        .fifo_parity(sequencer_fifo_parity),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_sign(sequencer_take_sign),
        .hold_products(sequencer_hold_products),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add_product(sequencer_add_product),
        .add_result(sequencer_add_result),
        .sum_first(sequencer_sum_first),
        .show_result(sequencer_show_result),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .parities(input_fifo_parities),
        .back(row_7_back),
        .spikes(row_7_spikes)
    );
    assign result = sequencer_from_read_back ? lane_0_read_back : lane_0_result;
    assign result_valid = sequencer_result_valid;
    assign spikes[7:0] = row_0_spikes;
    assign spikes[15:8] = row_1_spikes;
    assign spikes[23:16] = row_2_spikes;
    assign spikes[31:24] = row_3_spikes;
    assign spikes[39:32] = row_4_spikes;
    assign spikes[47:40] = row_5_spikes;
    assign spikes[55:48] = row_6_spikes;
    assign spikes[63:56] = row_7_spikes;
endmodule
