class RangeParameterConfig:
    def __init__(self, name, bounds, parameter_type, step_size):
        assert parameter_type == "int" and (bounds[1] - bounds[0]) % step_size == 0
        self.name, self.values = name, range(bounds[0], bounds[1] + 1, step_size)

    def draw(self, random):
        return random.choice(self.values)


class ChoiceParameterConfig(RangeParameterConfig):
    def __init__(self, name, values, parameter_type, is_ordered):
        assert parameter_type == "int" and is_ordered
        self.name, self.values = name, values
