import { type Arithmetic, multiplyActivations, roundActivations } from '../arithmetic.ts';
import type { ActivationName, DecoderConfig, ExpertsConfig } from '../config/config.ts';
import type { NonlinearEvaluator } from '../layer/nonlinear.ts';
import { alternate, columns } from '../layer/columns.ts';
import { addInPlace, Linear } from '../layer/linear.ts';
import type { Weights } from '../weight/weights.ts';

interface Expert {
  /** Gate and up by themselves, or in one matrix: one after the other, or alternating. */
  first: { gate: Linear; up: Linear } | { gateUp: Linear; alternating: boolean };
  down: Linear;
  width: number;
}

/** A mixture of experts with its router. */
export interface Experts {
  router: Linear;
  experts: readonly Expert[];
  active: number;
  shared: { expert: Expert; gate: Linear | undefined } | undefined;
}

/** The experts of layer `at`, by the family's names. */
export function loadExperts(w: Weights, at: string, config: DecoderConfig, own: ExpertsConfig): Experts {
  const { hidden } = config;
  const { router, experts: stored, shared } = config.names.layer;
  const { total, active, hidden: width } = own;
  const each = (name: string, gate: string, up: string, down: string, wide: number): Expert => ({
    first: {
      gate: w.linear(`${name}.${gate}`, wide, hidden, false),
      up: w.linear(`${name}.${up}`, wide, hidden, false),
    },
    down: w.linear(`${name}.${down}`, hidden, wide, false),
    width: wide,
  });
  const biases = (name: string, size: number): Float32Array => w.read(name, [total, size]);
  const biasUp = stored.kind === 'alternating' ? biases(`${at}.${stored.gateUp}_bias`, 2 * width) : undefined;
  const biasDown = stored.kind === 'alternating' ? biases(`${at}.${stored.down}_bias`, hidden) : undefined;
  const expert = (e: number): Expert => {
    if (stored.kind === 'each') {
      return each(`${at}.${stored.at}.${e}`, stored.gate, stored.up, stored.down, width);
    }
    const [firstName, lastName] = [`${at}.${stored.gateUp}`, `${at}.${stored.down}`];
    const alternating = stored.kind === 'alternating';
    const slice = (name: string, outputs: number, inputs: number) =>
      alternating && !w.checkpoint.isMxfp4(name)
        ? w.turnedSlice(name, total, e, outputs, inputs)
        : w.slice(name, total, e, outputs, inputs);
    const bias = (all: Float32Array | undefined, size: number) => all?.slice(e * size, (e + 1) * size);
    return {
      first: {
        gateUp: w.add(`${firstName}.${e}`, slice(firstName, 2 * width, hidden), bias(biasUp, 2 * width)),
        alternating,
      },
      down: w.add(`${lastName}.${e}`, slice(lastName, hidden, width), bias(biasDown, hidden)),
      width,
    };
  };
  // Routers and gates of one output stay as they are: which experts run hangs on them, and nothing is saved.
  const plain = (name: string, outputs: number, bias: boolean) =>
    new Linear(
      w.matrix(`${at}.${name}.weight`, outputs, hidden),
      bias ? w.vector(`${at}.${name}.bias`, outputs) : undefined,
    );
  return {
    router: plain(router, total, config.router!.bias),
    experts: Array.from({ length: total }, (_, e) => expert(e)),
    active,
    shared: own.shared && {
      expert: each(`${at}.${shared.at}`, 'gate_proj', 'up_proj', 'down_proj', own.shared.hidden),
      gate: own.shared.gate ? plain(shared.gate, 1, false) : undefined,
    },
  };
}

