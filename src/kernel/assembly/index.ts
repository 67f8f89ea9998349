export { expandPanel, gemmFloat } from './float-gemm';
export { gemmInt4, gemmInt4Outer } from './int4-gemm';
export { packActivations, packFloat } from './pack';
export { packQ4, packQ8 } from './pack-blocks';
export { packFloats, packWords } from './pack-weights';
export { peakArithmetic, peakRead } from './peak';
export { panelMaxima, quantizePanel } from './quantize';
export { softmaxCount, softmaxLookUp, softmaxPatterns, softmaxScale, softmaxWindows } from './softmax';
export { softmaxSum } from './softmax-sum';
