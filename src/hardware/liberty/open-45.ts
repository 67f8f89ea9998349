/**
 * The generic 45 nm-class library that mugi generates; not the cells of any foundry or person. Each value follows from
 * the few constants below by a stated rule; docs/synthesis.md gives the derivation and its limits.
 */
const OPEN_45_NAME = 'mugi_open_45';

/** µm². The greatest common divisor of the cell areas in the published 45 nm cost table (Mugi artifact, MIT). */
const SITE = 0.266;
const VOLTAGE = 1.1;
/** fF. Gate of a unit transistor pair: about 1.05 µm of gate width at 1.5 fF/µm. */
const UNIT_CAPACITANCE = 1.6;
/** ns per unit load. FO4 = 500 ps per µm of gate length (22.5 ps at 45 nm), shared among 4 + 1 unit loads, once the
 * part that slow input edges add (below) is taken off. */
const SLEW_TO_DELAY = 0.455;
const STEP_TO_SLEW = 2;
const TAU = 0.0225 / (1 + SLEW_TO_DELAY * STEP_TO_SLEW) / 5;
/** nW per transistor column: means of the published AND, OR, XOR and MUX leakages, and that of the register. */
const LEAKAGE_PER_COLUMN = 7.3;
const FLOP_LEAKAGE_PER_COLUMN = 4.54;

interface Stage {
  /** Logical effort (drive relative to an inverter of equal input capacitance) and parasitic delay. */
  effort: number;
  parasitic: number;
}

interface Gate {
  name: string;
  function: string;
  inputs: readonly string[];
  /** Unit gates that hang on each input. */
  fanIn: number;
  /** Transistor pairs side by side, output stage apart. */
  columns: number;
  /** Stages before the output stage. */
  inner: readonly Stage[];
  output: Stage;
  /** Columns of the output stage at unit drive. */
  outputColumns: number;
  sense: 'positive_unate' | 'negative_unate' | 'non_unate';
  drives: readonly number[];
}

const INV: Stage = { effort: 1, parasitic: 1 };
const nand = (n: number): Stage => ({ effort: (n + 2) / 3, parasitic: n });
const nor = (n: number): Stage => ({ effort: (2 * n + 1) / 3, parasitic: n });
const AOI21: Stage = { effort: 2, parasitic: 3 };
const AOI22: Stage = { effort: 2, parasitic: 4 };
const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** A single inverting stage: as many columns as inputs. */
const single = (
  name: string,
  inputs: readonly string[],
  fn: string,
  output: Stage,
  drives: readonly number[],
): Gate => ({
  name,
  function: fn,
  inputs,
  fanIn: 1,
  columns: 0,
  inner: [],
  output,
  outputColumns: inputs.length,
  sense: 'negative_unate',
  drives,
});

/** An inverting stage followed by an inverter. */
const buffered = (
  name: string,
  inputs: readonly string[],
  fn: string,
  inner: Stage,
  drives: readonly number[],
): Gate => ({
  name,
  function: fn,
  inputs,
  fanIn: 1,
  columns: inputs.length,
  inner: [inner],
  output: INV,
  outputColumns: 1,
  sense: 'positive_unate',
  drives,
});

const list = (n: number) => LETTERS.slice(0, n);
const GATES: readonly Gate[] = [
  single('INV', ['A'], '!A', INV, [1, 2, 4, 8]),
  buffered('BUF', ['A'], 'A', INV, [1, 2, 4, 8]),
  ...[2, 3, 4].flatMap((n) => [
    single(`NAND${n}`, list(n), `!(${list(n).join(' & ')})`, nand(n), n === 2 ? [1, 2] : [1]),
    single(`NOR${n}`, list(n), `!(${list(n).join(' | ')})`, nor(n), n === 2 ? [1, 2] : [1]),
    buffered(`AND${n}`, list(n), list(n).join(' & '), nand(n), n === 2 ? [1, 2] : [1]),
    buffered(`OR${n}`, list(n), list(n).join(' | '), nor(n), n === 2 ? [1, 2] : [1]),
  ]),
  single('AOI21', ['A', 'B', 'C'], '!((A & B) | C)', AOI21, [1]),
  single('OAI21', ['A', 'B', 'C'], '!((A | B) & C)', AOI21, [1]),
  single('AOI22', ['A', 'B', 'C', 'D'], '!((A & B) | (C & D))', AOI22, [1]),
  single('OAI22', ['A', 'B', 'C', 'D'], '!((A | B) & (C | D))', AOI22, [1]),
  // NOR2 and AOI21; each input hangs on both.
  {
    ...single('XOR2', ['A', 'B'], 'A ^ B', AOI21, [1]),
    fanIn: 2,
    columns: 2,
    inner: [nor(2)],
    outputColumns: 3,
    sense: 'non_unate',
  },
  {
    ...single('XNOR2', ['A', 'B'], '!(A ^ B)', AOI21, [1]),
    fanIn: 2,
    columns: 2,
    inner: [nand(2)],
    outputColumns: 3,
    sense: 'non_unate',
  },
  // Inverter for the select, AOI22, inverter.
  { ...buffered('MUX2', ['A', 'B', 'S'], '(S & B) | (!S & A)', AOI22, [1]), columns: 5, sense: 'non_unate' },
];

