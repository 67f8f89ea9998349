import { type Distribution, profileSummary } from '../../accuracy/windows/profile.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { share } from './loss.ts';

const SHARES = ['inside_share', 'below_share', 'above_share', 'zero_share'];
const HEADER = ['function', 'layer', 'inputs', 'E in [-4, 3]', 'E < -4', 'E > 3', 'zero', 'largest E'];

export function profileText(model: string, distributions: readonly Distribution[]): string {
  const rows = profileSummary(model, distributions).map((row) => [
    String(row.function),
    Number(row.layer),
    Number(row.inputs),
    ...SHARES.map((key) => share(Number(row[key]))),
    String(row.largest_exponent ?? ''),
  ]);
  return `${wrapped(`${model}: IEEE exponents E of nonlinear inputs, softmax after maximum subtraction`)}\n\n${textTable(HEADER, rows)}\n`;
}
