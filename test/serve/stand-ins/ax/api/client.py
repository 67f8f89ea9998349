"""What examples/serve/search_ax.py uses of Ax, with random search in the place of Bayesian optimisation."""

import random


class Client:
    def __init__(self, random_seed=None):
        self.random = random.Random(random_seed)
        self.trials, self.data = {}, {}

    def configure_experiment(self, parameters):
        self.parameters = parameters

    def configure_optimization(self, objective, outcome_constraints):
        assert objective.startswith("-")
        self.objective = objective[1:]
        self.constrained, _, limit = outcome_constraints[0].split(" ")
        self.limit = float(limit)

    def get_next_trials(self, max_trials):
        first = len(self.trials)
        new = {first + i: {p.name: p.draw(self.random) for p in self.parameters} for i in range(max_trials)}
        self.trials.update(new)
        return new

    def complete_trial(self, trial_index, raw_data):
        assert set(raw_data) == {self.objective, self.constrained}
        self.data[trial_index] = raw_data

    def mark_trial_failed(self, trial_index):
        assert trial_index in self.trials

    def get_best_parameterization(self):
        fitting = [i for i, data in self.data.items() if data[self.constrained] <= self.limit]
        best = min(fitting, key=lambda i: self.data[i][self.objective])
        return self.trials[best], self.data[best], best, f"{best}_0"