/** The library as Liberty text: NLDM, ns, fF, nW; deterministic. */
export function open45Liberty(): string {
  return `library (${OPEN_45_NAME}) {
  delay_model : table_lookup;
  time_unit : "1ns";
  voltage_unit : "1V";
  current_unit : "1mA";
  pulling_resistance_unit : "1kohm";
  leakage_power_unit : "1nW";
  capacitive_load_unit (1,ff);
  lu_table_template (delay_template) {
    variable_1 : input_net_transition;
    variable_2 : total_output_net_capacitance;
    index_1 ("0.005, 0.2");
    index_2 ("1, 50");
  }
  nom_process : 1;
  nom_temperature : 25;
  nom_voltage : ${VOLTAGE};
  default_max_transition : 0.3;
  slew_lower_threshold_pct_rise : 20;
  slew_upper_threshold_pct_rise : 80;
  slew_lower_threshold_pct_fall : 20;
  slew_upper_threshold_pct_fall : 80;
  input_threshold_pct_rise : 50;
  input_threshold_pct_fall : 50;
  output_threshold_pct_rise : 50;
  output_threshold_pct_fall : 50;
${GATES.flatMap((gate) => gate.drives.map((drive) => gateText(gate, drive))).join('')}${flopText()}${clockGateText()}}
`;
}

function gateText(gate: Gate, drive: number): string {
  // A strong cell needs a strong stage in front of its output: half of its drive, at least one.
  const front = gate.inner.length > 0 ? Math.max(1, Math.ceil(drive / 2)) : 1;
  const scale = gate.inner.length > 0 ? front : drive;
  const columns = gate.columns * front + gate.outputColumns * drive;
  const capacitance = UNIT_CAPACITANCE * gate.fanIn * scale;
  let before = 0;
  let slewBefore: number | undefined;
  for (const { effort, parasitic } of gate.inner) {
    const step = TAU * ((effort * drive) / front + parasitic);
    before += step;
    slewBefore = STEP_TO_SLEW * step;
  }
  const arcs = gate.inputs
    .map((input) => timing(input, gate.sense, gate.output, drive, before, slewBefore))
    .join('');
  // Diffusion of every stage and the gates between the stages swing once per output transition.
  const inside =
    [...gate.inner.map((stage) => stage.parasitic * front), gate.output.parasitic * drive].reduce(
      (a, b) => a + b,
      0,
    ) + (gate.inner.length > 0 ? drive : 0);
  return `  cell (${gate.name}_X${drive}) {
    area : ${number(SITE * (columns + 1))};
    cell_leakage_power : ${number(LEAKAGE_PER_COLUMN * columns)};
${gate.inputs.map((input) => pin(input, capacitance)).join('')}    pin (Z) {
      direction : output;
      function : "${gate.function}";
      max_capacitance : ${number(UNIT_CAPACITANCE * 40 * drive)};
${arcs}${internalPower(0.5 * VOLTAGE ** 2 * UNIT_CAPACITANCE * inside)}    }
  }
`;
}

/** Delay and slew tables of one arc: linear in slew and load, so two points an axis are exact. */
function timing(
  from: string,
  sense: string,
  { effort, parasitic }: Stage,
  drive: number,
  before: number,
  slewBefore: number | undefined,
  extra = '',
): string {
  const slews = [0.005, 0.2];
  const loads = [1, 50 * drive];
  const step = (load: number) => TAU * ((effort * load) / (UNIT_CAPACITANCE * drive) + parasitic);
  const delay = slews.map((slew) =>
    loads.map((load) => {
      const inner = slewBefore === undefined ? 0 : SLEW_TO_DELAY * slewBefore;
      return before + inner + SLEW_TO_DELAY * slew + step(load);
    }),
  );
  const slew = slews.map(() => loads.map((load) => STEP_TO_SLEW * step(load)));
  const table = (name: string, values: number[][]) =>
    `        ${name} (delay_template) {
          index_1 ("${slews.map(number).join(', ')}");
          index_2 ("${loads.map(number).join(', ')}");
          values (${values.map((row) => `"${row.map(number).join(', ')}"`).join(', ')});
        }
`;
  return `      timing () {
        related_pin : "${from}";
${extra === '' ? `        timing_sense : ${sense};\n` : extra}${table('cell_rise', delay)}${table('cell_fall', delay)}${table('rise_transition', slew)}${table('fall_transition', slew)}      }
`;
}

function pin(name: string, capacitance: number, more = ''): string {
  return `    pin (${name}) {
      direction : input;
      capacitance : ${number(capacitance)};
${more}    }
`;
}

