/**
 * The datapaths of the designs that Mugi is compared with, each as behaviour and as hardware, side by side as the
 * node's units are. The cost catalogue prices them in the technology `open-45`.
 */
export { CaratColumn, caratColumnModule } from './carat-column.ts';
export { caratProduct, caratProductModule, int4ToFp8 } from './carat-product.ts';
export { CaratRow, caratRowModule } from './carat-row.ts';
export { DotProduct, dotProductModule } from './dot-product.ts';
export { align, prealignerModule, sharedExponent } from './figna-align.ts';
export { FignaArray, fignaArrayModule } from './figna-array.ts';
export { FignaPe, fignaPeModule } from './figna-pe.ts';
export { int4ToBf16, int4ToBf16Module } from './int4-to-bf16.ts';
export { integerToBf16, integerToBf16Module } from './integer-to-bf16.ts';
export { PwlLane, pwlLaneModule } from './pwl-lane.ts';
export { Router, routerModule } from './router.ts';
export { SystolicArray, systolicArrayModule } from './systolic-array.ts';
export { SystolicPe, systolicPeModule } from './systolic-pe.ts';
export { VectorLane, vectorLaneModule } from './vector-lane.ts';
