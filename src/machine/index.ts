/**
 * The datapaths of the designs that Mugi is compared with, each as behaviour and as hardware, side by side as the
 * node's units are. The cost catalogue prices them in the technology `open-45`.
 */
export { BF16_CELL, FIGNA_CELL } from './array/cell.ts';
export { caratDrainFrames, caratTail, runCarat } from './carat/carat-array.ts';
export { CaratColumn, caratColumn } from './carat/carat-column.ts';
export { caratProduct, caratScaling, int4ToFp8 } from './carat/carat-product.ts';
export { CaratRow, caratRow } from './carat/carat-row.ts';
export { DotProduct, dotProduct } from './tensor/dot-product.ts';
export { align, prealigner, sharedExponent } from './figna/figna-align.ts';
export { FignaArray, fignaArrayModule, fignaLatency } from './figna/figna-array.ts';
export { FignaPe, fignaPe } from './figna/figna-pe.ts';
export { int4ToBf16, int4Converter } from './part/int4-to-bf16.ts';
export { integerToBf16, integerConverter } from './part/integer-to-bf16.ts';
export { PwlLane, pwlLaneModule } from './part/pwl-lane.ts';
export { type ArrayMeshJob, runArrayMesh } from './array/array-mesh.ts';
export type { MeshCut, MeshLayout, MeshRun } from './mesh/layout.ts';
export { runMesh } from './mugi/mesh/run-mesh.ts';
export type { MeshJob } from './mugi/mesh/shared-gemm.ts';
export { Router, routerModule } from './part/router.ts';
export { SystolicArray, systolicArrayModule, systolicLatency } from './systolic/systolic-array.ts';
export { SystolicPe, systolicPe } from './systolic/systolic-pe.ts';
export { VectorLane, vectorLane } from './simd/vector-lane.ts';
export { treeLevels } from './simd/adder-tree.ts';
export { runSimd } from './simd/simd-array.ts';
export { runOutputStationary } from './systolic/output-stationary.ts';
export { runWeightStationary } from './systolic/weight-stationary.ts';
export { runTensor } from './tensor/tensor-array.ts';
