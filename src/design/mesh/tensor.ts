import { isSpan, type NonlinearOperator } from '../../workload/operator.ts';
import { type Design, runOf } from '../design.ts';
import { type MeshSides, sidesOf } from './split.ts';

/** A nonlinear operator on a mesh: how its rows and columns are cut. */
export interface TensorPlan {
  /** What the busiest node has of it. */
  node: NonlinearOperator;
  parts: { rows: number; columns: number };
  /** Nodes with a share, and the mean number of links to them, and the share of the busiest line. */
  nodes: number;
  hops: number;
  busiestLine: number;
}

/**
 * Rows are cut in tiles of the unit's lanes. Softmax sums along its columns and keeps them whole; activations may be
 * cut both ways, each side of the mesh one, where that leaves the busiest node fewer steps.
 */
export function planOfTensor(design: Design, op: NonlinearOperator): TensorPlan {
  const { lanes } = design.nonlinear;
  const sides = sidesOf(design);
  const tiles = Math.ceil(op.rows / lanes);
  const cuttable = op.function !== 'softmax' && !isSpan(op.columns);
  const { step = 1, perTile = 0 } = runOf(design, op.function).sequence ?? {};
  let best: TensorPlan | undefined;
  let least = Infinity;
  for (const [across, along] of cuttable ? BOTH : ROWS_ALONE) {
    const parts = partsOf(sides, across, along);
    const rows = Math.min(op.rows, lanes * Math.ceil(tiles / parts.rows));
    const columns = isSpan(op.columns) ? op.columns : Math.ceil(op.columns / parts.columns);
    const width = isSpan(columns) ? 1 : columns;
    const cost = Math.ceil(rows / lanes) * (width * step + perTile);
    if (cost >= least) continue;
    least = cost;
    const used = {
      rows: Math.ceil(op.rows / rows),
      columns: isSpan(op.columns) ? 1 : Math.ceil(op.columns / (columns as number)),
    };
    best = { node: { ...op, rows, columns }, parts: used, ...placed(sides, used.rows * used.columns) };
  }
  return best!;
}

type Side = 'rows' | 'columns';
const ROWS_ALONE: readonly (readonly [Side, Side])[] = [['rows', 'rows']];
const BOTH: readonly (readonly [Side, Side])[] = [
  ...ROWS_ALONE,
  ['rows', 'columns'],
  ['columns', 'rows'],
  ['columns', 'columns'],
];

const partsOf = ({ lines, length }: MeshSides, across: Side, along: Side): Record<Side, number> => ({
  rows: (across === 'rows' ? lines : 1) * (along === 'rows' ? length : 1),
  columns: (across === 'columns' ? lines : 1) * (along === 'columns' ? length : 1),
});

/** Nodes are taken from the edge on, a line at a time. */
function placed({ lines }: MeshSides, nodes: number): Pick<TensorPlan, 'nodes' | 'hops' | 'busiestLine'> {
  const rounds = Math.floor(nodes / lines);
  const links = (lines * rounds * (rounds + 1)) / 2 + (nodes - lines * rounds) * (rounds + 1);
  return { nodes, hops: links / nodes, busiestLine: Math.ceil(nodes / lines) / nodes };
}
