import { type Design, nodeCount, peakMacs } from '../design/design.ts';
import { productCycles } from '../design/mapping/gemm.ts';
import { MugiError } from '../errors.ts';
import type { Technology } from '../technology/technology.ts';
import { SPARSE_BATCH, WHOLE_BATCH } from '../technology/whole-machine.ts';
import { nanojoules } from '../units.ts';
import { macs } from '../workload/operator.ts';
import {
  type Machines,
  type MachineSize,
  modelled,
  statedProduct,
  wholeMachine,
} from './composed-machine.ts';
import { logicEnergy } from './energy.ts';
import { executeGemm } from './execute/gemm.ts';
import { type PricedDesign, priceParts, type WholeFactors } from './price.ts';

/** The machine on gates that stands for a design, and what is said where it is another one. */
function machineFor({ family, array }: Design): { size: MachineSize; instead?: string } | undefined {
  const output = array.stationary === 'output';
  const { columns, rows, depth } = array;
  const as = (kind: string, instead?: string) => ({
    size: { kind, columns, rows },
    ...(instead === undefined ? {} : { instead }),
  });
  switch (family) {
    case 'mugi':
    case 'carat':
    case 'sd':
    case 'sd-f':
    case 'pick':
      return as(`${family}-{size}`);
    case 'mugi-l':
      return as('mugi-{size}', 'Mugi, whose tables are in memory');
    case 'sa':
      return as(output ? 'sa-{size}-os' : 'sa-{size}');
    case 'sa-f':
      return as('sa-f-{size}', output ? 'the weight-stationary array of the same cells' : undefined);
    case 'tensor': {
      // A plane of dot products.
      const size = { kind: 'sd-{size}', columns: depth, rows: columns * rows };
      return { size, instead: 'a SIMD array, whose dot products it has,' };
    }
    default:
      return undefined;
  }
}

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
type Factors = Omit<WholeFactors, 'cycle'> & { slot: number };

/** Energy at a batch: of the machine, by the parts, and how many products could have been made for each. */
interface AtBatch {
  whole: number;
  modelled: number;
  slots: number;
}

/**
 * What a cycle takes for each product that it has room for, pJ, from two batches: one that fills the array and one that does
 * not. The whole is the model times a factor, plus this for each slot; none where parts alone say too much of the second.
 */
function slotEnergy(full: AtBatch, sparse: AtBatch): number {
  const least = sparse.whole * full.modelled - full.whole * sparse.modelled;
  return Math.max(0, least / (sparse.slots * full.modelled - full.slots * sparse.modelled));
}

const known = new WeakMap<Machines, Map<string, Factors>>();
/** Sizes that are kept: some processes answer for days. */
const MOST_SIZES = 4096;

/** The whole machine over what its parts say, of a machine of this size; nothing where none of its kind was measured. */
function factorsOf(machines: Machines, size: MachineSize): Factors | undefined {
  let all = known.get(machines);
  if (all === undefined) known.set(machines, (all = new Map()));
  const key = `${size.kind} ${size.columns} ${size.rows}`;
  const before = all.get(key);
  if (before !== undefined) return before;
  const machine = wholeMachine(machines, size);
  if (machine === undefined) return undefined;
  const priced = priceParts(modelled(size), machines.parts);
  const at = (batch: number): AtBatch => ({
    whole: machine.energy.get(batch)!,
    modelled: modelEnergyPerMac(priced, batch),
    slots: slotsPerMac(priced, batch),
  });
  const full = at(WHOLE_BATCH);
  const logic = priced.components.filter(({ group }) => group !== 'sram');
  const sum = (one: 'area' | 'leakage'): number => logic.reduce((total, part) => total + part[one], 0);
  const slot = slotEnergy(full, at(SPARSE_BATCH));
  const factors = {
    area: machine.area_mm2 / sum('area'),
    leakage: machine.leakage_mW / sum('leakage'),
    energy: (full.whole - slot * full.slots) / full.modelled,
    slot,
    source: machine.source,
  };
  if (all.size === MOST_SIZES) all.clear();
  all.set(key, factors);
  return factors;
}

/** The factors of a design: of the machine of its size, measured or composed of units that were. */
function wholeFactors(design: Design, { machines }: Technology): WholeFactors | undefined {
  const found = machineFor(design);
  if (machines === undefined || found === undefined) return undefined;
  const factors = factorsOf(machines, found.size);
  if (factors === undefined) return undefined;
  const { slot, source, ...rest } = factors;
  return {
    ...rest,
    cycle: nanojoules((slot * peakMacs(design)) / nodeCount(design) / 1e3),
    source: found.instead === undefined ? source : `${source}; ${found.instead} stands for it`,
  };
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