function internalPower(energy: number, when = '', indent = '      '): string {
  const value = `{ values ("${number(energy)}"); }`;
  return `${indent}internal_power () {
${when === '' ? '' : `${indent}  when : "${when}";\n`}${indent}  rise_power (scalar) ${value}
${indent}  fall_power (scalar) ${value}
${indent}}
`;
}

/** fJ of one edge of a node of so many units of capacitance. */
const swing = (units: number): number => 0.5 * VOLTAGE ** 2 * UNIT_CAPACITANCE * units;

/**
 * Units that move with the data pin of a latch that is open: its input stage and two nodes of 2 units, all at half
 * width. In a running flip-flop the toggle of Q is charged for them; a stopped one stays open to its data.
 */
const MASTER = (1 + 2 * 2) / 2;

/**
 * Master-slave flip-flop without reset. The published register (resettable) takes 20 sites; a reset takes a pair in
 * each latch and one to drive them, so 17 remain. Inner devices are half as wide as unit ones.
 */
function flopText(): string {
  const columns = 16;
  // Clock inverters, two latches, output inverter: each inner stage drives two unit-sized inputs.
  const stage = TAU * (2 + 1) * (1 + SLEW_TO_DELAY * STEP_TO_SLEW);
  // Two clock nodes: 4 and 3 units at half width. Data: four inner nodes of 2 units at half width.
  const clockPerEdge = swing((4 + 3) / 2);
  const data = swing(1 + (4 * 2) / 2);
  const setup = number(3 * stage);
  const constraint = (name: string) => `        ${name} (scalar) { values ("${setup}"); }\n`;
  const check = `      timing () {
        related_pin : "CK";
        timing_type : setup_rising;
${constraint('rise_constraint')}${constraint('fall_constraint')}      }
`;
  return [1, 2]
    .map(
      (drive) => `  cell (DFF_X${drive}) {
    area : ${number(SITE * (columns + drive))};
    cell_leakage_power : ${number(FLOP_LEAKAGE_PER_COLUMN * (columns + drive - 1))};
    ff (IQ, IQN) {
      clocked_on : "CK";
      next_state : "D";
    }
${pin('D', UNIT_CAPACITANCE, `${check}${internalPower(swing(MASTER), '!CK')}`)}${pin('CK', UNIT_CAPACITANCE, `      clock : true;\n${internalPower(clockPerEdge)}`)}    pin (Q) {
      direction : output;
      function : "IQ";
      max_capacitance : ${number(UNIT_CAPACITANCE * 40 * drive)};
${timing('CK', 'non_unate', INV, drive, 4 * stage, undefined, '        timing_type : rising_edge;\n')}${internalPower(data)}    }
  }
`,
    )
    .join('');
}

/**
 * Integrated clock gate: a latch that is open while the clock is low, then AND with the clock. Columns: the latch is
 * half of what remains of a flip-flop without its output inverter, two clock inverters and data inverter; with them
 * again, NAND2 and the output inverter. Clock nodes: half of a flip-flop's.
 */
function clockGateText(): string {
  const latch = (16 - 1 - 2 - 1) / 2;
  const inner = nand(2);
  const setup = number(3 * TAU * (2 + 1) * (1 + SLEW_TO_DELAY * STEP_TO_SLEW));
  return [1, 2, 4, 8]
    .map((drive) => {
      const front = Math.max(1, Math.ceil(drive / 2));
      const columns = latch + 2 + 1 + 2 * front + drive;
      const step = TAU * ((inner.effort * drive) / front + inner.parasitic);
      const check = `      timing () {
        related_pin : "CK";
        timing_type : setup_rising;
        rise_constraint (scalar) { values ("${setup}"); }
        fall_constraint (scalar) { values ("${setup}"); }
      }
`;
      const marked = (what: string) => `      clock_gate_${what}_pin : true;\n`;
      const arc = timing('CK', 'positive_unate', INV, drive, step, STEP_TO_SLEW * step);
      return `  cell (CLKGATE_X${drive}) {
    area : ${number(SITE * (columns + 1))};
    cell_leakage_power : ${number(LEAKAGE_PER_COLUMN * columns)};
    clock_gating_integrated_cell : "latch_posedge";
    dont_use : true;
    statetable ("CK E", "IQ") {
      table : "L L : - : L, L H : - : H, H - : - : N";
    }
    pin (IQ) {
      direction : internal;
      internal_node : "IQ";
    }
${pin('E', UNIT_CAPACITANCE, `${marked('enable')}${check}${internalPower(swing(MASTER + front), '!CK')}`)}${pin('CK', UNIT_CAPACITANCE * (1 + front), `      clock : true;\n${marked('clock')}${internalPower(swing((4 + 3) / 4))}`)}    pin (GCK) {
      direction : output;
${marked('out')}      state_function : "CK & IQ";
      max_capacitance : ${number(UNIT_CAPACITANCE * 40 * drive)};
${arc}${internalPower(swing(inner.parasitic * front + 2 * drive))}    }
  }
`;
    })
    .join('');
}

const number = (value: number): string => String(Number(value.toPrecision(6)));
