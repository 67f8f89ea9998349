import { unknownName } from '../errors.ts';
import { given, made, product, type Quantity, quotient, sum } from '../evaluate/quantity.ts';
import {
  DRAIN_FRAMES,
  FUNCTION_FILL_AND_DRAIN,
  GEMM_FILL_AND_DRAIN,
  INITIATION_INTERVAL,
  SOFTMAX_FILL_AND_DRAIN,
  SOFTMAX_FRAMES_PER_KEY,
  softmaxTileFrames,
} from '../machine/mugi/program/latency.ts';
import { fromBits, hex } from '../number/bf16.ts';
import { COLUMNS } from '../vlp/array.ts';
import { chainsOf } from '../vlp/gemm.ts';
import { productsOf } from './array-parts.ts';
import type { Simulation } from './asked.ts';
import { gemmJob, tensor } from './job.ts';
import { rowsOf } from './node.ts';
import type { Outcome } from './run.ts';

/** Where the pipeline's constants stand. */
const PIPELINE = 'the pipeline of the node (docs/node.md)';
const COUNTED = 'counted by the cycle model';
const UNEQUAL = 'counted by the cycle model; the closed form gives another number';

/** Words for the numbers of a run that have parts: results by `result ROW COLUMN`, activity by its name. */
const RUN_NUMBERS = ['cycles', 'utilization'] as const;

/**
 * A number of a run of the node with its parts: cycles and utilisation by the closed form, held equal to the cycle
 * model; activity by what the shape asks for; a result by its products.
 * @throws MugiError for a number that the run does not have
 */
export function runQuantity(asked: Simulation, outcome: Outcome, name: string): Quantity {
  if (name === 'cycles') return cyclesOf(asked, outcome);
  if (name === 'utilization') return utilizationOf(asked, outcome);
  const [kind, row, column] = name.split(' ');
  const [at, of] = [Number(row), Number(column)];
  if (
    kind === 'result' &&
    Number.isInteger(at) &&
    at >= 0 &&
    at < outcome.height &&
    of >= 0 &&
    of < outcome.width
  )
    return resultOf(asked, outcome, at, of);
  const { activity } = outcome;
  if (Object.hasOwn(activity, name)) return activityOf(asked, outcome, name as keyof typeof activity);
  throw unknownName('number of a run', name, [...RUN_NUMBERS, 'result 0 0', ...Object.keys(activity)], 'why');
}

const size = (name: string, value: number, source: string): Quantity => given(name, value, '', source);

const FRAME_CYCLES = given(
  'cycles of a frame',
  INITIATION_INTERVAL,
  'cycle/frame',
  'values of a 3-bit temporal code',
);

/** `⌈whole / lanes⌉`. */
const folds = (name: string, whole: number, lanes: number, what: string): Quantity =>
  given(name, Math.ceil(whole / lanes), '', `${whole} ${what} in pieces of ${lanes}, the last one filled up`);

function tilesOf(asked: Simulation): {
  tiles: Quantity;
  k: number;
  chains: number;
  n: number;
  m: number;
  rows: number;
} {
  const rows = rowsOf(asked.design);
  const { m, k, n, groupSize = k, chain } = gemmJob(rows, asked);
  const tiles = product('output tiles', '', 'tiles of N × tiles of M', [
    folds('tiles of N', n, rows, 'outputs on the rows of the array'),
    folds('tiles of M', m, COLUMNS, 'activations on its columns'),
  ]);
  return { tiles, k, chains: chainsOf(k, groupSize, chain), n, m, rows };
}

