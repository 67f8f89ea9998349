import { designNamed } from '../design/index.ts';
import { type Design, nodeCount, peakMacs } from '../design/design.ts';
import { productCycles } from '../design/mapping/gemm.ts';
import { MugiError } from '../errors.ts';
import type { Technology } from '../technology/technology.ts';
import { type MachineRow, SPARSE_BATCH, STATED, WHOLE_BATCH } from '../technology/whole-machine.ts';
import { nanojoules } from '../units.ts';
import { macs, oneProduct } from '../workload/operator.ts';
import { logicEnergy } from './energy.ts';
import { executeGemm } from './execute/gemm.ts';
import { type PricedDesign, priceParts, type WholeFactors } from './price.ts';

/** Machines on gates that stand for a design: how their names are written, and what is said where it is another machine. */
interface Kind {
  name: RegExp;
  instead?: string;
}

function kindOf({ family, array }: Design): Kind | undefined {
  const output = array.stationary === 'output';
  switch (family) {
    case 'mugi':
      return { name: /^mugi-\d+$/ };
    case 'mugi-l':
      return { name: /^mugi-\d+$/, instead: 'Mugi, whose tables are in memory' };
    case 'carat':
      return { name: /^carat-\d+$/ };
    case 'sa':
      return { name: output ? /^sa-\d+(x\d+)?-os$/ : /^sa-\d+(x\d+)?$/ };
    case 'sa-f':
      return {
        name: /^sa-f-\d+(x\d+)?$/,
        ...(output ? { instead: 'the weight-stationary array of the same cells' } : {}),
      };
    case 'sd':
      return { name: /^sd-\d+(x\d+)?$/ };
    case 'sd-f':
      return { name: /^sd-f-\d+(x\d+)?$/ };
    case 'pick':
      return { name: /^pick-\d+(x\d+)?$/ };
    case 'tensor':
      return { name: /^sd-\d+(x\d+)?$/, instead: 'a SIMD array, whose dot products it has' };
    default:
      return undefined;
  }
}

/** The design that the event model has for a machine on gates: the same array, or the square of as many cells. */
function modelled(machine: string): Design {
  const rectangle = /^(sd-(?:f-)?)(\d+)x(\d+)$/.exec(machine);
  if (rectangle === null) return designNamed(machine);
  const [, family, columns, rows] = rectangle;
  return designNamed(`${family}${Math.sqrt(Number(columns) * Number(rows))}`);
}

/** The product that energies are stated for: a tile of outputs, on which every lane of weights is busy. */
const statedProduct = ({ array }: Design, batch: number) =>
  oneProduct({ m: batch, k: STATED, n: array.rows });

/** Energy of a multiply-accumulate of logic by events, pJ, at a batch: of a product on which every lane is busy. */
export function modelEnergyPerMac(priced: PricedDesign, batch: number): number {
  const op = statedProduct(priced.design, batch);
  const work = executeGemm(priced, op, { dramBitsPerCycle: Infinity, linkBits: Infinity });
  return (logicEnergy(priced, work) * 1e3) / work.macs;
}

/** Products that an array could have made in its cycles, for each that a batch makes. */
function slotsPerMac({ design }: PricedDesign, batch: number): number {
  const op = statedProduct(design, batch);
  return (productCycles(design, op) * peakMacs(design)) / macs(op);
}

/** The factors of a machine, whose energy of a cycle is stated a product that it could make in it. */
type Factors = Omit<WholeFactors, 'source' | 'cycle'> & { slot: number };

/** Energy at a batch: measured, by the parts, and how many products could have been made for each. */
interface AtBatch {
  measured: number;
  modelled: number;
  slots: number;
}

/**
 * What a cycle takes for each product that it has room for, pJ, from two batches: one that fills the array and one that does
 * not. Measured is modelled times a factor, plus this for each slot; none where parts alone say too much of the second.
 */
function slotEnergy(full: AtBatch, sparse: AtBatch): number {
  const least = sparse.measured * full.modelled - full.measured * sparse.modelled;
  return Math.max(0, least / (sparse.slots * full.modelled - full.slots * sparse.modelled));
}

const known = new WeakMap<Technology, Map<string, Factors>>();

/**
 * Measured over modelled, of one machine.
 * @param kin machines of its kind, which say what a cycle takes where it was measured at one batch alone
 */
