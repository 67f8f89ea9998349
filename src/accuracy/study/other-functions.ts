import { MugiError } from '../../errors.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import type { NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import * as bf16 from '../../number/bf16.ts';
import { inverseSqrtTable } from '../../vlp/reciprocal.ts';
import { createSinCos } from '../../vlp/sine.ts';
import { changedSwitches, type SwitchName, type VlpSwitches } from '../../vlp/switches.ts';
import { vlp } from '../../vlp/vlp.ts';
import type { NonlinearSettings } from './method-settings.ts';

/** What a model computes beside softmax of attention and activations, by VLP where the switches say so. */
export function otherFunctions(
  config: ModelConfig,
  { functions, mantissaBits, mode }: Pick<NonlinearSettings, 'functions' | 'mantissaBits' | 'mode'>,
): Pick<NonlinearEvaluator, 'inverseSqrt' | 'sinCos' | 'router'> {
  const { norms, rope, router, entries } = functions;
  return {
    ...(norms === 'exact'
      ? {}
      : { inverseSqrt: inverseSqrt({ mantissaBits, entries, newton: norms === 'vlp-newton' ? 1 : 0 }) }),
    ...(rope === 'vlp' && hasRope(config) ? { sinCos: createSinCos({ mantissaBits }) } : {}),
    ...(router === 'vlp' && hasRouter(config)
      ? { router: routerSoftmax(functions, mantissaBits, mode) }
      : {}),
  };
}

function inverseSqrt(options: Parameters<typeof inverseSqrtTable>[0]): (x: number) => number {
  const table = inverseSqrtTable(options);
  return (x) => bf16.fromBits(table[bf16.toBits(x)]);
}

/** Softmax over the experts of a token, in the default window: a row, which no other one shares a window with. */
function routerSoftmax(
  functions: VlpSwitches,
  mantissaBits: number,
  mode: NonlinearSettings['mode'],
): (scores: Float32Array) => Float32Array {
  const { apply } = vlp.softmax({ ...softmaxOptions(functions), mantissaBits, mode });
  return (scores) => {
    const out = new Float32Array(scores.length);
    apply({ scores, out, rows: 1, cols: scores.length });
    return out;
  };
}

/** Switches of some names that are set; none where they are as usual, which mode `artifact` has no other than. */
const changed = (functions: VlpSwitches, names: readonly SwitchName[]): Partial<VlpSwitches> =>
  Object.fromEntries(
    Object.entries(changedSwitches(functions)).filter(([name]) => names.includes(name as SwitchName)),
  );

/** Options of softmax that a switch sets. */
export const softmaxOptions = (functions: VlpSwitches): Partial<VlpSwitches> =>
  changed(functions, ['entries', 'range', 'normalise']);

/** The same of activations. */
export const activationOptions = (functions: VlpSwitches): Partial<VlpSwitches> =>
  changed(functions, ['entries', 'below']);

const hasRope = (config: ModelConfig): boolean =>
  config.family === 'decoder' && config.each.some(({ rope }) => rope !== undefined);

const hasRouter = (config: ModelConfig): boolean =>
  config.family === 'decoder' && config.each.some(({ experts }) => experts !== undefined);

/** Refuses switches that were asked for and that nothing in the model would feel. */
export function refuseIdleSwitches(asked: Partial<VlpSwitches>, config: ModelConfig): void {
  const refuse = (name: keyof VlpSwitches, why: string): never => {
    throw new MugiError({
      code: 'unsupported',
      message: `${name} has no effect: a ${config.modelType} model has ${why}`,
      path: name,
      expected: `a model with ${why.replace(/^no /, '')}`,
      received: String(asked[name]),
    });
  };
  if (asked.rope !== undefined && !hasRope(config)) refuse('rope', 'no rotary embedding');
  if (asked.router !== undefined && !hasRouter(config)) refuse('router', 'no router');
  if (asked.below === 'linear' && config.activation === 'relu') refuse('below', 'no activation by VLP');
}