/** Frames of the program, by the closed form of `latency.ts`. */
function framesOf(asked: Simulation, { frames, height, width, activity }: Outcome): Quantity {
  const whole = { name: 'frames', value: frames, unit: 'frame' };
  const rows = rowsOf(asked.design);
  if (asked.operation === 'gemm') {
    const { tiles, k, chains } = tilesOf(asked);
    return made(
      { ...whole, formula: 'output tiles × frames of a tile' },
      'product',
      () => [
        tiles,
        sum(
          'frames of a tile',
          'frame',
          'one mapping for each inner index, then the drains of each chain of sums',
          [
            size('K', k, 'inner indices of the run'),
            product('drains', 'frame', 'chains × frames of a drain', [
              size('chains of sums', chains, 'groups of scales, cut where the accumulators are emptied'),
              size('frames of a drain', DRAIN_FRAMES, PIPELINE),
            ]),
          ],
        ),
      ],
      UNEQUAL,
    );
  }
  if (asked.operation === 'softmax') {
    const { accumulation } = tensor(rows, 'softmax', asked);
    return made(
      { ...whole, formula: 'tiles of rows × frames of a tile' },
      'product',
      () => [
        folds('tiles of rows', height, rows, 'rows of scores'),
        sum('frames of a tile', 'frame', 'passes over the keys, then reciprocals and waits', [
          product('passes', 'frame', 'passes × keys', [
            size('passes', SOFTMAX_FRAMES_PER_KEY, 'maximum; exponential and sum; scaling'),
            size('keys', width, 'scores of a row'),
          ]),
          size('reciprocals and waits', softmaxTileFrames(accumulation), PIPELINE),
        ]),
      ],
      UNEQUAL,
    );
  }
  const loads = height * Math.ceil(width / rows);
  return made(
    { ...whole, formula: 'rows of the tensor × pieces of a row × passes' },
    'product',
    () => [
      size('rows of the tensor', height, 'the run'),
      folds('pieces of a row', width, rows, 'elements'),
      size('passes', activity.mappings / loads, 'one for each sign that the function is defined for'),
    ],
    UNEQUAL,
  );
}

function cyclesOf(asked: Simulation, outcome: Outcome): Quantity {
  const last =
    asked.operation === 'gemm'
      ? GEMM_FILL_AND_DRAIN
      : asked.operation === 'softmax'
        ? SOFTMAX_FILL_AND_DRAIN
        : FUNCTION_FILL_AND_DRAIN;
  return made(
    {
      name: 'cycles',
      value: outcome.cycles,
      unit: 'cycle',
      formula: 'frames × cycles of a frame + fill and drain; the cycle model counts as many',
    },
    'sum',
    () => [
      product('cycles of frames', 'cycle', 'frames × cycles of a frame', [
        framesOf(asked, outcome),
        FRAME_CYCLES,
      ]),
      given('fill and drain', last, 'cycle', PIPELINE),
    ],
    UNEQUAL,
  );
}

function utilizationOf(asked: Simulation, outcome: Outcome): Quantity {
  const rows = rowsOf(asked.design);
  const { height, width, utilization } = outcome;
  const whole = { name: 'utilization', value: utilization, unit: '' };
  const cycles = cyclesOf(asked, outcome);
  if (asked.operation === 'gemm') {
    const { m, k, n } = tilesOf(asked);
    return made(
      { ...whole, formula: 'products / (cycles × products of a cycle)' },
      'quotient',
      () => [
        productsOf({ m, k, n }),
        cycles,
        given('products of a cycle', rows, '', 'each row adds up to eight in the eight cycles of a frame'),
      ],
      UNEQUAL,
    );
  }
  return made(
    { ...whole, formula: 'elements / (cycles / 8 × rows of the array)' },
    'quotient',
    () => [
      product('elements', '', 'rows × columns of the tensor', [
        size('rows', height, 'the run'),
        size('columns', width, 'the run'),
      ]),
      quotient('cycles over those of a frame', '', 'cycles / 8', [cycles, FRAME_CYCLES]),
      size('rows of the array', rows, 'the design'),
    ],
    UNEQUAL,
  );
}

