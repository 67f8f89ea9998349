import { type Design, peakMacs } from '../design/design.ts';
import { FAMILIES } from '../design/index.ts';
import { productCycles } from '../design/mapping/gemm.ts';
import { type Composition, termsAt } from '../technology/composition.ts';
import type { Technology } from '../technology/technology.ts';
import { type MeasuredMachine, SPARSE_BATCH, STATED, WHOLE_BATCH } from '../technology/whole-machine.ts';
import { type GemmOperator, macs, oneProduct } from '../workload/operator.ts';

/** Whole machines that a technology has measured, and what machines are composed of. */
export type Machines = NonNullable<Technology['machines']>;

/** A machine as a kind and its lanes of activations and of weights. */
export interface MachineSize {
  kind: string;
  columns: number;
  rows: number;
}

/** What a whole machine has and takes. */
interface Taken {
  area_mm2: number;
  leakage_mW: number;
  /** pJ a multiply-accumulate at a batch, with all estimates. */
  energy: ReadonlyMap<number, number>;
}

/** The same, measured or by its composition. */
interface WholeMachine extends Taken {
  /** Where that comes from. */
  source: string;
}

/** The design that the event model has for a machine: its array as it is unless told. */
export function modelled({ kind, columns, rows }: MachineSize): Design {
  const family = FAMILIES.find(({ pattern }) => pattern === kind)!;
  const alone = { rows: 1, columns: 1 };
  return family.rectangle?.({ columns, rows }, alone) ?? family.build(rows, alone);
}

/** The product that energies are stated for: a tile of outputs, on which every lane of weights is busy. */
export const statedProduct = ({ array }: Design, batch: number): GemmOperator =>
  oneProduct({ m: batch, k: STATED, n: array.rows });

/** What happens in an array that runs the stated product at a batch. */
interface Happens {
  macs: number;
  /** Cycles that it would take if every lane were busy in each, and those that it takes. */
  busy: number;
  cycles: number;
  /** Weights that cells take to hold; 0 where none do. */
  loads: number;
}

function happens(design: Design, batch: number): Happens {
  const op = statedProduct(design, batch);
  const { array } = design;
  const { stationary, pipeline, columns } = array;
  const held =
    pipeline.kind === 'weight-stationary' || (pipeline.kind === 'tail' && pipeline.inStep === true);
  const times = stationary === 'output' ? Math.ceil(batch / columns) : 1;
  return {
    macs: macs(op),
    busy: macs(op) / peakMacs(design),
    cycles: productCycles(design, op),
    loads: held ? times * STATED * array.rows : 0,
  };
}

const measuredMachine = (row: MeasuredMachine): WholeMachine => ({
  area_mm2: row.area_mm2,
  leakage_mW: row.leakage_mW,
  energy: new Map(row.per_mac.map(({ batch, estimated_total }) => [batch, estimated_total])),
  source: `${row.machine} on gates`,
});

/**
 * The machine of a size, measured or composed; nothing where none of its kind was measured. What is composed of units of the
 * measured machines of its kind is their mean, weighed by the inverse square of how far their sides are, by logarithms.
 */
export function wholeMachine(
  { rows: all, compositions }: Machines,
  size: MachineSize,
): WholeMachine | undefined {
  const kin = all.filter(({ kind }) => kind === size.kind);
  if (kin.length === 0) return undefined;
  const far = kin.map((row) =>
    Math.hypot(Math.log2(row.columns / size.columns), Math.log2(row.rows / size.rows)),
  );
  const own = kin[far.indexOf(0)];
  if (own !== undefined) return measuredMachine(own);
  const composition = compositions.find(({ kind }) => kind === size.kind)!;
  const each = kin.map((near) => composed(composition, near, size));
  const weights = far.map((distance) => distance ** -2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (value: (machine: Taken) => number): number =>
    each.reduce((sum, machine, i) => sum + (weights[i] / total) * value(machine), 0);
  return {
    area_mm2: mean(({ area_mm2 }) => area_mm2),
    leakage_mW: mean(({ leakage_mW }) => leakage_mW),
    energy: new Map(
      [SPARSE_BATCH, WHOLE_BATCH].map((batch) => [batch, mean(({ energy }) => energy.get(batch)!)]),
    ),
    source: `units of ${kin.map(({ machine }) => machine).join(', ')} on gates, as many as it is composed of`,
  };
}

/**
 * A machine of another size by one that was measured: each unit has as much area, leakage and energy for its size as there,
 * and its size and number follow from the composition. Its energy falls to cycles in which all lanes are busy and to the
 * rest, from two batches there; the rest is taken by every weight that is loaded in what grows with both sides of an array
 * that holds weights, and by every cycle elsewhere. What estimates and glitches add to zero delay is as much as there.
 */
function composed(composition: Composition, near: MeasuredMachine, size: MachineSize): Taken {
  const units = composition.units.flatMap(({ unit, gates }) => {
    const measured = near.units.find((one) => one.unit === unit);
    const [there, here] = [termsAt(gates, near), termsAt(gates, size)];
    return measured === undefined || there === 0
      ? []
      : [{ ...measured, grown: here / there, cells: gates.CR !== undefined }];
  });
  const sum = (value: (unit: (typeof units)[number]) => number): number =>
    units.reduce((total, unit) => total + value(unit), 0);
  const [there, here] = [modelled(near), modelled(size)];
  const [full, sparse] = [happens(there, WHOLE_BATCH), happens(there, SPARSE_BATCH)];
  const energyAt = (batch: number): number => {
    const own = happens(here, batch);
    const settled = sum(({ pJ_per_mac, grown, cells }) => {
      const rest = cells && full.loads > 0 ? 'loads' : 'cycles';
      const [whole, few] = [pJ_per_mac[WHOLE_BATCH] * full.macs, pJ_per_mac[SPARSE_BATCH] * sparse.macs];
      const least =
        (few * full.busy - whole * sparse.busy) / (sparse[rest] * full.busy - full[rest] * sparse.busy);
      const each = Math.max(0, Math.min(whole / full[rest], least));
      const busy = (whole - each * full[rest]) / full.busy;
      return busy * grown * own.busy + each * own[rest] * (rest === 'loads' ? 1 : grown);
    });
    const { estimated_total, total } = near.per_mac.find((one) => one.batch === batch)!;
    return ((settled / own.macs) * estimated_total) / total;
  };
  return {
    area_mm2: sum(({ area_um2, grown }) => grown * area_um2) / 1e6,
    leakage_mW: sum(({ leakage_uW, grown }) => grown * leakage_uW) / 1e3,
    energy: new Map([SPARSE_BATCH, WHOLE_BATCH].map((batch) => [batch, energyAt(batch)])),
  };
}
