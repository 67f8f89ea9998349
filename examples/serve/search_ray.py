"""Ray Tune: most tokens a second within an area, one `mugi serve` a worker."""

import os
import sys

from ray import tune

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Design(tune.Trainable):
    def setup(self, config):
        # Workers are processes of their own, which run in another folder.
        sys.path.insert(0, FOLDER)
        from mugi import Mugi

        self.mugi = Mugi()
        self.config = config

    def reset_config(self, config):
        self.config = config
        return True

    def step(self):
        from mugi import MugiError
        from space import LARGEST_MM2, measure

        try:
            metrics = measure(self.mugi, **self.config)
        except MugiError:
            return {"tokens_per_s": float("-inf"), "done": True}
        fits = metrics["area_mm2"] <= LARGEST_MM2
        return {**metrics, "tokens_per_s": metrics["tokens_per_s"] if fits else float("-inf"), "done": True}

    def cleanup(self):
        self.mugi.close()


if __name__ == "__main__":
    sys.path.insert(0, FOLDER)
    from space import HEIGHTS, KIBIBYTES

    space = {
        "height": tune.choice(list(HEIGHTS)),
        "weight_kib": tune.choice(KIBIBYTES),
        "output_kib": tune.choice(KIBIBYTES),
    }
    config = tune.TuneConfig(metric="tokens_per_s", mode="max", num_samples=400, reuse_actors=True)
    best = tune.Tuner(Design, param_space=space, tune_config=config).fit().get_best_result()
    print(best.config, best.metrics["tokens_per_s"], best.metrics["area_mm2"])
