"""Ax: least energy a token with the area as a constraint, by Bayesian optimisation."""

from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
from mugi import Mugi, MugiError
from space import HEIGHTS, KIBIBYTES, LARGEST_MM2, measure

with Mugi() as mugi:
    client = Client(random_seed=1)
    kib = {"values": KIBIBYTES, "parameter_type": "int", "is_ordered": True}
    client.configure_experiment(
        parameters=[
            RangeParameterConfig(
                name="height",
                parameter_type="int",
                bounds=(HEIGHTS[0], HEIGHTS[-1]),
                step_size=HEIGHTS.step,
            ),
            ChoiceParameterConfig(name="weight_kib", **kib),
            ChoiceParameterConfig(name="output_kib", **kib),
        ]
    )
    client.configure_optimization(
        objective="-energy_per_token_J", outcome_constraints=[f"area_mm2 <= {LARGEST_MM2}"]
    )
    for _ in range(20):
        for index, parameters in client.get_next_trials(max_trials=4).items():
            try:
                metrics = measure(mugi, **parameters)
            except MugiError:
                client.mark_trial_failed(trial_index=index)
                continue
            names = ("energy_per_token_J", "area_mm2")
            client.complete_trial(trial_index=index, raw_data={name: metrics[name] for name in names})
    print(client.get_best_parameterization())
