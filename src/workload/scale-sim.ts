import { MugiError } from '../errors.ts';
import type { FixedGemm, ModelShape } from './model.ts';

/**
 * A SCALE-Sim topology as plain GEMMs. Two forms, told apart by the number of columns: `Layer, M, N, K,` and
 * convolutions `Layer, IFMAP height, IFMAP width, filter height, filter width, channels, filters, stride,` (im2col,
 * no padding, as SCALE-Sim counts). The header line is free; a trailing comma is usual and not needed. Sparsity
 * columns (`N:M`) are refused. Throws MugiError with line and column.
 */
export function modelFromTopology(text: string, path: string, name: string): ModelShape {
  const gemms: FixedGemm[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .forEach((line, i) => {
      if (i > 0 && line.trim() !== '') gemms.push(row(line, path, i + 1));
    });
  if (gemms.length === 0) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the topology has no layers (its first line is a header)',
      path,
      expected: 'a header line, then lines "Layer, M, N, K,"',
    });
  }
  return { name, title: `${name} (SCALE-Sim topology)`, source: path, stacks: [{ kind: 'gemms', gemms }] };
}

function row(line: string, path: string, number: number): FixedGemm {
  const cells = line
    .replace(/,\s*$/, '')
    .split(',')
    .map((cell) => cell.trim());
  const name = cells[0];
  if (name === '') throw bad(path, number, 1, 'the name of a layer', 'nothing');
  if (cells.length !== 4 && cells.length !== 8) {
    const expected = '4 columns (Layer, M, N, K) or 8 (a convolution)';
    throw bad(path, number, cells.length, expected, `${cells.length} columns`);
  }
  const sizes = cells.slice(1).map((cell, i) => size(cell, path, number, i + 2));
  if (sizes.length === 3) {
    const [m, n, k] = sizes as [number, number, number];
    return { name, group: 'projection', m, k, n };
  }
  const [height, width, filterHeight, filterWidth, channels, filters, stride] = sizes as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const outputs = (input: number, filter: number, column: number): number => {
    if (filter <= input) return Math.floor((input - filter) / stride) + 1;
    throw bad(path, number, column, `a filter no larger than its input (${input})`, String(filter));
  };
  return {
    name,
    group: 'projection',
    m: outputs(height, filterHeight, 4) * outputs(width, filterWidth, 5),
    k: filterHeight * filterWidth * channels,
    n: filters,
  };
}

function size(cell: string, path: string, line: number, column: number): number {
  const value = Number(cell);
  if (/^\d+$/.test(cell) && value > 0 && value <= 1e9) return value;
  throw bad(path, line, column, 'a positive whole number up to 1e9', cell === '' ? 'nothing' : cell);
}

function bad(path: string, line: number, column: number, expected: string, received: string): MugiError {
  return new MugiError({
    code: 'invalid-file',
    message: 'a line of the topology cannot be read',
    path: `${path}:${line}: column ${column}`,
    expected,
    received,
  });
}
