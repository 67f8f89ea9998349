import { batchOf } from '../../accuracy/data/blocks.ts';
import { wholeBlocks } from '../../accuracy/data/whole-blocks.ts';
import { readWindowFile } from '../../accuracy/windows/window-file.ts';
import { checkWindows } from '../../accuracy/windows/window-choice.ts';
import { MugiError, wholeNumber } from '../../errors.ts';
import { type LayerRun, runLayer } from '../../layer/run-layer.ts';
import { inputOf } from '../../model/config/config.ts';
import type { OpenedModel } from '../../model/load.ts';
import { openShown } from './opened.ts';
import type { Batch } from '../../model/model.ts';
import { random } from '../../number/random.ts';
import { presetDesign } from '../../published/preset-design.ts';
import { CODE_BITS } from '../../vlp/array.ts';
import type { Options } from '../options/simulate-options.ts';

/** Tokens that go through the model where nothing else is said. */
const TOKENS = 16;

/** A run of a layer, and what went through it in words. */
export interface SimulatedLayer {
  model: string;
  layer: number;
  input: string;
  run: LayerRun;
}

/** Runs the layer that the flags name. */
export async function simulateLayer(options: Options): Promise<SimulatedLayer> {
  const { model, layer = 0, windows: file } = options;
  const design = presetDesign(options.design, 'corrected');
  const opened = await openShown(model);
  const windows = file === undefined ? [] : windowsOf(file, opened);
  const { batch, input } = inputFor(opened, options);
  return { model: opened.name, layer, input, run: runLayer({ opened, design, layer, batch, windows }) };
}

/** The first tokens of the embedded text, or one image of seeded noise. */
function inputFor(opened: OpenedModel, { context, seed }: Options): { batch: Batch; input: string } {
  const { config } = opened;
  if (inputOf(config) === 'text') {
    const tokens = wholeNumber('context', context ?? TOKENS, 4, config.context);
    const [block] = wholeBlocks(opened, {}, tokens, 1);
    return { batch: batchOf([block]), input: `${tokens} tokens of the embedded text` };
  }
  if (context !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: `${opened.name} reads ${inputOf(config)}, whose size is its own`,
      path: 'context',
      expected: 'no context',
      received: String(context),
    });
  if (config.family !== 'vit' || config.frames !== 1)
    throw new MugiError({
      code: 'unsupported',
      message: `no input is made here for ${inputOf(config)}`,
      path: 'model',
      expected: 'a model that reads text or single images',
      received: opened.name,
    });
  const next = random(seed);
  const pixels = Float32Array.from({ length: config.channels * config.image ** 2 }, () => 2 * next() - 1);
  return { batch: { kind: 'images', pixels, count: 1 }, input: 'an image of seeded noise' };
}

/** Windows of mugi tune, with the node's mantissa. */
function windowsOf(path: string, { config }: OpenedModel) {
  const { windows, mantissa_bits: bits } = readWindowFile(path);
  checkWindows(windows, config, path);
  if (bits === CODE_BITS) return windows;
  throw new MugiError({
    code: 'unsupported',
    message: `the node codes ${CODE_BITS} mantissa bits`,
    path: `${path}: mantissa_bits`,
    expected: String(CODE_BITS),
    received: String(bits),
    nearest: String(CODE_BITS),
  });
}