/** Runs h [rows × hidden] through the experts that the router chooses for each row, in the order of their numbers. */
export function applyExperts(
  layer: number,
  { router, experts, active, shared }: Experts,
  { router: rules, activation, hidden }: DecoderConfig,
  h: Float32Array,
  rows: number,
  arithmetic: Arithmetic,
): Float32Array {
  const { softmax, normalise, limit } = rules!;
  const rule = { active, softmax, normalise, by: arithmetic.nonlinear.router };
  const weights = route(router.apply(h, rows), rows, experts.length, rule);
  const out = new Float32Array(rows * hidden);
  const run = (expert: Expert, x: Float32Array, count: number) =>
    applyExpert(layer, expert, activation, limit, x, count, arithmetic);
  for (const [e, expert] of experts.entries()) {
    const chosen: number[] = [];
    for (let r = 0; r < rows; r++) if (weights[r * experts.length + e] !== 0) chosen.push(r);
    if (chosen.length === 0) continue;
    const x = new Float32Array(chosen.length * hidden);
    for (const [i, r] of chosen.entries()) x.set(h.subarray(r * hidden, (r + 1) * hidden), i * hidden);
    const y = run(expert, x, chosen.length);
    for (const [i, r] of chosen.entries()) {
      const share = weights[r * experts.length + e];
      for (let c = 0; c < hidden; c++) out[r * hidden + c] += share * y[i * hidden + c];
    }
  }
  if (shared !== undefined) {
    const y = run(shared.expert, h, rows);
    if (shared.gate !== undefined) {
      const gates = shared.gate.apply(h, rows);
      for (let i = 0; i < y.length; i++) y[i] /= 1 + Math.exp(-gates[Math.floor(i / hidden)]);
    }
    addInPlace(out, y);
  }
  return roundActivations(out, arithmetic);
}

interface Route {
  active: number;
  /** Over all experts, or over those that are chosen. */
  softmax: 'all' | 'chosen';
  normalise: boolean;
  /** The softmax of a row; exact where left out. */
  by: NonlinearEvaluator['router'];
}

function exactShares(scores: ArrayLike<number>): number[] {
  const row = Array.from(scores);
  const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = row.map((x) => Math.exp(x - top));
  const total = powers.reduce((sum, x) => sum + x, 0);
  return powers.map((x) => x / total);
}

/** Weights of the chosen experts, 0 for the others: [rows × experts]. Of equal ones the first is chosen. */
function route(
  logits: Float32Array,
  rows: number,
  count: number,
  { active, softmax, normalise, by = exactShares }: Route,
): Float32Array {
  const out = new Float32Array(rows * count);
  for (let r = 0; r < rows; r++) {
    const row = logits.subarray(r * count, (r + 1) * count);
    const order = [...row.keys()].sort((a, b) => row[b] - row[a] || a - b).slice(0, active);
    const all = by(softmax === 'all' ? row : Float32Array.from(order, (e) => row[e]));
    const shares = order.map((e, i) => all[softmax === 'all' ? e : i]);
    const sum = normalise ? shares.reduce((a, b) => a + b, 0) : 1;
    for (const [i, e] of order.entries()) out[r * count + e] = shares[i] / sum;
  }
  return out;
}

function applyExpert(
  layer: number,
  { first, down, width }: Expert,
  name: ActivationName,
  limit: number | undefined,
  x: Float32Array,
  rows: number,
  arithmetic: Arithmetic,
): Float32Array {
  let gate: Float32Array;
  let up: Float32Array;
  if ('gate' in first) {
    gate = first.gate.apply(x, rows, arithmetic);
    up = first.up.apply(x, rows, arithmetic);
  } else {
    const both = first.gateUp.apply(x, rows, arithmetic);
    [gate, up] = first.alternating ? alternate(both) : columns(both, rows, [width, width]);
  }
  if (limit !== undefined) {
    for (let i = 0; i < gate.length; i++) {
      gate[i] = Math.min(limit, gate[i]);
      up[i] = Math.min(limit, Math.max(-limit, up[i])) + 1;
    }
    roundActivations(up, arithmetic);
  }
  const next = down.weight;
  arithmetic.nonlinear.activation({ layer, name, values: gate, rows, width, multiplier: up, next });
  roundActivations(gate, arithmetic);
  multiplyActivations(gate, up, arithmetic);
  return down.apply(gate, rows, arithmetic);
}
