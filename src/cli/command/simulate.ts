import type { Command } from 'commander';
import { arrayOf } from '../../simulate/array.ts';
import { MugiError, unknownName } from '../../errors.ts';
import { checkWaveformPath } from '../../hardware/waveform.ts';
import type { Observer } from '../../machine/mugi/program/run.ts';
import { ascii, recorder, svg } from '../../machine/mugi/view/picture.ts';
import { nodeTrace } from '../../machine/mugi/view/trace.ts';
import { withProgress } from '../../present/progress.ts';
import { OPERATIONS, type Operation } from '../../simulate/asked.ts';
import { rowsOf } from '../../simulate/node.ts';
import { simulate as simulated } from '../../simulate/run.ts';
import { define as command } from '../options/command.ts';
import { output } from '../options/output.ts';
import { checkFlags } from '../options/simulate-limits.ts';
import { type Options, SIMULATE_FLAGS } from '../options/simulate-options.ts';
import { writeResult } from '../options/written.ts';
import { outcomeJson, outcomeText, type Shown } from '../show/simulate.ts';
import { equalsEngine, layerJson, layerText } from '../show/simulate-layer.ts';
import { simulationOf } from '../source/simulate.ts';
import { simulateLayer } from '../source/simulate-layer.ts';
import { simulateRival } from '../source/simulate-rival.ts';

/** What can be run: one operation, or all of a layer of a model. */
const WORDS = [...OPERATIONS, 'layer'] as const;

export const define = (program: Command): void =>
  command<Options>(program, {
    name: 'simulate',
    description:
      'run a GEMM, a nonlinear function or a layer of a model cycle by cycle, and check it against the arithmetic',
    arguments: [{ name: '<operation>', help: `one of ${WORDS.join(', ')}`, offer: { words: () => WORDS } }],
    flags: SIMULATE_FLAGS,
    examples: [
      'mugi simulate gemm --design mugi-8 --seed 1 --m 8 --k 16 --n 8 --ascii',
      'mugi simulate softmax --design mugi-16 --m 16 --n 64',
      'mugi simulate gemm --design sa-16-os --m 8 --k 64 --n 32 --ascii      the array of a compared design',
      'mugi simulate softmax --design sa-16-pwl                the vector array of a compared design',
      'mugi simulate layer --model mugi-tiny --design mugi-64          every product and function of layer 0',
      'mugi simulate silu --input x.json --json          x.json: {"input": [[-0.5, 1.25, 3]]}',
      'mugi simulate silu --windows windows.json --layer 2     windows.json: from mugi tune --out windows.json',
      'mugi simulate gemm --input g.json --trace g.vcd   g.json: {"activations": [[1, 2]], "weights": [[-7, 3]]}',
    ],
    run: ({ words: [name], flags, given }) => simulate(name, flags, given),
  });

async function simulate(name: string, options: Options, given: ReadonlySet<string>): Promise<void> {
  const operation = WORDS.find((known) => known === name);
  if (operation === undefined) throw unknownName('operation', name, WORDS);
  checkFlags(operation, options, given);
  if (operation === 'layer') return layer(options);
  const array = arrayOf(options.design);
  if (array !== undefined) {
    const { outcome, picture } = simulateRival(operation, array, options);
    return report(operation, options, outcome, picture);
  }
  // The products of Mugi-L are those of Mugi; its look-ups are not simulated.
  const node = operation === 'gemm' ? options.design.replace(/^mugi-l-/, 'mugi-') : options.design;
  const rows = rowsOf(node);
  if (options.trace !== undefined) checkWaveformPath(options.trace, 'trace');
  const picture = recorder(Math.min(rows, 64), options.from, options.cycles);
  const trace = options.trace === undefined ? undefined : nodeTrace(rows);
  const draws = options.ascii === true || options.svg !== undefined;
  const observe: Observer = (cycle, node) => {
    if (draws) picture.observe(cycle, node);
    trace?.observe(cycle, node);
  };
  const watched = draws || trace !== undefined;
  const outcome = await withProgress('simulate', undefined, (report) =>
    simulated(simulationOf(operation, { ...options, design: node }), watched ? observe : undefined, report),
  );
  if (trace !== undefined) writeResult(options.trace!, trace.text(options.trace!));
  if (options.svg !== undefined) {
    writeResult(options.svg, svg(picture.recording, `${operation} on ${options.design}, cycle by cycle`));
  }
  report(operation, options, outcome, options.ascii === true ? ascii(picture.recording) : undefined);
}

/** A layer of a model, beside the engine. */
async function layer(options: Options): Promise<void> {
  const { design } = options;
  const simulated = await simulateLayer(options);
  output(options, {
    json: () => layerJson(design, simulated),
    text: () => layerText(design, simulated),
  });
  refuseDifferent(equalsEngine(simulated.run), 'layer');
}

function report(operation: Operation, options: Options, outcome: Shown, picture?: string): void {
  const ran = { operation, ...options };
  output(options, {
    json: () => outcomeJson(ran, outcome),
    compact: true,
    text: () => outcomeText(ran, outcome, picture),
  });
  refuseDifferent(outcome.equal, operation);
}

function refuseDifferent(equal: boolean, path: string): void {
  if (equal) return;
  throw new MugiError({
    code: 'internal',
    message: 'the cycle model and the arithmetic differ: a fault of mugi, please report it with these inputs',
    path,
  });
}
