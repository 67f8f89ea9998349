// The hardware builder, as the descriptions of units use it.
export { Bits, concat, constant, mux, type Operand } from './bits.ts';
export { describe } from './explain.ts';
export { firstOf, oneOf, select, tree } from './choice.ts';
export type { AnyModule, Module } from './ir.ts';
export { type ModuleBuilder, module } from './module.ts';
export { type PortValues, vector } from './port.ts';
export { type Simulator, simulate } from './simulator/simulator.ts';
export type { DeclaredWire, ReadOnlyMemory, Register, RegisterFile } from './state.ts';
export { fileList, type VerilogFile, verilog } from './verilog/verilog.ts';
export { simulatorSignals, Waveform, type WaveSignal } from './waveform.ts';
