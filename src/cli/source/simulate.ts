import { readJson } from '../../files/read.ts';
import { parseJson } from '../../json.ts';
import type { Operation, Simulation } from '../../simulate/asked.ts';
import { rowsOf } from '../../simulate/node.ts';
import type { Values } from '../../simulate/values.ts';
import type { Options } from '../options/simulate-options.ts';
import { chosenWindow } from './simulate-windows.ts';

/** What the flags ask of the cycle model, with the files that they name read. */
export function simulationOf(operation: Operation, options: Options): Simulation {
  const { input, trace, window: _w, anchor: _a, ...rest } = options;
  return {
    ...rest,
    operation,
    values: input === undefined ? undefined : valuesOf(input),
    traced: trace !== undefined,
    ...(operation === 'gemm' ? {} : chosenWindow(operation, rowsOf(options.design), options)),
  };
}

/** Values of a file, or written out in the flag. */
function valuesOf(input: string): Values {
  if (input.trimStart().startsWith('{')) return { content: parseJson(input, 'input'), path: 'input' };
  return { content: readJson(input, { what: 'input file', limit: 64 * 2 ** 20 }), path: input };
}
