"""Optuna: most tokens a second for least energy a token, by NSGA-II with the area as a constraint."""

import sys

import optuna
from mugi import Mugi, MugiError
from space import HEIGHTS, KIBIBYTES, LARGEST_MM2, measure


def search(mugi, trials):
    def objective(trial):
        height = trial.suggest_int("height", HEIGHTS[0], HEIGHTS[-1], step=HEIGHTS.step)
        weight_kib = trial.suggest_categorical("weight_kib", KIBIBYTES)
        output_kib = trial.suggest_categorical("output_kib", KIBIBYTES)
        try:
            metrics = measure(mugi, height, weight_kib, output_kib)
        except MugiError as error:
            raise optuna.TrialPruned(str(error))
        trial.set_user_attr("area_mm2", metrics["area_mm2"])
        return metrics["tokens_per_s"], metrics["energy_per_token_J"]

    def constraints(trial):
        return [trial.user_attrs.get("area_mm2", float("inf")) - LARGEST_MM2]

    sampler = optuna.samplers.NSGAIISampler(seed=1, constraints_func=constraints)
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    study.optimize(objective, n_trials=trials)
    # Older versions have designs that break constraints among the best; a design may be tried twice.
    within = [trial for trial in study.best_trials if constraints(trial)[0] <= 0]
    return list({str(trial.params): trial for trial in within}.values())


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with Mugi() as mugi:
        front = search(mugi, trials=int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    for trial in sorted(front, key=lambda one: one.values[0]):
        tokens_per_s, joules = trial.values
        print(f"{tokens_per_s:.3f} tokens/s {joules:.4f} J/token {trial.user_attrs['area_mm2']:.2f} mm² {trial.params}")
