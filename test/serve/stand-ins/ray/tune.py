"""What examples/serve/search_ray.py uses of Ray Tune, in one process."""

import os
import random
import tempfile


class Trainable:
    def __init__(self, config):
        self.setup(config)


def choice(values):
    return values


class TuneConfig:
    def __init__(self, metric, mode, num_samples, reuse_actors):
        assert mode == "max" and reuse_actors
        self.metric, self.num_samples = metric, num_samples


class Result:
    def __init__(self, config, metrics):
        self.config, self.metrics = config, metrics


class Tuner:
    def __init__(self, trainable, param_space, tune_config):
        self.trainable, self.space, self.tune = trainable, param_space, tune_config

    def fit(self):
        draw = random.Random(1)
        configs = [
            {key: draw.choice(values) for key, values in self.space.items()} for _ in range(self.tune.num_samples)
        ]
        # Ray's workers run in a folder of their own.
        os.chdir(tempfile.gettempdir())
        actor, self.results = self.trainable(configs[0]), []
        for config in configs:
            assert actor.reset_config(config)
            metrics = actor.step()
            assert metrics["done"]
            self.results.append(Result(config, metrics))
        actor.cleanup()
        return self

    def get_best_result(self):
        return max(self.results, key=lambda one: one.metrics[self.tune.metric])
