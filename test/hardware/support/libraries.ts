/** Small cell libraries of our own, each with features of one public library. Their numbers mean nothing. */

/** A table over slew and load (or data and clock slew), curved, of its own for each name. */
function table(
  kind: string,
  name: string,
  scale: number,
  rows: readonly number[],
  columns: readonly number[],
) {
  let seed = 1;
  for (const character of `${kind}${name}`) seed = (seed * 31 + character.charCodeAt(0)) % 9973;
  const own = 0.7 + (0.6 * seed) / 9973;
  const value = (row: number, column: number) =>
    scale * own * (0.4 + row / rows[rows.length - 1] + 3 * (column / columns[columns.length - 1]) ** 1.3);
  return rows.map((row) => columns.map((column) => value(row, column)));
}

const text = (values: readonly (readonly number[])[]) =>
  values.map((row) => `"${row.map((value) => value.toPrecision(6)).join(', ')}"`).join(', \\\n          ');

export interface Style {
  /** `loads` puts the load first in every table, as some characterisers do. */
  readonly first?: 'slews' | 'loads';
  /** Units of the file: `1ns`, `1pf`; otherwise 1ps and 1ff. */
  readonly large?: boolean;
  /** Different capacitances for rising and falling edges; `range` states them as ranges. */
  readonly edges?: 'same' | 'apart' | 'range';
  /** Leaves the sense of arcs for the function to tell. */
  readonly senseless?: boolean;
}

const SLEWS = [4, 40, 160];
const LOADS = [1, 8, 30];

