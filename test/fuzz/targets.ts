import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageBlocks } from '../../src/accuracy/data/images.ts';
import { textBlocks } from '../../src/accuracy/data/blocks.ts';
import { readArray } from '../../src/accuracy/data/npy.ts';
import { featuresOf } from '../../src/accuracy/data/speech/extractor.ts';
import { utterancesIn } from '../../src/accuracy/data/speech/utterances.ts';
import { readWindowFile } from '../../src/accuracy/windows/window-file.ts';
import { loadDesign } from '../../src/source/design.ts';
import { loadModel } from '../../src/source/model.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { pricedDesign, workloadFor } from '../../src/question/point.ts';
import { WorkState } from '../../src/files/state.ts';
import { lookup } from '../../src/hardware/liberty/library.ts';
import { clockEnergy, edgeEnergy, stoppedEnergy } from '../../src/hardware/synthesis/internal-energy.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import type { VitConfig } from '../../src/model/config/config.ts';
import { readTokenizer } from '../../src/model/format/tokenizer.ts';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { openModel } from '../../src/model/load.ts';
import { preset } from '../../src/published/preset.ts';
import { technologyNamed } from '../../src/technology/index.ts';
import { arrayFile } from '../accuracy/pictures.ts';
import { wavFile } from '../accuracy/sounds.ts';
import { replyTo } from '../../src/cli/serve/reply.ts';
import { planFrom } from '../../src/cli/source/space.ts';
import { Space } from '../../src/explore/space/space.ts';
import { FILES } from '../../src/source/index.ts';
import { onnxFile } from '../onnx/write.ts';
import { commandLine } from './command-line.ts';
import { type Dice, mutateBytes, mutateJson, mutateText } from './mutate.ts';
import { expectFinite, unfit, WrongResult } from './outcome.ts';
import { packedCheckpoints } from './packed.ts';
import { QUANTISED } from './quantised.ts';
import * as seeds from './seeds.ts';

/** A reader: makes a hostile input of a good one, and reads it as a command would. */
export interface Target {
  readonly name: string;
  /** How often it is tried: slow readers less often. */
  readonly weight: number;
  /** @param folder of this input alone is not: files of earlier inputs are written over */
  try(dice: Dice, folder: string): unknown;
}

const corrected = preset('corrected');
const technology = technologyNamed('published-45');
const USE = { batch: 2, context: 256, prefill: 0 } as const;

/** Once in a while the whole command instead of its reader alone. */
const WHOLE_COMMAND = 0.02;

function checkMetrics(of: Parameters<typeof metrics>[0]): void {
  for (const [name, value] of Object.entries(metrics(of))) {
    if (typeof value === 'number') expectFinite([value], name);
  }
}

async function runModel(path: string): Promise<void> {
  const model = (await openModel(path)).load();
  const { config } = model;
  const arithmetic = {
    activations: 'fp32',
    weights: { type: 'stored' },
    kv: 'fp32',
    products: EXACT_SUMS,
    nonlinear: exactNonlinear,
  } as const;
  if (config.family === 'vit') {
    const pixels = new Float32Array(config.frames * config.channels * config.image ** 2).fill(0.25);
    const hidden = model.forward({ kind: 'images', pixels, count: 1 }, arithmetic);
    expectFinite(model.logits(hidden, 0, 1), 'a logit');
    return;
  }
  const ids = Int32Array.of(1, 2, 3);
  const hidden = model.forward({ kind: 'tokens', ids, sequences: [{ rows: 3 }] }, arithmetic);
  expectFinite(model.logits(hidden, 0, 3), 'a logit');
}

const once = <T>(make: () => T): (() => T) => {
  let value: { made: T } | undefined;
  return () => (value ??= { made: make() }).made;
};
const checkpoint = once(seeds.checkpointFiles);
const gguf = once(seeds.gguf);
const packed = once(packedCheckpoints);
const liberty = once(seeds.liberty);
const images = once(seeds.images);

