import { type Design, runOf } from '../../design/design.ts';
import type { NonlinearCount } from '../../design/mapping/counts.ts';
import { mapNonlinear } from '../../design/mapping/nonlinear.ts';
import { isSpan, type NonlinearOperator, steps as mappingsOf, total } from '../../workload/operator.ts';
import { agrees, given, made, product, type Quantity, sum } from '../quantity.ts';

/** A count of a nonlinear operator's mapping with its formula, in the sizes of this operator on this design. */
export function nonlinearCount(
  name: NonlinearCount,
  value: number,
  op: NonlinearOperator,
  design: Design,
): Quantity {
  const clean = mapNonlinear(design, op).counts[name];
  const exact = formulaOf(name, op, design);
  const parts =
    exact === undefined || !agrees(exact.value, clean) ? given(name, clean, '', 'the mapping') : exact;
  if (agrees(clean, value)) return parts;
  return made(
    { name, value, unit: '', formula: 'the whole tensor × the share that causality needs' },
    'product',
    () => [parts, given('needed', value / clean, '', 'share of the tensor')],
    'the mapping',
  );
}

function formulaOf(name: NonlinearCount, op: NonlinearOperator, design: Design): Quantity | undefined {
  const { lanes } = design.nonlinear;
  const { columns } = op;
  const tiles = given(
    'row tiles',
    Math.ceil(op.rows / lanes),
    '',
    `${op.rows} rows in tiles of ${lanes} lanes`,
  );
  const width = given(
    'columns',
    total(columns),
    '',
    isSpan(columns) ? `Σ of ${columns.from}…${columns.to}, one a decode step` : 'elements in a row',
  );
  const mappings = given('mappings', mappingsOf(columns), '', 'one, or one a decode step');
  switch (name) {
    case 'mappings':
      return mappings;
    case 'steps':
      return product(name, '', 'row tiles × columns', [tiles, width]);
    case 'tiles':
      return product(name, '', 'row tiles × mappings', [tiles, mappings]);
    case 'elements':
      return product(name, '', 'rows × columns', [given('rows', op.rows, '', 'the operator'), width]);
    case 'arrayCycles': {
      const { sequence } = runOf(design, op.function);
      if (sequence === undefined) return undefined;
      return sum(name, 'cycle', 'steps, tiles and tails of the array’s sequence', [
        product('steps of columns', 'cycle', 'row tiles × columns × cycles of a step', [
          tiles,
          width,
          given('cycles of a step', sequence.step, 'cycle', 'the sequence of the node'),
        ]),
        product('tiles', 'cycle', 'row tiles × mappings × cycles of a tile', [
          tiles,
          mappings,
          given('cycles of a tile', sequence.perTile, 'cycle', 'the sequence of the node'),
        ]),
        product('tails', 'cycle', 'mappings × cycles of the tail', [
          mappings,
          given('tail', sequence.tail, 'cycle', 'latency and drain behind a mapping'),
        ]),
      ]);
    }
    // Weighs energy, and takes no time.
    case 'stepsUsed':
      return undefined;
  }
}