/** A writer of cells in one style. */
export function writer({ first = 'slews', large = false, edges = 'same', senseless = false }: Style = {}) {
  const time = large ? 1e-3 : 1;
  const capacitance = large ? 1e-3 : 1;
  const loadFirst = first === 'loads';

  const head = (name: string) => `library ("${name}") {
  delay_model : table_lookup;
  time_unit : "${large ? '1ns' : '1ps'}";
  capacitive_load_unit (1, ${large ? 'pf' : 'ff'});
  voltage_unit : "1V";
  leakage_power_unit : "1nW";
  nom_voltage : 0.9;
  lu_table_template (delay) {
    variable_1 : ${loadFirst ? 'total_output_net_capacitance' : 'input_net_transition'};
    variable_2 : ${loadFirst ? 'input_net_transition' : 'total_output_net_capacitance'};
    index_1 ("1, 2, 3");
    index_2 ("1, 2, 3");
  }
  lu_table_template (setup) {
    variable_1 : ${loadFirst ? 'constrained_pin_transition' : 'related_pin_transition'};
    variable_2 : ${loadFirst ? 'related_pin_transition' : 'constrained_pin_transition'};
    index_1 ("${SLEWS.map((slew) => slew * time).join(', ')}");
    index_2 ("${SLEWS.map((slew) => slew * time).join(', ')}");
  }
`;

  const loaded = (key: string, name: string, scale: number) => {
    const [rows, columns] = [SLEWS.map((slew) => slew * time), LOADS.map((load) => load * capacitance)];
    const values = table(key, name, scale, rows, columns);
    const turned = columns.map((_, j) => values.map((row) => row[j]));
    const [one, two, body] = loadFirst ? [columns, rows, turned] : [rows, columns, values];
    return `        ${key} (delay) {
          index_1 ("${one.join(', ')}"); index_2 ("${two.join(', ')}");
          values (${text(body)});
        }
`;
  };

  const delays = (name: string, edge: 'both' | 'rise' | 'fall' = 'both') =>
    [
      ...(edge === 'fall' ? [] : ['cell_rise', 'rise_transition']),
      ...(edge === 'rise' ? [] : ['cell_fall', 'fall_transition']),
    ]
      .map((key) => loaded(key, name, 20 * time))
      .join('');

  const arc = (name: string, from: string, sense: string, type = '') =>
    `      timing () { related_pin : "${from}";${sense === '' || senseless ? '' : ` timing_sense : ${sense};`}${type}
${delays(`${name}${from}`)}      }
`;

  const input = (name: string, size: number, inside = '') => {
    const nominal = (1.4 * size * capacitance).toPrecision(6);
    const [rise, fall] = [
      (1.5 * size * capacitance).toPrecision(6),
      (1.2 * size * capacitance).toPrecision(6),
    ];
    const more = {
      same: '',
      apart: ` rise_capacitance : ${rise}; fall_capacitance : ${fall};`,
      range: ` rise_capacitance : ${nominal}; rise_capacitance_range (${fall}, ${rise}); fall_capacitance : ${fall};`,
    }[edges];
    return `    pin ("${name}") { direction : "input"; capacitance : ${nominal};${more}\n${inside}    }\n`;
  };

  const power = (name: string, from: string) =>
    `      internal_power () { related_pin : "${from}";
${loaded('rise_power', `${name}${from}`, 1)}${loaded('fall_power', `${name}${from}`, 2)}      }
`;

  /** A gate; `area` decides what ABC prefers. */
  const gate = (
    name: string,
    inputs: readonly string[],
    fn: string,
    sense: 'positive_unate' | 'negative_unate' | 'non_unate',
    area: number,
    attributes = '',
  ) => `  cell ("${name}") {
    area : ${area};
    cell_leakage_power : ${area};
    ${attributes}
${inputs.map((pin) => input(pin, 1)).join('')}    pin (Y) {
      direction : output;
      function : "${fn}";
${inputs.map((pin) => arc(name, pin, sense)).join('')}${inputs.map((pin) => power(name, pin)).join('')}    }
  }
`;

  /** A flip-flop with inputs beside its clock CK, and outputs with their functions. */
  const flop = (
    name: string,
    inputs: readonly string[],
    group: string,
    outputs: Readonly<Record<string, string>>,
    { area = 6, ties = [] as readonly string[], attributes = '' } = {},
  ) => {
    const check = (pin: string) =>
      ['rise_constraint', 'fall_constraint']
        .map(
          (key) =>
            `        ${key} (setup) { values (${text(table(key, name + pin, 15 * time, SLEWS, SLEWS))}); }\n`,
        )
        .join('');
    const captured = (pin: string) =>
      input(
        pin,
        1,
        `      timing () { related_pin : "CK"; timing_type : setup_rising;\n${check(pin)}      }\n`,
      );
    const shown = (pin: string) => `    pin (${pin}) {
      direction : output;
      function : "${outputs[pin]}";
${arc(`${name}${pin}`, 'CK', 'non_unate', ' timing_type : rising_edge;')}${power(`${name}${pin}`, 'CK')}    }
`;
    return `  cell (${name}) {
    area : ${area};
    cell_leakage_power : ${area};
    ${attributes}
    ${group}
${inputs.map(captured).join('')}${ties.map((pin) => input(pin, 1)).join('')}${input('CK', 1)}${Object.keys(outputs).map(shown).join('')}  }
`;
  };

  const gates = [
    gate('INV', ['A'], '!A', 'negative_unate', 1),
    gate('BUF', ['A'], 'A', 'positive_unate', 2),
    gate('BUF4', ['A'], 'A', 'positive_unate', 4),
    gate('NAND2', ['A', 'B'], "(A B)'", 'negative_unate', 2),
    gate('NOR2', ['A', 'B'], '!(A + B)', 'negative_unate', 2),
    gate('XOR2', ['A', 'B'], 'A ^ B', 'non_unate', 4),
    gate('AOI21', ['A', 'B', 'C'], '!((A * B) | C)', 'negative_unate', 3),
  ].join('');
  /** A clock gate, whose latch opens for a test pin too where there is one. */
  const clockGate = (name: string, test?: string) => {
    const check = (pin: string) =>
      `      timing () { related_pin : "CK"; timing_type : setup_rising;
${['rise_constraint', 'fall_constraint']
  .map(
    (key) =>
      `        ${key} (setup) { values (${text(table(key, name + pin, 15 * time, SLEWS, SLEWS))}); }\n`,
  )
  .join('')}      }
`;
    return `  cell (${name}) {
    area : 5;
    cell_leakage_power : 5;
    clock_gating_integrated_cell : ${test === undefined ? 'latch_posedge' : 'latch_posedge_precontrol'};
    statetable ("CK E", "IQ") { table : "L L : - : L, L H : - : H, H - : - : N"; }
    pin (IQ) { direction : internal; internal_node : "IQ"; }
${input('E', 1, `      clock_gate_enable_pin : true;\n${check('E')}`)}${test === undefined ? '' : input(test, 1, '      clock_gate_test_pin : true;\n')}${input('CK', 1, '      clock_gate_clock_pin : true;\n')}    pin (GCK) {
      direction : output;
      clock_gate_out_pin : true;
      state_function : "CK & IQ";
${arc(name, 'CK', 'positive_unate')}${power(name, 'CK')}    }
  }
`;
  };
  return { head, gate, gates, flop, clockGate };
}

