import { clockGateText, flopText } from './open-45-clocked.ts';
import {
  internalPower,
  INV,
  LEAKAGE_PER_COLUMN,
  nand,
  nor,
  number,
  pin,
  SITE,
  type Stage,
  STEP_TO_SLEW,
  TAU,
  timing,
  UNIT_CAPACITANCE,
  VOLTAGE,
} from './open-45-rules.ts';

/**
 * The generic 45 nm-class library that mugi generates; not the cells of any foundry or person. Each value follows from
 * the few constants below by a stated rule; docs/synthesis.md gives the derivation and its limits.
 */
const OPEN_45_NAME = 'mugi_open_45';

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