/** Counts that follow from the shape of a GEMM, as `gemmActivity` of `latency.ts` has them; others are the model's. */
function activityOf(asked: Simulation, { activity }: Outcome, name: keyof Outcome['activity']): Quantity {
  const whole = { name, value: activity[name], unit: '' };
  const counted = given(name, activity[name], '', COUNTED);
  if (asked.operation !== 'gemm') return counted;
  const { tiles, k, chains, n, m } = tilesOf(asked);
  const inner = size('K', k, 'inner indices of the run');
  const columns = size('columns', COLUMNS, 'the node');
  const mappings = product('mappings', 'frame', 'output tiles × K', [tiles, inner]);
  const live = product('weights of live rows', '', 'tiles of M × N × K', [
    folds('tiles of M', m, COLUMNS, 'activations on the columns'),
    size('N', n, 'the run'),
    inner,
  ]);
  const drains = product('drain frames', 'frame', 'output tiles × chains × frames of a drain', [
    tiles,
    size('chains of sums', chains, 'groups of scales, cut where the accumulators are emptied'),
    size('frames of a drain', DRAIN_FRAMES, PIPELINE),
  ]);
  const again = product(
    'drain frames behind the first chain',
    'frame',
    'output tiles × (chains − 1) × frames',
    [
      tiles,
      size('chains − 1', chains - 1, 'chains whose sums join an earlier one'),
      size('frames of a drain', DRAIN_FRAMES, PIPELINE),
    ],
  );
  const parts: Partial<Record<typeof name, Quantity[]>> = {
    mappings: [tiles, inner],
    inputLoad: [mappings],
    inputSramReads: [mappings],
    inputValueReuse: [mappings, FRAME_CYCLES],
    counterReuse: [mappings, FRAME_CYCLES],
    weightLoad: [live],
    temporalCoder: [live],
    array: [live, columns],
    accumulate: [live, columns],
    vectorScaling: [drains, columns],
    outputSramWrites: [drains, columns],
    vectorAdd: [again, columns],
    outputSramReads: [again, columns],
  };
  const own = parts[name];
  if (own === undefined) return counted;
  const formula = own.map((part) => part.name).join(' × ');
  return made({ ...whole, formula }, 'product', () => own, COUNTED);
}

/** A BF16 pattern as a number, with its bits. */
const value = (name: string, bits: number, source: string): Quantity =>
  given(name, fromBits(bits), '', `${source}, 0x${hex(bits)}`);

function resultOf(asked: Simulation, outcome: Outcome, row: number, column: number): Quantity {
  const bits = outcome.output[row * outcome.width + column];
  const name = `result ${row} ${column}`;
  const rows = rowsOf(asked.design);
  if (asked.operation !== 'gemm') {
    const { input } = tensor(rows, asked.operation, asked);
    const source = `${asked.operation} of the inputs below as VLP answers it, 0x${hex(bits)}`;
    const cells =
      asked.operation === 'softmax' ? Array.from({ length: outcome.width }, (_, i) => i) : [column];
    return {
      ...value(name, bits, ''),
      source,
      formula: source,
      parts: () => cells.map((at) => value(`input ${row} ${at}`, input[row * outcome.width + at], 'the run')),
    };
  }
  const { k, activations, weights, scales, groupSize = k } = gemmJob(rows, asked);
  const groups = Math.ceil(k / groupSize);
  const terms = Array.from({ length: k }, (_, i) => {
    const scale =
      scales === undefined
        ? []
        : [value('scale', scales[column * groups + Math.floor(i / groupSize)], 'the run')];
    return product(`product ${i}`, '', `activation × weight${scales === undefined ? '' : ' × scale'}`, [
      value('activation', activations[row * k + i], 'the run'),
      given('weight', weights[column * k + i], '', 'the run, INT4'),
      ...scale,
    ]);
  });
  const exact = sum('products', '', 'their exact sum', terms);
  return {
    ...value(name, bits, ''),
    source: undefined,
    formula: `the sum of K products, kept as ${outcome.sums} on the way: the exact one is beside it`,
    parts: () => [exact],
  };
}
