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
    reg [15:0] activation_1;
    reg [15:0] activation_2;
    reg [15:0] activation_3;
    reg [15:0] activation_4;
    reg [15:0] activation_5;
    reg [15:0] activation_6;
    reg [15:0] activation_7;
    reg [15:0] back_0;
    wire [2:0] sequencer_count;
    wire [7:0] sequencer_row_read;
    wire [1:0] sequencer_load_pass;
    wire sequencer_weight;
    wire sequencer_subtract;
    wire sequencer_maximum;
    wire sequencer_load_first;
    wire sequencer_scale;
    wire [3:0] sequencer_scale_nibble;
    wire [2:0] sequencer_scale_chunk;
    wire [2:0] sequencer_out_chunk;
    wire sequencer_take_reciprocal;
    wire [2:0] sequencer_late_chunk;
    wire sequencer_partial;
    wire sequencer_shows;
    wire [5:0] sequencer_begun;
    wire [1:0] sequencer_lane_adds;
    wire [15:0] sequencer_fifo_writes;
    wire sequencer_hold_parity;
    wire sequencer_search;
    wire sequencer_choose;
    wire [7:0] sequencer_column_start;
    wire [7:0] sequencer_column_lookup;
    wire [7:0] sequencer_column_products;
    wire sequencer_take;
    wire sequencer_take_lookup;
    wire sequencer_spike;
    wire sequencer_any_sign;
    wire sequencer_negative;
    wire sequencer_turn;
    wire sequencer_turn_lookup;
    wire sequencer_enter_lookup;
    wire sequencer_enter_products;
    wire [7:0] sequencer_slot_read;
    wire [2:0] sequencer_look_count;
    wire sequencer_out_lookup;
    wire sequencer_out_emit;
    wire sequencer_add;
    wire sequencer_add_result;
    wire [7:0] sequencer_sum_read;
    wire [7:0] sequencer_sum_write;
    wire sequencer_show_result;
    wire sequencer_show_sum;
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
        .row_read(sequencer_row_read),
        .load_pass(sequencer_load_pass),
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
        .shows(sequencer_shows),
        .begun(sequencer_begun),
        .lane_adds(sequencer_lane_adds),
        .fifo_writes(sequencer_fifo_writes),
        .hold_parity(sequencer_hold_parity),
        .search(sequencer_search),
        .choose(sequencer_choose),
        .column_start(sequencer_column_start),
        .column_lookup(sequencer_column_lookup),
        .column_products(sequencer_column_products),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
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
        .row_read(sequencer_row_read),
        .load(sequencer_load_pass),
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
        .shows(sequencer_shows),
        .begun(sequencer_begun),
        .adds(sequencer_lane_adds),
        .loaded(lane_0_loaded),
        .loaded_live(lane_0_loaded_live),
        .result(lane_0_result),
        .read_back(lane_0_read_back)
    );
    e_proc_1 e_proc (
        .clock(clock),
        .x(lane_0_loaded),
        .live(lane_0_loaded_live),
        .search(sequencer_search),
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
        .start(sequencer_column_start[0]),
        .run(sequencer_column_products[0]),
        .activation(column[15:0]),
        .value(accumulator_0_value)
    );
    input_accumulator accumulator_1 (
        .clock(clock),
        .start(sequencer_column_start[1]),
        .run(sequencer_column_products[1]),
        .activation(activation_1),
        .value(accumulator_1_value)
    );
    input_accumulator accumulator_2 (
        .clock(clock),
        .start(sequencer_column_start[2]),
        .run(sequencer_column_products[2]),
        .activation(activation_2),
        .value(accumulator_2_value)
    );
    input_accumulator accumulator_3 (
        .clock(clock),
        .start(sequencer_column_start[3]),
        .run(sequencer_column_products[3]),
        .activation(activation_3),
        .value(accumulator_3_value)
    );
    input_accumulator accumulator_4 (
        .clock(clock),
        .start(sequencer_column_start[4]),
        .run(sequencer_column_products[4]),
        .activation(activation_4),
        .value(accumulator_4_value)
    );
    input_accumulator accumulator_5 (
        .clock(clock),
        .start(sequencer_column_start[5]),
        .run(sequencer_column_products[5]),
        .activation(activation_5),
        .value(accumulator_5_value)
    );
    input_accumulator accumulator_6 (
        .clock(clock),
        .start(sequencer_column_start[6]),
        .run(sequencer_column_products[6]),
        .activation(activation_6),
        .value(accumulator_6_value)
    );
    input_accumulator accumulator_7 (
        .clock(clock),
        .start(sequencer_column_start[7]),
        .run(sequencer_column_products[7]),
        .activation(activation_7),
        .value(accumulator_7_value)
    );
    input_fifo input_fifo (
        .clock(clock),
        .entries(window_values),
        .products({accumulator_7_value, accumulator_6_value, accumulator_5_value, accumulator_4_value, accumulator_3_value, accumulator_2_value, accumulator_1_value, accumulator_0_value}),
        .lookup(sequencer_column_lookup),
        .work({sequencer_column_lookup[7] | sequencer_column_products[7], sequencer_column_lookup[6] | sequencer_column_products[6], sequencer_column_lookup[5] | sequencer_column_products[5], sequencer_column_lookup[4] | sequencer_column_products[4], sequencer_column_lookup[3] | sequencer_column_products[3], sequencer_column_lookup[2] | sequencer_column_products[2], sequencer_column_lookup[1] | sequencer_column_products[1], sequencer_column_lookup[0] | sequencer_column_products[0]}),
        .bus(input_fifo_bus)
    );
    row row_0 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[1], sequencer_fifo_writes[0]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .back(row_0_back),
        .spikes(row_0_spikes)
    );
    row row_1 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[3], sequencer_fifo_writes[2]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .back(row_1_back),
        .spikes(row_1_spikes)
    );
    row row_2 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[5], sequencer_fifo_writes[4]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .back(row_2_back),
        .spikes(row_2_spikes)
    );
    row row_3 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[7], sequencer_fifo_writes[6]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .back(row_3_back),
        .spikes(row_3_spikes)
    );
    row row_4 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[9], sequencer_fifo_writes[8]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .back(row_4_back),
        .spikes(row_4_spikes)
    );
    row row_5 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[11], sequencer_fifo_writes[10]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .back(row_5_back),
        .spikes(row_5_spikes)
    );
    row row_6 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[13], sequencer_fifo_writes[12]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
        .back(row_6_back),
        .spikes(row_6_spikes)
    );
    row row_7 (
        .clock(clock),
        .reset(reset),
        .write({sequencer_fifo_writes[15], sequencer_fifo_writes[14]}),
        .data(lane_0_loaded),
        .live(lane_0_loaded_live),
        .hold_parity(sequencer_hold_parity),
        .take(sequencer_take),
        .take_lookup(sequencer_take_lookup),
        .count(sequencer_count),
        .spike(sequencer_spike),
        .any_sign(sequencer_any_sign),
        .negative(sequencer_negative),
        .turn(sequencer_turn),
        .turn_lookup(sequencer_turn_lookup),
        .enter_lookup(sequencer_enter_lookup),
        .enter_products(sequencer_enter_products),
        .slot_read(sequencer_slot_read),
        .look_count(sequencer_look_count),
        .out_lookup(sequencer_out_lookup),
        .out_emit(sequencer_out_emit),
        .add(sequencer_add),
        .add_result(sequencer_add_result),
        .sum_read(sequencer_sum_read),
        .sum_write(sequencer_sum_write),
        .show_result(sequencer_show_result),
        .show_sum(sequencer_show_sum),
        .window_low(e_proc_window_low),
        .zero_value(zero_value),
        .pass_positive(pass_positive),
        .bus(input_fifo_bus),
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

    always @(posedge clock) begin
        if (sequencer_column_start[0]) activation_1 <= column[31:16];
        if (sequencer_column_start[0]) activation_2 <= column[47:32];
        if (sequencer_column_start[0]) activation_3 <= column[63:48];
        if (sequencer_column_start[0]) activation_4 <= column[79:64];
        if (sequencer_column_start[0]) activation_5 <= column[95:80];
        if (sequencer_column_start[0]) activation_6 <= column[111:96];
        if (sequencer_column_start[0]) activation_7 <= column[127:112];
    end
endmodule