function factorsOf(
  row: MachineRow,
  technology: Technology,
  parts: Technology,
  kin: readonly MachineRow[],
): Factors {
  const all = known.get(technology) ?? new Map<string, Factors>();
  known.set(technology, all);
  const before = all.get(row.machine);
  if (before !== undefined) return before;
  const priced = priceParts(modelled(row.machine), parts);
  // A square that stands for a rectangle has as many tokens as lanes, so that every lane is busy on both.
  const { name, array } = priced.design;
  const at = (batch: number, tokens = batch): AtBatch => ({
    measured: row.per_mac.find((one) => one.batch === batch)!.estimated_total,
    modelled: modelEnergyPerMac(priced, tokens),
    slots: slotsPerMac(priced, tokens),
  });
  const full = at(WHOLE_BATCH, name === row.machine ? WHOLE_BATCH : Math.max(WHOLE_BATCH, array.columns));
  const logic = priced.components.filter(({ group }) => group !== 'sram');
  const sum = (key: 'area' | 'leakage'): number => logic.reduce((total, part) => total + part[key], 0);
  const slot = row.per_mac.some(({ batch }) => batch === SPARSE_BATCH)
    ? slotEnergy(full, at(SPARSE_BATCH))
    : kinSlot(row, technology, parts, kin);
  const factors = {
    area: row.area_mm2 / sum('area'),
    leakage: row.leakage_mW / sum('leakage'),
    energy: (full.measured - slot * full.slots) / full.modelled,
    slot,
  };
  all.set(row.machine, factors);
  return factors;
}

/** That of the machine of a kind that is nearest in size among those that were measured at both batches. */
function kinSlot(
  row: MachineRow,
  technology: Technology,
  parts: Technology,
  kin: readonly MachineRow[],
): number {
  const far = ({ macs }: MachineRow): number => Math.abs(Math.log(macs / row.macs));
  const [nearest] = kin
    .filter(({ per_mac }) => per_mac.some(({ batch }) => batch === SPARSE_BATCH))
    .toSorted((a, b) => far(a) - far(b));
  return nearest === undefined ? 0 : factorsOf(nearest, technology, parts, []).slot;
}

/**
 * The factors of a design: of its own machine where that was measured, else between those of its kind, linear in the
 * logarithm of their multiply-accumulates a cycle, and beyond the smallest and largest those of these.
 */
export function wholeFactors(design: Design, technology: Technology): WholeFactors | undefined {
  const { machines } = technology;
  const kind = kindOf(design);
  if (machines === undefined || kind === undefined) return undefined;
  const rows = machines.rows.filter(({ machine }) => kind.name.test(machine));
  if (rows.length === 0) return undefined;
  const macs = peakMacs(design) / nodeCount(design);
  const of = (row: MachineRow): Factors => factorsOf(row, technology, machines.parts, rows);
  const instead = kind.instead === undefined ? '' : `; ${kind.instead} stands for it`;
  const own = kind.instead === undefined && rows.find(({ machine }) => machine === design.name);
  const whole = ({ slot, ...factors }: Factors, source: string): WholeFactors => ({
    ...factors,
    cycle: nanojoules((slot * macs) / 1e3),
    source,
  });
  if (own) return whole(of(own), `${own.machine} on gates${instead}`);
  const sorted = rows.toSorted((a, b) => a.macs - b.macs);
  const above = sorted.find((row) => row.macs >= macs) ?? sorted[sorted.length - 1];
  const below = sorted.findLast((row) => row.macs <= macs) ?? sorted[0];
  const share =
    above.macs === below.macs ? 0 : Math.log(macs / below.macs) / Math.log(above.macs / below.macs);
  const [low, high] = [of(below), of(above)];
  const between = (key: keyof Factors): number => low[key] + share * (high[key] - low[key]);
  const names = below === above ? below.machine : `${below.machine} and ${above.machine}`;
  return whole(
    { area: between('area'), leakage: between('leakage'), energy: between('energy'), slot: between('slot') },
    `${names} on gates, by size${instead}`,
  );
}

/** Whether a technology measures whole machines and none of them stands for a design: then it has no price for it. */
export const lacksMachine = (design: Design, technology: Technology): boolean =>
  technology.machines !== undefined && wholeFactors(design, technology) === undefined;

/**
 * A design with its price: by its parts, and where the technology measures whole machines, scaled to its own.
 * @throws MugiError where the technology measures whole machines and none of them stands for the design, or lacks a part
 */
export function priceDesign(design: Design, technology: Technology): PricedDesign {
  const whole = wholeFactors(design, technology);
  if (technology.machines !== undefined && whole === undefined) throw noMachine(technology);
  return priceParts(design, technology, whole);
}

const noMachine = ({ name, machines }: Technology): MugiError =>
  new MugiError({
    code: 'unsupported',
    message: `technology ${name} has measured no machine that stands for a design described part by part`,
    path: 'technology',
    expected: `a built-in design, or a file that changes one; ${machines!.parts.name} prices parts`,
    received: name,
    nearest: machines!.parts.name,
  });
