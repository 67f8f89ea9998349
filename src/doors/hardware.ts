/**
 * `mugi/hardware`: the hardware builder with its simulator, Verilog and waveforms, the Mugi node as cycle simulation
 * and as hardware, the units of the machines that it is compared with, cell libraries and static timing. Pure: the
 * same in Node, a worker and a browser. Synthesis itself, which starts Yosys, is the command `mugi synth`.
 *
 *     import { module, nodeModule, simulate, verilog } from 'mugi/hardware';
 */
export { MugiError, type ErrorDetails } from '../errors.ts';
export * from '../hardware/index.ts';
export { inventory, type InventoryRow } from '../hardware/inventory.ts';
export { open45Liberty } from '../hardware/liberty/open-45.ts';
export { readLiberty } from '../hardware/liberty/read.ts';
export { bf16Adder } from '../hardware/units/bf16-adder.ts';
export { bf16Multiplier } from '../hardware/units/bf16-multiplier.ts';
export { fifo } from '../hardware/units/fifo.ts';
export * from '../machine/index.ts';
export { Node, type NodeConfiguration } from '../machine/mugi/node.ts';
export { nodeModule } from '../machine/mugi/node-module.ts';
export { type GemmJob, type GemmRun, runGemm } from '../machine/mugi/program/gemm.ts';
export {
  functionActivity,
  functionCost,
  gemmActivity,
  gemmCost,
  softmaxActivity,
  softmaxCost,
} from '../machine/mugi/program/latency.ts';
export {
  NODE_FUNCTIONS,
  type NodeFunctionName,
  nodeFunction,
} from '../machine/mugi/program/node-function.ts';
export { type NonlinearJob, type NonlinearRun, runNonlinear } from '../machine/mugi/program/nonlinear.ts';
export { runSequence } from '../machine/mugi/program/sequence.ts';
export { functionDefinition, gemmDefinition, softmaxDefinition } from '../machine/mugi/proof/definition.ts';
export { nodeTestbench, vectorRecorder } from '../machine/mugi/proof/testbench.ts';
export { Sram, sramModule } from '../machine/mugi/unit/sram.ts';
export { nodeUnits } from '../machine/mugi/units.ts';
export { ascii, type Recording, recorder, svg } from '../machine/mugi/view/picture.ts';
export { nodeTrace } from '../machine/mugi/view/trace.ts';
export { type AnyUnit, unit, type UnitHeader } from '../machine/unit.ts';
export { UNITS } from '../machine/units.ts';
