import type { AnyModule } from '../../hardware/index.ts';
import type { AnyUnit } from '../unit.ts';
import { nodeModule } from './node-module.ts';
import { sequencer } from './sequencer.ts';
import { deskewBuffer } from './unit/deskew-buffer.ts';
import { exponentClamp, exponentProcessor } from './unit/e-proc.ts';
import { inputAccumulator } from './unit/input-accumulator.ts';
import { inputFifo } from './unit/input-fifo.ts';
import { mProc, weightEncoder } from './unit/m-proc.ts';
import { outputAccumulator } from './unit/output-accumulator.ts';
import { postProcessing } from './unit/post-processing.ts';
import { processingElement } from './unit/processing-element.ts';
import { reciprocalUnit } from './unit/reciprocal.ts';
import { rowAdder } from './unit/row-adder.ts';
import { rowFifo } from './unit/row-fifo.ts';
import { signConverter } from './unit/sign-converter.ts';
import { slidingWindow } from './unit/sliding-window.ts';
import { temporalConverter } from './unit/temporal-converter.ts';
import { vectorLane } from './unit/vector-lane.ts';
import { ROWS_PER_LANE } from './unit/vector-unit.ts';

/** The units that a node of so many lanes is composed of, beside their wiring (`row.ts`, `node-module.ts`). */
export const nodeUnits = (lanes: number): readonly AnyUnit[] => [
  sequencer,
  vectorLane,
  weightEncoder,
  reciprocalUnit,
  exponentProcessor(lanes),
  slidingWindow,
  inputAccumulator,
  inputFifo,
  rowFifo,
  mProc,
  exponentClamp,
  temporalConverter,
  processingElement,
  deskewBuffer,
  postProcessing,
  signConverter,
  outputAccumulator,
  rowAdder,
];

/** An instance of a unit, and its path in the RTL of the node. */
export interface UnitInstance {
  path: string;
  unit: AnyUnit;
}

/** Every instance of the units in a node. */
export function unitInstances(rows: number): UnitInstance[] {
  const units = new Map(nodeUnits(rows / ROWS_PER_LANE).map((unit) => [unit.name, unit]));
  const found: UnitInstance[] = [];
  const visit = (module: AnyModule, path: string): void => {
    for (const { name, module: child } of module.body.instances) {
      const unit = units.get(child.name);
      if (unit !== undefined) found.push({ path: `${path}${name}.`, unit });
      visit(child, `${path}${name}.`);
    }
  };
  visit(nodeModule(rows), '');
  return found;
}
