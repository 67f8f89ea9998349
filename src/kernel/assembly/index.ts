export { gemmFloat } from './float-gemm';
export { packFloat } from './pack';
