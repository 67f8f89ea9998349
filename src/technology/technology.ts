import { MugiError, nearest } from '../errors.ts';
import type { Composition } from './composition.ts';
import type { MeasuredMachine } from './whole-machine.ts';
import {
  cyclesWithin,
  type Hertz,
  megahertz,
  type Milliwatts,
  milliwatts,
  type Nanojoules,
  nanojoules,
  type SquareMillimetres,
  squareMillimetres,
} from '../units.ts';

/** Sizes that a cost depends on. Costs scale linearly through the origin in each. */
export interface Attributes {
  /** Data width in bits. */
  width?: number;
  /** Entries of a FIFO. */
  depth?: number;
  /** Inputs of a multiplexer. */
  inputs?: number;
  /** Bits per cycle of a router. */
  bandwidth?: number;
}

/** Cost of one logic class at the reference attributes. */
export interface LogicRow {
  reference: Attributes;
  /** Dynamic energy of one activation. */
  energy_nJ: number;
  leakage_mW: number;
  area_mm2: number;
  source: string;
  /** No report stands behind the value. */
  unreported?: true;
  /** Shortest period that the part meets as it was synthesised; absent where nothing says so. */
  period_ns?: number;
  /** Costs at further sizes, known by themselves; sizes that are not here scale from the reference. */
  sizes?: readonly SizeCost[];
}

/** Cost of a logic class at one size. */
export interface SizeCost extends Pick<LogicRow, 'energy_nJ' | 'leakage_mW' | 'area_mm2'> {
  at: Attributes;
}

export interface SramRow {
  wordBits: number;
  depthPerBank: number;
  banks: number;
  read_nJ: number;
  write_nJ: number;
  /** All banks together. */
  leakage_mW: number;
  area_mm2: number;
  cycle_ns: number;
  source: string;
}

/** What switching, leaking and occupying silicon costs: a parameter of every evaluation. */
export interface Technology {
  name: string;
  title: string;
  node_nm: number;
  clock: Hertz;
  /** The clock that its parts were made for, where `clock` is another (`atClock`). */
  pricedAt?: Hertz;
  logic: Readonly<Record<string, LogicRow>>;
  srams: readonly SramRow[];
  /**
   * Whole machines that were measured, and what kinds of machines are composed of at any size: what their parts cost together,
   * priced one by one by `parts`, is scaled to them.
   */
  machines?: {
    parts: Technology;
    rows: readonly MeasuredMachine[];
    compositions: readonly Composition[];
  };
}

const reclocked = new WeakMap<Technology, Map<Hertz, Technology>>();

/**
 * A technology at another clock. Energies of an activation, leakage and areas are those of parts made for its own clock:
 * at one voltage what a gate switches does not depend on how often. What the clock does change is time, leakage over that
 * time, cycles of a memory's access, and bits that DRAM moves in a cycle. `clockNote` says what is not known.
 * @param asked MHz; without it as the technology is
 */
export function atClock(technology: Technology, asked: number | undefined): Technology {
  if (asked === undefined) return technology;
  const clock = megahertz(asked);
  if (clock === technology.clock) return technology;
  const pricedAt = technology.pricedAt ?? technology.clock;
  let known = reclocked.get(technology);
  if (known === undefined) reclocked.set(technology, (known = new Map()));
  let made = known.get(clock);
  if (made === undefined) {
    // Some processes answer for days.
    if (known.size === MOST_CLOCKS) known.clear();
    known.set(clock, (made = { ...technology, clock, pricedAt }));
  }
  return made;
}

const MOST_CLOCKS = 1024;

export interface Cost {
  energy: Nanojoules;
  leakage: Milliwatts;
  area: SquareMillimetres;
}

/**
 * Cost of one instance of `className` with `attributes`: that of its size where the technology has it, else the
 * reference row times attribute / reference for each reference attribute. An attribute that is not given counts as 1
 * (rule of the published table; quirk Q3 rests on it).
 */
export function logicCost(technology: Technology, className: string, attributes: Attributes): Cost {
  const row = logicRow(technology, className);
  const keys = Object.keys(row.reference) as (keyof Attributes)[];
  const own = row.sizes?.find(({ at }) => keys.every((key) => (attributes[key] ?? 1) === at[key]));
  let factor = 1;
  if (own === undefined) for (const key of keys) factor *= (attributes[key] ?? 1) / row.reference[key]!;
  const { energy_nJ, leakage_mW, area_mm2 } = own ?? row;
  return {
    energy: nanojoules(energy_nJ * factor),
    leakage: milliwatts(leakage_mW * factor),
    area: squareMillimetres(area_mm2 * factor),
  };
}

/** @throws MugiError when the technology does not price the class */
export function logicRow(technology: Technology, className: string): LogicRow {
  const row = technology.logic[className];
  if (row !== undefined) return row;
  const classes = Object.keys(technology.logic);
  throw new MugiError({
    code: 'unknown-name',
    message: `technology "${technology.name}" has no cost for the logic class "${className}"`,
    expected: `one of ${classes.join(', ')}`,
    received: className,
    nearest: nearest(className, classes),
  });
}

/**
 * Cost row of an SRAM of four banks, found by its word width and depth per bank.
 * @throws MugiError when the technology does not price the size
 */
export function sramRow(technology: Technology, wordBits: number, depthPerBank: number): SramRow {
  const row = technology.srams.find((s) => s.wordBits === wordBits && s.depthPerBank === depthPerBank);
  if (row !== undefined) return row;
  const have = technology.srams.map((s) => `${s.wordBits}x${s.depthPerBank}`);
  throw new MugiError({
    code: 'unknown-name',
    message: `technology "${technology.name}" has no cost for an SRAM of 4 banks of ${depthPerBank} words of ${wordBits} bits`,
    expected: `word bits x depth per bank, one of ${have.join(', ')}`,
    received: `${wordBits}x${depthPerBank}`,
    nearest: nearest(`${wordBits}x${depthPerBank}`, have),
  });
}

/** A memory as it is built: macros side by side, each with its share of every word. Costs are of all of them. */
export interface Memory extends SramRow {
  macros: number;
  /** Clock cycles of an access. */
  accessCycles: number;
}

/**
 * The memory that a designer would build: one macro where it answers within a cycle of the clock, else the fewest narrower
 * ones side by side that do (a word of 2048 bits as two of 1024), or as fast as they come. Each has its share of every
 * word and all addresses, so that the costs of an access add up.
 * @throws MugiError when the technology does not price the size
 */
export function memoryOf(technology: Technology, wordBits: number, depthPerBank: number): Memory {
  let best = sideBySide(technology, sramRow(technology, wordBits, depthPerBank), 1);
  for (let macros = 2; best.accessCycles > 1 && macros < wordBits; macros *= 2) {
    const narrower = technology.srams.find(
      (s) => s.wordBits === wordBits / macros && s.depthPerBank === depthPerBank,
    );
    if (narrower === undefined) break;
    const built = sideBySide(technology, narrower, macros);
    if (built.accessCycles < best.accessCycles) best = built;
  }
  return best;
}

const sideBySide = ({ clock }: Technology, row: SramRow, macros: number): Memory => ({
  ...row,
  wordBits: row.wordBits * macros,
  read_nJ: row.read_nJ * macros,
  write_nJ: row.write_nJ * macros,
  leakage_mW: row.leakage_mW * macros,
  area_mm2: row.area_mm2 * macros,
  source: macros === 1 ? row.source : `${row.source}; ${macros} macros of ${row.wordBits} bits side by side`,
  macros,
  accessCycles: cyclesWithin(row.cycle_ns, clock),
});
