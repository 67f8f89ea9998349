import { parseDesignFile } from '../../../src/design/design-file.ts';
import type { Locate } from '../../../src/design/problem.ts';
import { MugiError } from '../../../src/errors.ts';
import { type Constraint, constraintOf } from '../../../src/explore/constraint.ts';
import { type Plan, planOf } from '../../../src/explore/space/plan.ts';
import { quoted } from '../../../src/question/shell.ts';

export const FILE = 'space.yaml';

/** A hundred thousand designs: four kinds of arrays in many sizes, with memories, meshes and DRAM of several. */
export const EXAMPLE = `model: llama-2-7b
batch: 8
designs: [mugi-256, carat-256, sa-16, sd-16]
vary:
  height: 32..512:16
  shape: [4x64, 8x32, 16x16, 32x8, 16x32, 32x16, 32x32, 16x64, 64x16]
  dataflow: weight-stationary, output-stationary
  sram.*: [16, 32, 64, 128]
  sram.output.word_bits: [128, 256]
  mesh: [1x1, 2x2, 4x4]
  dramBandwidth: [64, 128, 256, 512]
minimise: energy_per_token_with_dram, area
maximise: tokens_per_s
`;

/**
 * What a space in YAML or JSON says, and where each part stands.
 * @throws MugiError with line and column of a mistake
 */
export function spaceIn(text: string): { value: Record<string, unknown>; locate: Locate } {
  const { value, locate } = parseDesignFile(FILE, text, {
    what: 'a space file',
    expected: '"designs: [mugi-256]" and "vary:", say',
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MugiError({ code: 'invalid-file', message: 'not a space: there are no keys', path: FILE });
  return { value: value as Record<string, unknown>, locate };
}

/** The plan of a space, whose names are built-in ones. */
export function planIn(text: string): Plan {
  const { value, locate } = spaceIn(text);
  return planOf(value, undefined, locate);
}

/** Limits of the address: `area_mm2<=3,power_W<=1`. */
export const limitsIn = (text: string | undefined): Constraint[] =>
  (text ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => constraintOf(part, 'limits'));

/** The command that finds the same front. */
export function commandOf(text: string, { within }: Plan, limits: readonly Constraint[]): string {
  const bounds = [...within, ...limits].map((bound) => bound.text.replaceAll(' ', ''));
  const more = limits.length === 0 ? '' : ` --within ${quoted(bounds.join(','))}`;
  return `npx mugi explore ${quoted(JSON.stringify(spaceIn(text).value))}${more} --json`;
}
