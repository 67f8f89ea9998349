import { type Arithmetic, ArithmeticLosses } from '../../accuracy/study/arithmetic-losses.ts';
import { MugiError } from '../../errors.ts';
import { lossEffects } from '../../explore/loss-effects.ts';
import { checkBudget, race } from '../../explore/race.ts';
import type { Raced } from '../../explore/result.ts';
import type { Plan } from '../../explore/space/plan.ts';
import type { Tally } from '../../explore/tally.ts';
import { inputOf, readsText } from '../../model/config/config.ts';
import { DEFAULT_MODEL } from '../../model/embedded.ts';
import type { OpenedModel } from '../../model/load.ts';
import { openShown } from './opened.ts';
import { withStages } from '../../present/progress.ts';
import { weightsOf } from './measured-accuracy.ts';

/** Losses of what the designs of a space compute, measured when they are asked for. */
export interface LossMeter {
  /** Mean loss of an arithmetic by the shortest measurement that has an interval. */
  briefly(arithmetic: string): Promise<number>;
  /** A race of all arithmetics of a tally. */
  race(tally: Tally): Promise<Raced>;
}

const read = (arithmetic: string): Arithmetic => JSON.parse(arithmetic) as Arithmetic;

function refuseOtherThanText({ config }: OpenedModel, model: string): void {
  if (readsText(config)) return;
  throw new MugiError({
    code: 'unsupported',
    message: `the loss of designs is measured on text, and a ${config.modelType} model reads ${inputOf(config)}`,
    path: 'lossModel',
    expected: 'a text model',
    received: model,
  });
}

const oneBlock = ({ opened, targets }: ArithmeticLosses, tokens: number): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: `${tokens} targets are one block of ${opened.name}, which has no interval`,
    path: 'lossTokens',
    expected: `more than ${targets.at(-1) ?? tokens} targets`,
    received: String(tokens),
  });

/** The model that a space's losses are measured on: its own where it has weights, else mugi's. */
const modelFor = ({ loss, models }: Plan): string =>
  loss?.model ?? (models.length === 1 ? weightsOf(models[0].name) : undefined) ?? DEFAULT_MODEL;

/**
 * Opens what losses are measured on, so that a missing file is reported before anything is evaluated.
 * @param fresh forgets what earlier runs measured
 */
export async function lossMeter(plan: Plan, fresh = false): Promise<LossMeter | undefined> {
  const { loss } = plan;
  if (loss === undefined) return undefined;
  const { text, head, tokens, seed, budget, limit, objective } = loss;
  const model = modelFor(plan);
  const opened = await openShown(model);
  refuseOtherThanText(opened, model);
  const losses = await ArithmeticLosses.open(opened, {
    ...(text === undefined ? {} : { text }),
    ...(head === undefined ? {} : { head }),
    tokens,
    seed,
    fresh,
  });
  if (losses.blocks < 2) throw oneBlock(losses, tokens);
  const { targets, least } = losses;
  const whole = targets.at(-1)!;
  checkBudget(budget, whole);
  return {
    async briefly(arithmetic) {
      const one = read(arithmetic);
      await losses.measure([one], least);
      return losses.increase(one, least).mean;
    },
    race: (tally) =>
      withStages({ race: { label: `losses on ${losses.opened.name}`, unit: 'targets' } }, async (report) => {
        let [before, rest, behind, kept] = [0, 0, 0, 0];
        const found = await race(
          tally.front.map(({ index, costs, arithmetic = '' }) => ({ index, costs, arithmetic })),
          async (names, steps) => {
            const all = names.map(read);
            const rung = names.length * (targets[steps - 1] - (targets[behind - 1] ?? 0));
            // The stored model is measured beside them.
            const own = losses.missing(all, steps) / ((1 + names.length) * (steps - behind));
            const known = (1 - own) * rung;
            kept += known;
            behind = steps;
            await losses.measure(all, steps, (done, total) =>
              report('race', before + Math.floor(known + (done / total) * (rung - known)), rest, kept),
            );
            return {
              of: (name) => losses.increase(read(name), steps),
              difference: (first, second) => losses.difference(read(first), read(second), steps),
            };
          },
          {
            targets,
            least,
            objective,
            ...(budget === undefined ? {} : { budget }),
            ...(limit === undefined ? {} : { limit }),
          },
          (done, total) => {
            [before, rest] = [done, total];
            report('race', done, Math.max(1, total), kept);
          },
        );
        const measured = found.arithmetics.filter((one) => one.targets > 0);
        const of = lossEffects(
          tally.computing ?? [],
          new Set(measured.map(({ arithmetic }) => arithmetic)),
          (weights) =>
            losses.combined(
              [...weights].map(([name, weight]) => ({ one: read(name), weight })),
              found.first,
            ),
        );
        return {
          ...found,
          effects: { targets: targets[found.first - 1], of },
          model: losses.opened.name,
          data: losses.data,
          targets: whole,
          seed,
          ...(budget === undefined ? {} : { budget }),
        };
      }),
  };
}
