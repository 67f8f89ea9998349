import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedText } from '../../src/accuracy/data/embedded-text.ts';
import { arithmeticFor, precisionOf } from '../../src/accuracy/score/precision.ts';
import {
  type DesignArithmetic,
  PUBLISHED_ARITHMETIC,
  REPAIRED_ARITHMETIC,
} from '../../src/vlp/arithmetic.ts';
import { vlp } from '../../src/vlp/vlp.ts';
import type { Arithmetic } from '../../src/model/arithmetic.ts';
import { KvCache } from '../../src/model/layer/kv-cache.ts';
import { openModel } from '../../src/model/load.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { exact } from './arithmetic.ts';

interface Golden {
  logits: {
    input_ids: number[];
    targets: number[];
    positions: number[];
    rows: number[][];
    argmax: number[];
    mean_loss: number;
  };
  text_ids: number[];
  validation: { all: { targets: number } };
}

/** All that a design does, its softmax by VLP included. */
const designed = (design: DesignArithmetic): Arithmetic => {
  const softmax = vlp.softmax({ accumulate: design.softmax.sum }).apply;
  return arithmeticFor(precisionOf(design), {
    softmax: ({ scores, rows, columns, lengths }) => {
      softmax({ scores, out: scores, rows, cols: columns, lengths });
    },
    activation: exactNonlinear.activation,
  });
};

async function load(name: string) {
  const opened = await openModel(name);
  const golden = JSON.parse(readFileSync(join(opened.path, 'golden.json'), 'utf8')) as Golden;
  return { opened, model: opened.load(), golden };
}

function meanLoss(logits: Float32Array, targets: readonly number[]): number {
  const vocab = logits.length / targets.length;
  let loss = 0;
  for (const [r, target] of targets.entries()) {
    const row = logits.subarray(r * vocab, (r + 1) * vocab);
    const max = Math.max(...row);
    loss += max + Math.log(row.reduce((sum, x) => sum + Math.exp(x - max), 0)) - row[target];
  }
  return loss / targets.length;
}

describe.each(['mugi-tiny', 'mugi-tiny-gelu'])('%s', (name) => {
  it('gives the golden logits and loss of a float64 pass within 2e-4 and 1e-5', async () => {
    const { model, golden } = await load(name);
    const { input_ids, positions, rows, targets, argmax, mean_loss } = golden.logits;
    const ids = Int32Array.from(input_ids);
    const hidden = model.forward({ kind: 'tokens', ids, sequences: [{ rows: ids.length }] }, exact);
    const logits = model.logits(hidden, 0, ids.length);
    const row = (r: number) => logits.subarray(r * model.outputs, (r + 1) * model.outputs);
    for (const [i, position] of positions.entries()) {
      const worst = rows[i].reduce((max, x, j) => Math.max(max, Math.abs(x - row(position)[j])), 0);
      expect(worst).toBeLessThan(2e-4);
    }
    expect(argmax.map((_, r) => row(r).indexOf(Math.max(...row(r))))).toEqual(argmax);
    expect(Math.abs(meanLoss(logits, targets) - mean_loss)).toBeLessThan(1e-5);
  });

  it.each([
    ['FP32', exact],
    ['BF16 activations', { ...exact, activations: 'bf16' }],
    ['INT4 keys and values', { ...exact, kv: 'int4' }],
    ['the repaired arithmetic', designed(REPAIRED_ARITHMETIC)],
    ['the published arithmetic', designed(PUBLISHED_ARITHMETIC)],
  ] as const)('decodes token by token to the logits of a prefill: %s', async (_, arithmetic) => {
    const { model, golden } = await load(name);
    const ids = Int32Array.from(golden.logits.input_ids.slice(0, 70));
    const whole = model.forward({ kind: 'tokens', ids, sequences: [{ rows: 70 }] }, arithmetic);
    const cache = new KvCache(model.config);
    const pieces: number[] = [];
    // A prompt, then single tokens.
    for (const [from, to] of [[0, 37], ...Array.from({ length: 33 }, (_, i) => [37 + i, 38 + i])] as [
      number,
      number,
    ][]) {
      const batch = {
        kind: 'tokens' as const,
        ids: ids.subarray(from, to),
        sequences: [{ rows: to - from, cache }],
      };
      pieces.push(...model.forward(batch, arithmetic));
    }
    const worst = whole.reduce((max, x, i) => Math.max(max, Math.abs(x - pieces[i])), 0);
    // Every sum of a design has one order; FP32 keys are added up chunk by chunk.
    if (arithmetic.kv === 'int4' && arithmetic.activations === 'bf16') expect(worst).toBe(0);
    else expect(worst).toBeLessThan(1e-5);
  });

  it('gives each sequence of a batch what it gets alone', async () => {
    const { model, golden } = await load(name);
    const ids = Int32Array.from(golden.logits.input_ids.slice(0, 90));
    const sequences = [{ rows: 40 }, { rows: 1 }, { rows: 49 }];
    const together = model.forward({ kind: 'tokens', ids, sequences }, exact);
    let row = 0;
    for (const { rows } of sequences) {
      const alone = model.forward(
        { kind: 'tokens', ids: ids.subarray(row, row + rows), sequences: [{ rows }] },
        exact,
      );
      const part = together.subarray(row * model.config.hidden, (row + rows) * model.config.hidden);
      expect(alone.reduce((max, x, i) => Math.max(max, Math.abs(x - part[i])), 0)).toBeLessThan(1e-5);
      row += rows;
    }
  });

  it('reads the validation text to the token ids it was trained with', async () => {
    const { opened, golden } = await load(name);
    const tokenizer = opened.tokenizer();
    const ids = embeddedText('validation').map(({ text }) => tokenizer.encode(text));
    expect(ids.reduce((sum, { length }) => sum + length, 0)).toBe(golden.validation.all.targets);
    expect(ids[0].slice(0, golden.text_ids.length)).toEqual(golden.text_ids);
    expect(tokenizer.decode(ids[0])).toBe(embeddedText('validation')[0].text);
  });
});

it('keeps training and validation text apart', () => {
  const validation = new Set(embeddedText('validation').map(({ name }) => name));
  const training = embeddedText('training');
  expect(embeddedText('calibration')).toEqual(training.filter((_, i) => i % 16 === 0));
  expect(training).toHaveLength(338);
  expect(validation.size).toBe(34);
  expect(training.filter(({ name }) => validation.has(name))).toEqual([]);
});
