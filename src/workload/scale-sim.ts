import { MugiError } from '../errors.ts';
import type { FixedGemm, ModelShape } from './model.ts';

/**
 * A SCALE-Sim topology as plain GEMMs. Two forms, told apart by the number of columns: `Layer, M, N, K,` (in another
 * order where the header says so) and convolutions `Layer, IFMAP height, IFMAP width, filter height, filter width,
 * channels, filters, stride,` with one stride or two (im2col, no padding). A header line may be missing; a column that it
 * calls batch multiplies the rows; a sparsity of N:N is dense; text behind the last comma is a comment. Lines of commas
 * alone, lines that begin with #, titles (a first cell alone) and a header once more are no layers; tabs may stand for
 * commas. As in SCALE-Sim, a layer whose name holds "DP" is depthwise: one product a channel.
 * @throws MugiError with line and column
 */
export function modelFromTopology(text: string, path: string, name: string): ModelShape {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ cells: cellsOf(line), number: i + 1 }))
    .filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0].startsWith('#'));
  const header = lines[0] !== undefined && isHeader(lines[0].cells) ? lines[0].cells : [];
  const columns = headerOf(header, path, lines[0]?.number ?? 1);
  const layers = lines
    .slice(header.length === 0 ? 0 : 1)
    .filter(({ cells }) => !isTitle(cells) && cells.join() !== header.join());
  const gemms = layers.map(({ cells, number }) => row(cells, columns, path, number));
  if (gemms.length === 0) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the topology has no layers (only a header, or nothing)',
      path,
      expected: 'lines "Layer, M, N, K," below a header line',
    });
  }
  return { name, title: `${name} (SCALE-Sim topology)`, source: path, stacks: [{ kind: 'gemms', gemms }] };
}

const cellsOf = (line: string): string[] =>
  line
    .replace(/,\s*$/, '')
    .split(line.includes(',') ? ',' : '\t')
    .map((cell) => cell.trim());

/** Its public collections name the network in front of its layers. */
const isTitle = ([name, ...rest]: readonly string[]): boolean =>
  name !== '' && rest.every((cell) => cell === '');

const NUMBER = /^[-+]?[\d.]/;

/** A line without a number behind its first cell. */
const isHeader = (cells: readonly string[]): boolean => !cells.slice(1).some((cell) => NUMBER.test(cell));

/** What a header says beyond the usual order, by the number of the column behind the layer's name. */
interface Header {
  /** Where M, N and K stand. */
  readonly order: readonly [m: number, n: number, k: number];
  readonly batch: number;
}

/**
 * A header of a convolution, or of nothing, leaves M, N, K in SCALE-Sim's order. One of as many columns as a product has
 * must name them, each once: as M, or as a letter by itself in a longer name (GEMM_M).
 */
function headerOf(cells: readonly string[], path: string, number: number): Header {
  const names = cells.slice(1).map((cell) => cell.toLowerCase());
  const batch = names.findIndex((name) => name.replace(/[^a-z]/g, '').startsWith('batch'));
  const usual = { order: [0, 1, 2], batch } as const;
  if (names.length < 3 || names.length > 6) return usual;
  const letters = names.map((name) => /(?:^|[^a-z])([mnk])(?![a-z])/.exec(name)?.[1]);
  const found = ['m', 'n', 'k'].map((letter) => letters.indexOf(letter));
  const once = letters.filter((letter) => letter !== undefined).length === 3;
  const [m, n, k] = found as [number, number, number];
  if (once && found.every((at) => at >= 0)) return { order: [m, n, k], batch };
  throw bad(path, number, 2, 'a header that names M, N and K, each once', cells.slice(1).join(', '));
}

function row(cells: readonly string[], header: Header, path: string, number: number): FixedGemm {
  const [name = ''] = cells;
  if (name === '') throw bad(path, number, 1, 'the name of a layer', 'nothing');
  const sizes: number[] = [];
  let batch = 1;
  for (let i = 1; i < cells.length; i++) {
    const cell = cells[i] ?? '';
    const ratio = /^(\d+):(\d+)$/.exec(cell);
    if (ratio !== null && sizes.length >= 3) {
      if (ratio[1] === ratio[2]) continue;
      throw bad(path, number, i + 1, 'a dense layer (1:1): sparse products are not modelled', cell);
    }
    // Behind an empty cell the columns are no longer SCALE-Sim's.
    if (
      cell === '' &&
      (sizes.length >= 7 || (sizes.length === 3 && cells.slice(i).every((one) => one === '')))
    )
      break;
    // Behind the sizes stands a comment, if anything.
    if (!NUMBER.test(cell) && (sizes.length === 3 || sizes.length >= 7) && i === cells.length - 1) continue;
    const value = size(cell, path, number, i + 1);
    if (i - 1 === header.batch) batch = value;
    else sizes.push(value);
  }
  if (sizes.length === 3) {
    const [m, n, k] = header.order.map((at) => sizes[at > header.batch && header.batch >= 0 ? at - 1 : at]);
    return { name, group: 'projection', m: batch * m!, k: k!, n: n! };
  }
  if (sizes.length !== 7 && sizes.length !== 8) {
    const expected = '4 columns (Layer, M, N, K), 8 or 9 (a convolution with one stride or two)';
    throw bad(path, number, cells.length, expected, `${cells.length} columns`);
  }
  return convolution(name, sizes, batch, path, number);
}

function convolution(
  name: string,
  sizes: readonly number[],
  batch: number,
  path: string,
  number: number,
): FixedGemm {
  const [height, width, filterHeight, filterWidth, channels, filters, down] = sizes as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const across = sizes[7] ?? down;
  // SCALE-Sim, topology_utils: the last window may reach beyond the input.
  const outputs = (input: number, filter: number, stride: number, column: number): number => {
    if (filter <= input) return Math.ceil((input - filter + stride) / stride);
    throw bad(path, number, column, `a filter no larger than its input (${input})`, String(filter));
  };
  const m = batch * outputs(height, filterHeight, down, 4) * outputs(width, filterWidth, across, 5);
  const window = filterHeight * filterWidth;
  return name.includes('DP')
    ? { name, group: 'projection', m, k: window, n: filters, count: channels }
    : { name, group: 'projection', m, k: window * channels, n: filters };
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
