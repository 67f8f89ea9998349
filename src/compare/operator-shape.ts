import { type Extent, isSpan, type Operator } from '../workload/operator.ts';

const extent = (value: Extent): string => (isSpan(value) ? `${value.from}…${value.to}` : String(value));

/** A GEMM as batch × M × K × N, other operators as rows × columns, elements or bits. */
export function operatorShape(operator: Operator): string {
  switch (operator.kind) {
    case 'gemm': {
      const { batch, m, k, n } = operator;
      return `${batch > 1 ? `${batch} × ` : ''}${m} × ${extent(k)} × ${extent(n)}`;
    }
    case 'nonlinear':
      return `${operator.rows} × ${extent(operator.columns)}`;
    case 'elementwise':
      return `${operator.elements} elements`;
    case 'transfer':
      return `${operator.bits} bits`;
  }
}
