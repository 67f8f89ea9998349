import { FACTS, type Keys } from './part.ts';

/** Of commands that run the hardware, or hand it on. */
export const NODE_KEYS: Readonly<Record<string, Keys>> = {
  simulate: {
    operation: 'what was run',
    design: 'node',
    'inputs.m': 'activations (columns)',
    'inputs.k': 'inner dimension',
    'inputs.n': 'rows of weights',
    'inputs.group': 'inner indices per scale',
    'inputs.activation_bits[]': 'activations, BF16',
    'inputs.weights[]': 'weights, −7…7',
    'inputs.scale_bits[]': 'scales, BF16',
    'inputs.window': 'LUT window',
    'inputs.anchor': 'end of the exponents that the window follows',
    'inputs.input_bits[]': 'inputs, BF16',
    preset: 'state of the design whose sums it has',
    arithmetic: 'the design’s, or its experiment with FP32 sums',
    sums: 'format of partial sums, and how long a chain of them is',
    'result_bits[][]': 'results, BF16, row by row',
    cycles: 'cycles of the run',
    frames: 'frames of 8 cycles',
    utilization: 'share of the array that was busy',
    'activity.*': 'occurrences of each event',
    equals_arithmetic: 'the results equal the definition in every bit',
  },
  export: {
    format: 'tool that the files are for',
    design: FACTS.design,
    model: FACTS.model,
    'files[]': 'files that were written',
  },
  rtl: {
    design: 'node',
    top: 'top module',
    folder: 'folder that was written',
    'files[]': 'files in it',
  },
};