/** A safetensors file with its header changed as JSON, sizes kept right or not. */
function changedHeader(weights: Uint8Array, dice: Dice): Uint8Array {
  const length = Number(Buffer.from(weights).readBigUInt64LE(0));
  const header = Buffer.from(mutateJson(Buffer.from(weights.subarray(8, 8 + length)).toString(), dice));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length + (dice.chance(0.05) ? dice.below(9) : 0)));
  return Buffer.concat([size, header, weights.subarray(8 + length)]);
}

/** An ONNX file of a changed graph; what the writer cannot write is an empty one. */
function written(spec: string, dice: Dice): Uint8Array {
  try {
    return onnxFile(JSON.parse(mutateJson(spec, dice)) as Parameters<typeof onnxFile>[0]);
  } catch {
    return new Uint8Array();
  }
}

export const TARGETS: readonly Target[] = [
  {
    name: 'model configuration',
    weight: 30,
    async try(dice, folder) {
      const path = join(folder, 'config.json');
      writeFileSync(path, mutateJson(dice.pick(seeds.CONFIGS), dice));
      if (dice.chance(WHOLE_COMMAND))
        return commandLine(['models', path, ...(dice.chance(0.3) ? ['--csv'] : [])]);
      const model = loadModel(path);
      const workload = workloadFor(model, USE, corrected);
      return checkMetrics(evaluate(pricedDesign('mugi-256', corrected, technology), workload, corrected));
    },
  },
  {
    name: 'model to be run',
    weight: 25,
    try(dice, folder) {
      const { config, weights } = checkpoint();
      seeds.folderOf(folder, { 'config.json': mutateJson(config, dice), 'model.safetensors': weights });
      return runModel(folder);
    },
  },
  {
    name: 'tokenizer',
    weight: 15,
    try(dice, folder) {
      seeds.folderOf(folder, { 'tokenizer.json': mutateJson(dice.pick(seeds.TOKENIZERS), dice) });
      const tokenizer = readTokenizer(folder);
      const ids = tokenizer.encode(dice.pick([seeds.TEXT, 't'.repeat(60), 'ab ü\u0000 \ud800']));
      if (ids.some((id) => !Number.isInteger(id) || id < 0)) throw new WrongResult(`token ${ids.join()}`);
      if (typeof tokenizer.decode(ids.slice(0, 20)) !== 'string')
        throw new WrongResult('a text that is none');
      const config = { family: 'gpt2', context: 64, bos: 1 } as Parameters<typeof textBlocks>[0];
      textBlocks(config, tokenizer, [{ name: 'text', text: seeds.TEXT }]);
    },
  },
  {
    name: 'safetensors',
    weight: 20,
    try(dice, folder) {
      const { config, weights } = checkpoint();
      const changed = dice.chance(0.6) ? changedHeader(weights, dice) : mutateBytes(weights, dice);
      seeds.folderOf(folder, { 'config.json': config, 'model.safetensors': changed });
      return runModel(folder);
    },
  },
  {
    name: 'packed weights',
    weight: 15,
    try(dice, folder) {
      const { config, weights } = dice.pick(packed());
      const changed = dice.chance(0.7)
        ? dice.chance(0.6)
          ? changedHeader(weights, dice)
          : mutateBytes(weights, dice)
        : weights;
      const at = join(folder, 'packed');
      seeds.folderOf(at, {
        'config.json': dice.chance(0.3) ? mutateJson(config, dice) : config,
        'model.safetensors': changed,
      });
      return runModel(at);
    },
  },
  {
    name: 'quantised configuration',
    weight: 20,
    try(dice, folder) {
      const files = dice.pick(QUANTISED);
      const changed = dice.pick(Object.keys(files));
      const at = join(folder, `quantised-${Object.keys(files).length}`);
      seeds.folderOf(at, { ...files, [changed]: mutateJson(files[changed], dice) });
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', at]);
      const workload = workloadFor(loadModel(at), USE, corrected);
      return checkMetrics(evaluate(pricedDesign('mugi-256', corrected, technology), workload, corrected));
    },
  },
  {
    name: 'SentencePiece',
    weight: 8,
    try(dice, folder) {
      const at = join(folder, 'pieces');
      seeds.folderOf(at, { 'tokenizer.model': mutateBytes(seeds.sentencePieces(dice.pick([1, 2])), dice) });
      const tokenizer = readTokenizer(at);
      const ids = tokenizer.encode(dice.pick([seeds.TEXT, 'aba abü', 'ab ü\u0000 \ud800']));
      if (ids.some((id) => !Number.isInteger(id) || id < 0)) throw new WrongResult(`token ${ids.join()}`);
      tokenizer.decode(ids.slice(0, 20));
    },
  },
  {
    name: 'space of designs',
    weight: 8,
    try(dice, folder) {
      const path = join(folder, 'space.yaml');
      writeFileSync(path, mutateText(dice.pick(seeds.SPACES), dice));
      expectFinite([new Space(planFrom(path, {})).size], 'points of a space');
    },
  },
  {
    name: 'line of a server',
    weight: 8,
    try(dice) {
      const reply = replyTo(mutateJson(dice.pick(seeds.LINES), dice), 1, {
        sources: FILES,
        full: dice.chance(0.2),
      });
      if (reply.includes('"code":"internal"')) throw new WrongResult(reply.slice(0, 600));
      const wrong = unfit(reply);
      if (wrong !== undefined) throw new WrongResult(`a reply with ${wrong}`);
    },
  },
  {
    name: 'safetensors index',
    weight: 8,
    try(dice, folder) {
      const { config, weights } = checkpoint();
      const length = Number(Buffer.from(weights).readBigUInt64LE(0));
      const names = Object.keys(
        JSON.parse(Buffer.from(weights.subarray(8, 8 + length)).toString()) as object,
      );
      const map = Object.fromEntries(
        names.filter((name) => name !== '__metadata__').map((name) => [name, 'a.safetensors']),
      );
      const path = join(folder, 'sharded');
      seeds.folderOf(path, {
        'config.json': config,
        'a.safetensors': weights,
        'model.safetensors.index.json': mutateJson(JSON.stringify({ metadata: {}, weight_map: map }), dice),
      });
      return runModel(path);
    },
  },
  {
    name: 'GGUF',
    weight: 20,
    async try(dice, folder) {
      const path = join(folder, 'model.gguf');
      writeFileSync(path, mutateBytes(gguf(), dice));
      await runModel(path);
      const tokenizer = (await openModel(path)).tokenizer();
      tokenizer.decode(tokenizer.encode('ab ab ba'));
    },
  },
  {
    name: 'GGUF as a workload',
    weight: 10,
    try(dice, folder) {
      const path = join(folder, 'model.gguf');
      writeFileSync(path, mutateBytes(gguf(), dice));
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', path]);
      const workload = workloadFor(loadModel(path), USE, corrected);
      return checkMetrics(evaluate(pricedDesign('mugi-256', corrected, technology), workload, corrected));
    },
  },
  {
    name: 'images',
    weight: 15,
    try(dice, folder) {
      const config = {
        family: 'vit',
        image: 28,
        channels: 1,
        frames: 1,
        labels: Array.from({ length: 10 }, (_, i) => `${i}`),
      } as unknown as VitConfig;
      const { idx, packed, labels, png, indexed } = images();
      if (dice.chance(0.5)) {
        const [name, bytes] = dice.pick([
          ['', idx],
          ['.gz', packed],
        ] as const);
        const at = join(folder, `idx${name}`);
        seeds.folderOf(at, {
          [`t-images-idx3-ubyte${name}`]: mutateBytes(bytes, dice),
          [`t-labels-idx1-ubyte${name}`]: dice.chance(0.7) ? labels : mutateBytes(labels, dice),
          'preprocessor_config.json': mutateJson('{"image_mean": [0.5], "image_std": [0.5]}', dice),
        });
        return imageBlocks(at, config, dice.chance(0.5) ? at : folder);
      }
      const at = join(folder, 'pngs');
      seeds.folderOf(join(at, '3'), { 'a.png': mutateBytes(dice.pick([png, indexed]), dice) });
      return imageBlocks(at, config, folder);
    },
  },
  {
    name: 'clips and sounds',
    weight: 15,
    try(dice, folder) {
      const samples = Array.from({ length: 700 }, (_, i) => Math.sin(i / 5));
      if (dice.chance(0.4)) {
        const path = join(folder, 'a.npy');
        writeFileSync(path, mutateBytes(arrayFile([2, 3, 3, 1], new Uint8Array(18)), dice));
        return readArray(path, [2, 3, 3, 1]);
      }
      const bits = dice.pick([8, 16, 24, 32] as const);
      const at = join(folder, 'speech');
      seeds.folderOf(at, {
        'a.wav': mutateBytes(wavFile(samples, { bits, extensible: dice.chance(0.3) }), dice),
        'metadata.jsonl': dice.chance(0.5)
          ? '{"file_name": "a.wav", "text": "a"}'
          : mutateText('{"file_name": "a.wav", "text": "a"}\n', dice),
      });
      const settings = { bins: 8, rate: 16_000, hop: 160, frame: 400, length: 800, padding: 0 };
      for (const { path } of utterancesIn(at)) expectFinite(featuresOf(path, settings), 'a feature');
      return undefined;
    },
  },
  {
    name: 'design file',
    weight: 25,
    try(dice, folder) {
      const path = join(folder, dice.chance(0.9) ? 'design.yaml' : 'design.json');
      writeFileSync(path, mutateText(dice.pick(seeds.DESIGNS), dice));
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['designs', path]);
      const design = loadDesign(path, corrected, technology);
      const workload = workloadFor(loadModel('llama-2-7b'), USE, corrected);
      return checkMetrics(evaluate(design, workload, corrected));
    },
  },
  {
    name: 'SCALE-Sim topology',
    weight: 15,
    try(dice, folder) {
      const path = join(folder, 'net.csv');
      writeFileSync(path, mutateText(seeds.TOPOLOGY, dice));
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', path]);
      const workload = workloadFor(loadModel(path), USE, corrected);
      return checkMetrics(evaluate(pricedDesign('sa-16', corrected, technology), workload, corrected));
    },
  },
  {
    name: 'ONNX',
    weight: 20,
    try(dice, folder) {
      const path = join(folder, 'model.onnx');
      const spec = dice.pick(seeds.ONNX);
      writeFileSync(
        path,
        dice.chance(0.5) ? mutateBytes(onnxFile(JSON.parse(spec)), dice) : written(spec, dice),
      );
      const sizes = { batch: 2, sequence: 8, past: 3 };
      const dims = Object.fromEntries(
        (spec.includes('"past"') ? ['batch', 'past'] : ['batch', 'sequence']).map((name) => [
          name,
          dice.chance(0.95) ? sizes[name as 'batch'] : dice.pick([0, 1, 2 ** 31 - 1, -1, 0.5]),
        ]),
      );
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', path, '--dims', 'batch=1,sequence=4']);
      const workload = workloadFor(loadModel(path, dims), USE, corrected);
      return checkMetrics(evaluate(pricedDesign('mugi-256', corrected, technology), workload, corrected));
    },
  },
  {
    name: 'window file',
    weight: 10,
    try(dice, folder) {
      const path = join(folder, 'windows.json');
      writeFileSync(path, mutateJson(seeds.WINDOWS, dice));
      if (dice.chance(10 * WHOLE_COMMAND)) return commandLine(['lut', 'softmax', '--windows', path]);
      for (const { lo, hi } of readWindowFile(path).windows) expectFinite([lo, hi], 'an exponent');
      return undefined;
    },
  },
  {
    name: 'simulate --input',
    weight: 5,
    try(dice, folder) {
      const path = join(folder, 'input.json');
      writeFileSync(path, mutateJson(seeds.INPUT, dice));
      return commandLine(['simulate', dice.pick(['softmax', 'silu', 'exp']), '--input', path, '--json']);
    },
  },
  {
    name: 'Liberty',
    weight: 10,
    try(dice) {
      const library = readLiberty(mutateText(liberty(), dice), 'fuzz.lib');
      for (const cell of library.cells.values()) {
        expectFinite([cell.area, cell.leakage, clockEnergy(cell)], `a cost of ${cell.name}`);
        for (const { name, capacitance, rise, fall } of cell.pins) {
          expectFinite([capacitance, rise, fall], 'a capacitance');
          expectFinite([edgeEnergy(cell, name), stoppedEnergy(cell, name)], 'an energy');
        }
        for (const { rise, fall } of cell.setups) {
          for (const table of [rise, fall]) {
            if (table !== undefined) expectFinite([lookup(table, 0.05, 0.05)], 'a setup time');
          }
        }
        for (const { rise, fall, riseSlew, fallSlew } of cell.arcs) {
          for (const table of [rise, fall, riseSlew, fallSlew]) {
            if (table !== undefined) expectFinite([lookup(table, 0.05, 5)], 'a table');
          }
        }
      }
    },
  },
  {
    name: 'text',
    weight: 5,
    try(dice, folder) {
      const path = join(folder, 'text.txt');
      writeFileSync(path, mutateBytes(Buffer.from(seeds.TEXT), dice));
      return dice.chance(WHOLE_COMMAND)
        ? commandLine(['profile', '--text', path, '--tokens', '32', '--block', '16'])
        : undefined;
    },
  },
  {
    name: 'state file',
    weight: 5,
    try(dice, folder) {
      const state = new WorkState<unknown>('fuzz', true, folder);
      state.set('0', [{ blocks: [{ loss: 1.5, kl: Number.NaN }], inputs: 3 }]);
      const bytes = seeds.bytesOf(state.path);
      const changed = mutateBytes(bytes, dice);
      writeFileSync(state.path, changed);
      const resumed = new WorkState('fuzz', false, folder).resumed;
      if (resumed > 0 && Buffer.compare(bytes, changed) !== 0) {
        throw new WrongResult('a state file that was changed is taken up');
      }
    },
  },
  {
    name: 'command line',
    weight: 3,
    try(dice) {
      const commands = [
        [
          'compare',
          '--designs',
          'mugi-256,sa-16',
          '--model',
          'llama-2-7b',
          '--batch',
          '4',
          '--context',
          '512',
        ],
        ['evaluate', '--design', 'mugi-256', '--model', 'llama-2-7b', '--why', 'tokens_per_s'],
        ['models', 'llama-2-7b', '--context', '1024'],
        ['designs', 'mugi-256', '--json'],
        ['lut', 'exp', '--window=-3..4', '--format', 'c'],
        ['approximate', 'exp', '--x=-0.7', '--method', 'vlp'],
        ['paper', 'table3', '--json'],
        ['simulate', 'silu', '--m', '8', '--n', '8', '--design', 'mugi-8'],
      ];
      const args = dice
        .pick(commands)
        .map((arg) => (dice.chance(0.25) ? mutateText(arg, dice).slice(0, 300) : arg));
      // Neither files of this machine nor results of these names are meant.
      return args.some((arg) => /^[-/.~]*$|[/\\\0]|^--(out|html|plots?|svg|trace)/.test(arg))
        ? undefined
        : commandLine(args);
    },
  },
];

const TOTAL = TARGETS.reduce((sum, { weight }) => sum + weight, 0);

/** The reader that an input is for. */
export function targetFor(dice: Dice, wanted?: string): Target {
  const known = TARGETS.find(({ name }) => name === wanted);
  if (known !== undefined) return known;
  let at = dice.next() * TOTAL;
  return TARGETS.find(({ weight }) => (at -= weight) < 0) ?? TARGETS[0];
}
