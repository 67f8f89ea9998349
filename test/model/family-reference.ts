import { dense, plainAngles, shares } from './reference-decoder.ts';
import { H, FF, D } from './family-shapes.ts';
import type { TestTensors } from './write-checkpoint.ts';

export const mixed = (chosen: Map<number, number>, run: (expert: number) => number[]): number[] => {
  const out = Array.from({ length: H }, () => 0);
  for (const [e, share] of chosen) run(e).forEach((v, i) => (out[i] += share * v));
  return out;
};

/** Matrix `e` of a tensor that holds several, times x. */
export function matrixOf(t: TestTensors, name: string, e: number, x: number[]): number[] {
  const { shape, values } = t[name];
  const [, outputs, inputs] = shape;
  return Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, v, i) => sum + v * values[(e * outputs + o) * inputs + i], 0),
  );
}

/** x times matrix `e` that is stored inputs first, plus its bias. */
export function turnedOf(t: TestTensors, name: string, e: number, x: number[]): number[] {
  const { shape, values } = t[name];
  const [, inputs, outputs] = shape;
  const bias = t[`${name}_bias`].values;
  return Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, v, i) => sum + v * values[(e * inputs + i) * outputs + o], bias[e * outputs + o]),
  );
}

export function ossFfn(t: TestTensors, at: string, h: number[], limit: number): number[] {
  return mixed(shares(dense(t, `${at}.mlp.router`, h), 2, 'chosen', false), (e) => {
    const both = turnedOf(t, `${at}.mlp.experts.gate_up_proj`, e, h);
    const middle = Array.from({ length: FF }, (_, i) => {
      const gate = Math.min(both[2 * i], limit);
      const up = Math.max(-limit, Math.min(both[2 * i + 1], limit));
      return (up + 1) * (gate / (1 + Math.exp(-1.702 * gate)));
    });
    return turnedOf(t, `${at}.mlp.experts.down_proj`, e, middle);
  });
}

/** YaRN by its paper: pairs that turn often keep their angle, pairs that turn seldom are slowed, a ramp between. */
export function yarn(
  theta: number,
  factor: number,
  original: number,
  fast: number,
  slow: number,
  truncate: boolean,
) {
  const pair = (turns: number) => (D / 2) * (Math.log(original / (turns * 2 * Math.PI)) / Math.log(theta));
  let [low, high] = [pair(fast), pair(slow)];
  if (truncate) [low, high] = [Math.floor(low), Math.ceil(high)];
  [low, high] = [Math.max(low, 0), Math.min(high, D - 1)];
  const angles = plainAngles(theta, D).map((f, i) => {
    const ramp = Math.max(0, Math.min(1, (i - low) / (high === low ? 0.001 : high - low)));
    return (f / factor) * ramp + f * (1 - ramp);
  });
  return { angles, size: 1 + 0.1 * Math.log(factor) };
}
