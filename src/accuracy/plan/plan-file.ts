import { z } from 'zod';
import { MOST_ROWS } from '../../design/computed.ts';
import { readChecked } from '../../files/checked-json.ts';
import type { FileKind } from '../../files/read.ts';
import { METHODS } from '../study/methods-list.ts';
import { TOO_NARROW, WINDOW_SHAPE, type WindowEntry, wideEnough } from '../windows/window-file.ts';

const PLAN_FORMAT = 'mugi-plan/1';

const KIND: FileKind = { what: 'plan', limit: 16 * 2 ** 20, expected: 'a file written by mugi tune --plan' };

const layer = z.number().int().nonnegative().optional();

/** How a function is computed in a layer; what is left out is as the flags say. */
const FunctionEntry = z.strictObject({
  /** `softmax`, or the activation: `silu`, `gelu`, … */
  function: z.string(),
  /** Layer from 0; all layers when left out. */
  layer,
  /** Heads from 0, softmax only; all heads when left out. */
  heads: z.array(z.number().int().nonnegative()).optional(),
  /** `vlp` when left out. */
  method: z.enum(METHODS).optional(),
  /** Of VLP: mantissa bits, LUT window, inputs that share a sliding window. */
  mantissa: z.number().int().min(1).max(7).optional(),
  window: z.strictObject(WINDOW_SHAPE).refine(wideEnough, TOO_NARROW).optional(),
  group_rows: z.number().int().min(1).max(MOST_ROWS).optional(),
});

const MatrixEntry = z.strictObject({
  layer,
  /** Words of the tensor's name between dots: `mlp.down_proj`; all matrices of the layers when left out. */
  matrix: z.string().optional(),
  /** Bits of a weight: 4, in groups, or as the checkpoint stores them. */
  bits: z.union([z.literal(4), z.literal('stored')]),
  group: z
    .number()
    .int()
    .positive()
    .max(1 << 20)
    .optional(),
});

const KvEntry = z.strictObject({
  layer,
  /** Bits of keys and values: 4, or as they are computed. */
  bits: z.union([z.literal(4), z.literal('computed')]),
});

const File = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  model: z.string(),
  functions: z.array(FunctionEntry).default([]),
  matrices: z.array(MatrixEntry).default([]),
  kv: z.array(KvEntry).default([]),
});

const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  functions: Object.keys(FunctionEntry.shape),
  matrices: Object.keys(MatrixEntry.shape),
  kv: Object.keys(KvEntry.shape),
};

/** What is computed how, by layer and function; of entries for one place the last one holds, key by key. */
export type Plan = z.infer<typeof File>;
export type PlannedFunction = z.infer<typeof FunctionEntry>;
export type PlannedMatrix = z.infer<typeof MatrixEntry>;

/** JSON Schema of a plan, for editors and other programs. */
export const planSchema = (): object => z.toJSONSchema(File, { io: 'input' });

/** @throws MugiError for a missing file, invalid JSON, and keys or values that are not valid */
export const readPlan = (path: string): Plan =>
  readChecked(
    path,
    KIND,
    File,
    ([list, , inner]) =>
      list === undefined
        ? Object.keys(File.shape)
        : inner === 'window'
          ? Object.keys(WINDOW_SHAPE)
          : (ENTRIES[String(list)] ?? []),
    `format ${PLAN_FORMAT} (mugi schema plan)`,
  );

/** A plan of what was tuned: chosen windows, and one entry each for all matrices and all keys and values. */
export const planFrom = (
  model: string,
  windows: readonly WindowEntry[],
  { mantissaBits, groupRows }: { mantissaBits: number; groupRows: number },
  { weights, kv, group }: { weights: string; kv: string; group: number },
): z.input<typeof File> => ({
  format: PLAN_FORMAT,
  model,
  functions: windows.map(({ lo, hi, anchor, ...place }) => ({
    ...place,
    method: 'vlp',
    mantissa: mantissaBits,
    window: { lo, hi, anchor },
    group_rows: groupRows,
  })),
  matrices: [weights === 'int4' ? { bits: 4, group } : { bits: 'stored' }],
  kv: [{ bits: kv === 'int4' ? 4 : 'computed' }],
});

export const planText = (plan: z.input<typeof File>): string => `${JSON.stringify(plan, null, 2)}\n`;
