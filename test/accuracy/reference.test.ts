import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Block } from '../../src/accuracy/data/blocks.ts';
import { prepareData } from '../../src/accuracy/data/data.ts';
import { choose } from '../../src/accuracy/data/split.ts';
import { SEPARATE } from '../../src/accuracy/score/accuracy-parts.ts';
import { measure } from '../../src/accuracy/score/measure.ts';
import { arithmeticFor, FULL_PRECISION, precisionOf } from '../../src/accuracy/score/precision.ts';
import { openLogits, savingLogits } from '../../src/accuracy/score/reference-file.ts';
import { scoreRuns } from '../../src/accuracy/score/score-runs.ts';
import { DEFAULT_SETTINGS } from '../../src/accuracy/study/methods.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { openModel } from '../../src/model/load.ts';
import { PUBLISHED_ARITHMETIC } from '../../src/vlp/arithmetic.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from '../model/write-checkpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-reference-'));
beforeAll(() => {
  process.env['MUGI_CACHE'] = join(folder, 'cache');
});

const opened = await openModel('mugi-tiny');
const blocks = choose(prepareData(opened, {}).test, 600);
const precision = precisionOf(PUBLISHED_ARITHMETIC);
const INT4 = { type: 'int4', group: precision.group } as const;
const common = {
  opened,
  methods: ['vlp', 'exact'] as const,
  parts: SEPARATE,
  precision,
  settings: DEFAULT_SETTINGS,
  blocks,
  data: 'test',
};
const path = join(folder, 'stored.safetensors');
const model = opened.load();
const whole = await savingLogits(path, { opened, blocks, outputs: model.outputs }, (onReference) =>
  measure({ ...common, model, onReference }),
);
const alone = opened.load({ layers: () => INT4, head: INT4 });

describe('a reference', () => {
  it('of kept logits gives every number of one that is computed beside', async () => {
    const rows = await measure({ ...common, model: alone, reference: openLogits(path, opened)(blocks) });
    expect(rows.map(({ part }) => part)).toEqual(['all', 'all', 'sums']);
    expect(rows).toEqual(whole.filter(({ part }) => part === 'all' || part === 'sums'));
    expect(rows[0]!.kl).toBeGreaterThan(0);
  });

  it('of none leaves the losses as they are, and every difference to it unsaid', async () => {
    const rows = await measure({ ...common, model: alone, reference: 'none' });
    const unsaid = {
      over_stored: null,
      over_stored_ci95: null,
      over_stored_tie: null,
      kl: null,
      kl_ci95: null,
      top1_agreement: null,
    };
    expect(rows).toEqual(
      whole.filter(({ part }) => part === 'all' || part === 'sums').map((row) => ({ ...row, ...unsaid })),
    );
    expect(blocks.length).toBeGreaterThan(1);
    expect(rows[0]!.loss_ci95).toBeLessThan(1);
  });

  it('runs the layers once for runs that differ in the output matrix alone', async () => {
    let passes = 0;
    const counted = {
      ...model,
      forward: (...asked: Parameters<typeof model.forward>) => {
        passes += 1;
        return model.forward(...asked);
      },
    };
    const few = choose(blocks, 1);
    await measure({ ...common, model: counted, blocks: few, methods: ['exact'], fresh: true });
    // Stored (and the output matrix alone), all, INT4 weights, keys and values, BF16 activations, exact sums.
    expect(passes).toBe(6);
  });

  it('is written whole where finished batches are resumed', async () => {
    const reference = arithmeticFor(FULL_PRECISION, exactNonlinear);
    const kept = new Map<string, never>();
    const state = {
      get: (unit: string) => kept.get(unit),
      set: (unit: string, value: unknown) => void kept.set(unit, value as never),
    };
    const run = async (): Promise<number[]> => {
      const logits: number[] = [];
      await scoreRuns({
        model,
        reference,
        runs: [{ arithmetic: reference, ranges: () => ({ inputs: 0, clamped: 0 }) }],
        blocks: blocks.slice(0, 2),
        state,
        batchRows: 1,
        onReference: (rows) => rows.forEach((value) => logits.push(value)),
      });
      return logits;
    };
    const first = await run();
    expect(kept.size).toBe(2);
    expect(await run()).toEqual(first);
  });
});

describe('a file of logits is refused', () => {
  const asked = { opened, blocks };
  const refused = (of: Partial<typeof asked>, file = path) => {
    let details = {};
    try {
      const all = { ...asked, ...of };
      openLogits(file, all.opened)(all.blocks);
    } catch (error) {
      ({ details } = error as { details: object });
    }
    return expect(details);
  };

  it('of other weights, settings, or targets', async () => {
    const other = await openModel('mugi-tiny-4k');
    refused({ opened: other }).toMatchObject({ message: 'the logits are of other weights', path });
    const turned = { ...opened, config: { ...opened.config, layers: 3 } as typeof opened.config };
    refused({ opened: turned }).toMatchObject({
      message: 'the logits are of other settings of the same weights',
    });
    refused({ blocks: blocks.slice(1) }).toMatchObject({ message: 'the logits are of other targets' });
    const changed: Block[] = blocks.map((block) => ({ ...block, ids: block.ids!.map((id) => id ^ 1) }));
    refused({ blocks: changed }).toMatchObject({
      message: 'the logits are of other targets',
      expected: 'the same text, `tokens`, `block` and tokenizer',
    });
  });

  it('that holds none, is cut, or is broken', async () => {
    const weights = join(writeFolder(SMALL_LLAMA, smallLlama()), 'model.safetensors');
    refused({}, weights).toMatchObject({ message: 'the file holds no logits of a reference' });
    const cut = join(folder, 'cut.safetensors');
    const bytes = readFileSync(path);
    writeFileSync(cut, bytes.subarray(0, bytes.length - 4));
    refused({}, cut).toMatchObject({ code: 'invalid-file', path: cut });
    const broken = join(folder, 'broken.safetensors');
    writeFileSync(broken, Buffer.concat([bytes.subarray(0, -4), Buffer.from([0, 0, 0xc0, 0x7f])]));
    const { logits } = openLogits(broken, opened)(blocks);
    const targets = blocks.reduce((sum, { scored }) => sum + scored, 0);
    expect(() => logits.keptRows(targets - 1, targets)).toThrow('are not finite');
  });

  it('and is not left behind by work that fails', async () => {
    const left = join(folder, 'left.safetensors');
    const asked = { opened, blocks, outputs: model.outputs };
    const failing = savingLogits(left, asked, () => Promise.reject(new Error('a fault')));
    await expect(failing).rejects.toThrow('a fault');
    expect(() => readFileSync(left)).toThrow('ENOENT');
  });
});
