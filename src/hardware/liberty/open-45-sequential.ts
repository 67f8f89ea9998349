import {
  SITE,
  UNIT_CAPACITANCE,
  SLEW_TO_DELAY,
  STEP_TO_SLEW,
  TAU,
  LEAKAGE_PER_COLUMN,
  FLOP_LEAKAGE_PER_COLUMN,
  INV,
  nand,
  swing,
} from './open-45-process.ts';
import { internalPower, number, pin, timing } from './open-45-text.ts';

/**
 * Units that move with the data pin of a latch that is open: its input stage and two nodes of 2 units, all at half
 * width. In a running flip-flop the toggle of Q is charged for them; a stopped one stays open to its data.
 */
const MASTER = (1 + 2 * 2) / 2;

/**
 * Master-slave flip-flop without reset. The published register (resettable) takes 20 sites; a reset takes a pair in
 * each latch and one to drive them, so 17 remain. Inner devices are half as wide as unit ones.
 */
export function flopText(): string {
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
export function clockGateText(): string {
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
