import { expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { preset } from '../../src/published/preset.ts';
import { workloadFor } from '../../src/question/point.ts';
import type { ModelShape } from '../../src/workload/model.ts';
import { macsOf } from '../../src/workload/operator.ts';
import { parameterCount } from '../../src/workload/parameters.ts';
import { modelFromTopology } from '../../src/workload/scale-sim.ts';

const read = (text: string): ModelShape => modelFromTopology(text, 'net.csv', 'net');
const gemms = (text: string) => {
  const [stack] = read(text).stacks;
  return stack?.kind === 'gemms' ? stack.gemms.map(({ name, m, k, n }) => [name, m, k, n]) : [];
};

it('the GEMM form is M, N, K with a free header and a trailing comma', () => {
  const text = 'Layer,M,N,K,\nGEMM0,128,64,256,\r\n\nGEMM1, 8 ,4096,11008\n';
  expect(gemms(text)).toEqual([
    ['GEMM0', 128, 256, 64],
    ['GEMM1', 8, 11008, 4096],
  ]);
});

it('the convolution form becomes its im2col product', () => {
  const text = `Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
Conv1, 224, 230, 7, 7, 3, 64, 2,
FC, 1, 1, 1, 1, 512, 1000, 1,`;
  // Loop over the output pixels, until a window has taken the last of the input; it may reach beyond.
  let rows = 0;
  for (let y = 0; y + 7 - 2 < 224; y += 2) for (let x = 0; x + 7 - 2 < 230; x += 2) rows++;
  expect(gemms(text)).toEqual([
    ['Conv1', rows, 147, 64],
    ['FC', 1, 512, 1000],
  ]);
});

const HEADER =
  'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,';

it('a side of outputs is ceil((input - filter + stride) / stride), as SCALE-Sim has it', () => {
  // AlexNet's first layer: 55 x 55 outputs, 105,415,200 MACs.
  const [[, m, k, n]] = gemms(`${HEADER}\nConv1, 224, 224, 11, 11, 3, 96, 4,`) as [
    [string, number, number, number],
  ];
  expect([m, k, n, m * k * n]).toEqual([3025, 363, 96, 105_415_200]);
});

it('a layer with DP in its name is one convolution a channel', () => {
  const model = read(`${HEADER}\nDP_conv2, 114, 114, 3, 3, 32, 1, 1,\nPW_conv2, 112, 112, 1, 1, 32, 64, 1,`);
  const [depthwise, pointwise] = workloadFor(
    model,
    { batch: 1, context: 1, prefill: 1 },
    preset('corrected'),
  ).operators;
  expect(depthwise).toMatchObject({ m: 12544, k: 9, n: 1, layers: 32 });
  expect(pointwise).toMatchObject({ m: 12544, k: 32, n: 64, layers: 1 });
  expect(parameterCount(model).total).toBe(32 * 9 + 32 * 64);
});

it('columns follow the header, and stand for M, N, K without one', () => {
  expect(gemms('Layer,M,K,N,\nqk,1,128,4096,')).toEqual([['qk', 1, 128, 4096]]);
  expect(gemms('Layer,Batch,K,M,N\nqk,2,128,8,4096')).toEqual([['qk', 16, 128, 4096]]);
  expect(gemms('q_proj,8,4096,4096,\nup_proj,8,14336,4096,')).toEqual([
    ['q_proj', 8, 4096, 4096],
    ['up_proj', 8, 4096, 14336],
  ]);
});

it('a header that does not name M, N and K once each is refused, not passed over; a line behind # is a comment', () => {
  expect(gemms('# ours\nLayer name, GEMM_M, GEMM_K, GEMM_N,\nqk,1,128,4096,')).toEqual([
    ['qk', 1, 128, 4096],
  ]);
  for (const header of ['Layer,M,M,K', 'Layer,rows,inner,columns', 'Layer,M,N,K,K']) {
    expect(() => gemms(`${header}\nqk,1,128,4096,`)).toThrow(/cannot be read/);
  }
});

it('there may be two strides, a batch, a dense sparsity, and text behind the last comma', () => {
  const two =
    'Layer name, IFMAP height, IFMAP width, Filter height, Filter width, Channels, Num filter, Stride height, Stride width,';
  expect(gemms(`${two}\nConv1, 161, 700, 5, 20, 1, 32, 2, 1,`)).toEqual([['Conv1', 79 * 681, 100, 32]]);
  expect(gemms(`${HEADER}\nConv2_dw, 112, 112, 3, 3, 1, 1, 1,#dw`)).toEqual([['Conv2_dw', 12100, 9, 1]]);
  expect(gemms(`${HEADER.replace('Strides', 'Strides, Batch')}\nConv, 8, 8, 3, 3, 4, 5, 1, 2,`)).toEqual([
    ['Conv', 2 * 36, 36, 5],
  ]);
  expect(gemms('Layer, M, N, K, Sparsity,\nG, 64, 32, 16, 1:1,')).toEqual([['G', 64, 16, 32]]);
});

it('lines of commas, titles and a header once more are no layers; columns behind an empty cell are comments', () => {
  const text = `${HEADER},,Eh,Ew,
,,,,,,,,,,,
Net A,
Conv1, 224, 224, 7, 7, 3, 64, 2,,,110,110,
CB2a, 56, 56, 1, 1, 64, 64, 1,,,,,

Net B,,,
${HEADER},,Eh,Ew,
FC, 1, 1, 1, 1, 512, 1000, 1,,,`;
  expect(gemms(text)).toEqual([
    ['Conv1', 110 * 110, 147, 64],
    ['CB2a', 56 * 56, 64, 64],
    ['FC', 1, 512, 1000],
  ]);
  expect(gemms('Layer,M,N,K,,\nG,64,32,16,,,\n,,,')).toEqual([['G', 64, 16, 32]]);
  // An empty cell among the sizes is no end of them.
  expect(() => gemms(`${HEADER}\nConv1, 24, 24, 7,, 3, 64, 2,`)).toThrow(MugiError);
});

it('columns may be separated by tabs', () => {
  const text = `${HEADER}\nConv1, 572, 572, 3, 3, 1, 64, 1,`.replaceAll(/, ?/g, '\t');
  expect(gemms(text)).toEqual([['Conv1', 570 * 570, 9, 64]]);
});

it('the list runs once as written, whatever the batch', () => {
  const use = { batch: 8, context: 4096, prefill: 64 };
  const workload = workloadFor(read('h\na,10,20,30,'), use, preset('corrected'));
  expect([macsOf(workload), workload.batch, workload.tokens]).toEqual([6000, 1, 1]);
  expect(workload.notes.join(' ')).toContain('batch');
});

it.each([
  ['h\na,1,2,\n', 'net.csv:2: column 3', '3 columns'],
  ['h\na,1,2,3\nb,4,x,6', 'net.csv:3: column 3', 'x'],
  ['h\na,1,0,3', 'net.csv:2: column 3', '0'],
  ['h\na,1,-2,3', 'net.csv:2: column 3', '-2'],
  ['h\na,1,2.5,3', 'net.csv:2: column 3', '2.5'],
  ['h\na,1,2e12,3', 'net.csv:2: column 3', '2e12'],
  ['h\na,NaN,2,3', 'net.csv:2: column 2', 'NaN'],
  ['h\na,,2,3', 'net.csv:2: column 2', 'nothing'],
  ['h\n,1,2,3', 'net.csv:2: column 1', 'nothing'],
  ['h\nc,5,5,7,1,3,8,1', 'net.csv:2: column 4', '7'],
  ['h\na,1,2,3,2:4,', 'net.csv:2: column 5', '2:4'],
  ['a,1,x,3\n', 'net.csv:1: column 3', 'x'],
  ['h\nc,9,9,3,3,1,1,1,1,1,', 'net.csv:2: column 10', '10 columns'],
])('%j is refused with line and column', (text, path, received) => {
  try {
    read(text);
    expect.unreachable();
  } catch (error) {
    expect(error instanceof MugiError && error.details).toMatchObject({
      code: 'invalid-file',
      path,
      received,
    });
  }
});

it.each(['', 'Layer,M,N,K,', 'Layer,M,N,K,\n\n'])('%j has no layers', (text) => {
  expect(() => read(text)).toThrow(/no layers/);
});
