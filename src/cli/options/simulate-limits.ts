import { resolve } from 'node:path';
import { MugiError } from '../../errors.ts';
import { writableFile } from '../../files/write.ts';
import { oneOutput, refuseIdle } from './idle.ts';
import type { Operation } from '../../simulate/asked.ts';
import { changedSwitches, PLAIN_SWITCHES, type SwitchName } from '../../vlp/switches.ts';
import type { Options } from './simulate-options.ts';
import { switchesOf } from './switch-flags.ts';

/** Why the node that is simulated, and synthesised, has no other than the plain value of a switch. */
const UNBUILT: Readonly<Record<Exclude<SwitchName, 'entries'>, string>> = {
  below: 'its post-processing answers f(0) under the window, and has no change of the exponent there',
  range: 'nothing in front of its table multiplies, as a reduction by ln 2 would',
  normalise: 'its sequence of softmax takes 1/sum from the vector unit, and has no pass that looks it up',
  norms: 'its operations are products, softmax and activations; evaluate charges look-ups of 1/√x',
  rope: 'its operations are products, softmax and activations; evaluate charges look-ups of sin and cos',
  router: 'a router’s softmax is any softmax on it',
};

/** @throws MugiError for a switch of VLP that the node does not have */
function refuseUnbuilt(options: Options): void {
  const { entries: _held, ...changed } = changedSwitches(switchesOf(options));
  for (const [name, value] of Object.entries(changed))
    throw new MugiError({
      code: 'unsupported',
      message: `the simulated node has no ${name} ${value}: ${UNBUILT[name as keyof typeof UNBUILT]}`,
      path: name,
      expected: PLAIN_SWITCHES[name as SwitchName],
      received: value,
      nearest: PLAIN_SWITCHES[name as SwitchName],
    });
}

/** Flags of one operation's operands, sums and pictures. */
const NOT_OF_A_LAYER = [
  'input',
  'm',
  'k',
  'n',
  'group',
  'window',
  'anchor',
  'plan',
  'head',
  'preset',
  'arithmetic',
  'entries',
  'trace',
  'ascii',
  'svg',
  'from',
  'cycles',
];

/** Refuses options that would change nothing, and files that cannot be written or would overwrite each other. */
export function checkFlags(
  operation: Operation | 'layer',
  options: Options,
  given: ReadonlySet<string>,
): void {
  const { input, ascii, svg, json, windows, plan } = options;
  const gemm = operation === 'gemm';
  const layer = operation === 'layer';
  refuseIdle(
    given,
    [
      {
        flags: NOT_OF_A_LAYER,
        when: layer,
        because: 'has no effect: a layer has its own operators, and design and model decide how they run',
      },
      {
        flags: ['model', 'context'],
        when: !layer,
        because: 'has no effect: only a layer is one of a model',
        expected: 'mugi simulate layer',
      },
      {
        flags: ['window', 'anchor', 'windows', 'plan', 'layer', 'head', 'entries'],
        when: gemm,
        because: 'has no effect: a GEMM looks nothing up, so it has no LUT window',
      },
      {
        flags: ['k', 'group'],
        when: !gemm && !layer,
        because: 'has no effect: only a GEMM has an inner dimension and groups of it',
      },
      {
        flags: ['preset', 'arithmetic'],
        when: !gemm && !layer && operation !== 'softmax',
        because: 'has no effect: only GEMM and softmax have partial sums',
      },
      {
        flags: ['m', 'k', 'n', 'seed'],
        when: input !== undefined,
        because: 'has no effect: the values and their shape are those of --input',
      },
      {
        flags: ['from', 'cycles'],
        when: ascii !== true && svg === undefined,
        because: 'chooses cycles of a picture, and none is asked for: add --ascii or --svg FILE',
      },
      {
        flags: ['window', 'anchor'],
        when: windows !== undefined || plan !== undefined,
        because: 'has no effect: the file says window and anchor already',
        expected: '--windows FILE, or --window and --anchor',
      },
      {
        flags: ['layer', 'head'],
        when: !layer && windows === undefined && plan === undefined,
        because: 'needs --windows or --plan: it chooses a window of their file',
        expected: '--windows FILE or --plan FILE beside it',
      },
      {
        flags: ['plan'],
        when: windows !== undefined,
        because: 'has no effect beside --windows: one file says the window',
        expected: '--windows FILE or --plan FILE',
      },
    ],
    `this run of ${operation}`,
  );
  refuseUnbuilt(options);
  oneOutput(
    { '--ascii': ascii === true, '--json': json === true },
    'one of them; --svg FILE draws beside --json',
  );
  const taken = new Map<string, string>();
  for (const name of ['input', 'windows', 'plan', 'trace', 'svg'] as const) {
    const path = options[name];
    if (path === undefined) continue;
    const before = taken.get(resolve(path));
    const written = name === 'trace' || name === 'svg';
    if (written && before !== undefined) {
      throw new MugiError({
        code: 'invalid-value',
        message: `--${name} would overwrite the file of ${before}`,
        path: name,
        expected: 'a file of its own',
        received: path,
      });
    }
    if (written) writableFile(path);
    taken.set(resolve(path), `--${name}`);
  }
}