/** A library by the public library whose features it has. */
export const LIBRARIES = {
  /** NanGate45: each flip-flop has Q and QN; clock gates and latches; capacitances by edge. */
  nangate() {
    const w = writer({ edges: 'apart' });
    const plain = 'ff (IQ, IQN) { next_state : "D"; clocked_on : "CK"; }';
    return `${w.head('like_nangate')}${w.gates}${w.flop('DFF', ['D'], plain, { Q: 'IQ', QN: 'IQN' })}${w.flop('DLH', ['D'], 'latch (IQ, IQN) { data_in : "D"; enable : "CK"; }', { Q: 'IQ' }, { area: 1 })}${w.clockGate('CLKGATE')}}`;
  },
  /** sky130: flip-flops with enable, isolation cells that look like the cheapest gate; the load first; ns and pF. */
  sky130() {
    const w = writer({ first: 'loads', large: true });
    const plain = 'ff ("IQ","IQ_N") { clocked_on : "CK"; next_state : "D"; }';
    const enabled = 'ff ("IQ","IQ_N") { clocked_on : "CK"; next_state : "(D&DE) | (IQ&!DE)"; }';
    return `${w.head('like_sky130')}${w.gates}${w.flop('DFX', ['D'], plain, { Q: 'IQ' })}${w.flop('EDFX', ['D', 'DE'], enabled, { Q: 'IQ' }, { area: 7 })}${w.gate('ISO', ['A', 'B'], 'A & B', 'positive_unate', 0.1, 'is_isolation_cell : "true";')}${w.gate('LEFT_OUT', ['A', 'B'], 'A | B', 'positive_unate', 0.1, 'dont_use : true;')}}`;
  },
  /** IHP SG13G2: only flip-flops with a reset, which is tied, with Q and Q_N; senses left out; capacitances as ranges. */
  sg13g2() {
    const w = writer({ edges: 'range', senseless: true });
    const reset = 'ff (IQ,IQN) { clear : "RESET_B\'"; clocked_on : "CK"; next_state : "D"; }';
    return `${w.head('like_sg13g2')}${w.gates}${w.flop('DFRBP', ['D'], reset, { Q: 'IQ', Q_N: 'IQN' }, { ties: ['RESET_B'] })}${w.clockGate('LGCP')}}`;
  },
  /**
   * ASAP7: flip-flops that keep and show the inverse only; logic and flip-flops in files of their own; statements that end
   * with their line.
   */
  asap7(): readonly [string, string] {
    const w = writer();
    const inverse = 'ff (IQN,IQNN) { clocked_on : "CK"; next_state : "!D"; }';
    return [
      `${w.head('like_asap7_logic')}${w.gates.replaceAll(/(area : [\d.]+);/g, '$1')}}`,
      `${w.head('like_asap7_flops')}${w.flop('DFFHQN', ['D'], inverse, { QN: 'IQN' })}${w.clockGate('ICG', 'SE')}}`,
    ];
  },
};
