"""The slope of noisy samples, with its interval."""

import math
import statistics


def slope(samples):
    """Theil-Sen slope of (time, value) pairs with the ends of its 95 % interval (Sen 1968); one odd sample does not move
    them. Equal to `scipy.stats.theilslopes(values, times)`."""
    pairs = sorted((late - early, high - low) for number, (early, low) in enumerate(samples)
                   for late, high in samples[number + 1:])
    slopes = sorted(rise / run for run, rise in pairs if run)
    if not slopes:
        raise ValueError("a slope needs samples of two times")
    count = len(samples)
    deviation = math.sqrt((count * (count - 1) * (2 * count + 5) - ties([time for time, _ in samples])
                           - ties([value for _, value in samples])) / 18)
    margin = 1.959963984540054 * deviation
    low = max(round((len(slopes) - margin) / 2) - 1, 0)
    high = min(round((len(slopes) + margin) / 2), len(slopes) - 1)
    return statistics.median(slopes), slopes[low], slopes[high]


def ties(values):
    counts = (values.count(value) for value in set(values))
    return sum(count * (count - 1) * (2 * count + 5) for count in counts)
