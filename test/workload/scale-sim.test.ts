import { expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { preset } from '../../src/published/preset.ts';
import { workloadFor } from '../../src/question/point.ts';
import type { ModelShape } from '../../src/workload/model.ts';
import { macsOf } from '../../src/workload/operator.ts';
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
  // Loop over the output pixels, as the definition of a convolution has it.
  let rows = 0;
  for (let y = 0; y + 7 <= 224; y += 2) for (let x = 0; x + 7 <= 230; x += 2) rows++;
  expect(gemms(text)).toEqual([
    ['Conv1', rows, 147, 64],
    ['FC', 1, 512, 1000],
  ]);
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
  ['h\na,1,2,3,2:4,', 'net.csv:2: column 5', '5 columns'],
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
