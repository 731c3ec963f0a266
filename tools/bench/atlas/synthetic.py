"""The synthetic tables of the atlas benchmark: a formula of integers, so that Swift and Python make the same bits.

`z(s, n)` is the n-th output, counted from 0, of SplitMix64 from the state s (all arithmetic modulo 2⁶⁴):

    x = s + (n + 1)·0x9e3779b97f4a7c15
    x = (x ^ x >> 30)·0xbf58476d1ce4e5b9
    x = (x ^ x >> 27)·0x94d049bb133111eb
    z = x ^ x >> 31

**The table of the size of NAS-Bench-101**: A = 423,624 architectures, F = 4 fidelities of e = 4, 12, 36, 108 epochs,
R = 3 repeats, M = 8 metrics in the order of `METRICS`. In millionths, with n = ((a·4 + f)·3 + r)·8 + m and s = 101:

    an accuracy                 100,000 + z mod 850,001                 0.1 … 0.95
    final_training_time         9,000,000·e + z mod (28,000,000·e + 1)  e = 108: 972 … 3,996 s; below 2³²
    halfway_training_time       4,500,000·e + z mod (14,000,000·e + 1)

A value is Double(millionths) / 1e6. So a reader of the whole table draws z in row-major order without a gap. Every
value is independent of all others, which is harder on a codec than a real table, whose repeats lie close together.
The hash of architecture a is the MD5 of its decimal digits, as 32 hexadecimal digits.

**Curves where the SpikeNAS files are absent**: 15,625 runs of 100 epochs, 4 metrics in the order of `CURVES`; in
thousandths, with n = (run·100 + epoch)·4 + m and s = 201: an accuracy 10,000 + z mod 85,001, a loss z mod 2,501.
"""

import hashlib

import numpy as np

ARCHITECTURES, EPOCHS, REPEATS = 423_624, (4, 12, 36, 108), 3
METRICS = ("halfway_training_time", "halfway_train_accuracy", "halfway_validation_accuracy", "halfway_test_accuracy",
           "final_training_time", "final_train_accuracy", "final_validation_accuracy", "final_test_accuracy")
CURVES = ("train_acc", "train_loss", "val_acc", "val_loss")
CURVE_RUNS, CURVE_EPOCHS = 15_625, 100


def outputs(seed, first, count):
    """z(seed, first) … z(seed, first + count − 1) as uint64."""
    with np.errstate(over="ignore"):
        x = np.uint64(seed) + np.arange(first + 1, first + count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def millionths(first, count):
    """The table's rows of architectures first … first + count − 1, A×F×R×M, in millionths (uint64)."""
    shape = (len(EPOCHS), REPEATS, len(METRICS))
    low = np.full(shape, 100_000, np.uint64)
    width = np.full(shape, 850_001, np.uint64)
    for place, epochs in enumerate(EPOCHS):
        low[place, :, 0], width[place, :, 0] = 4_500_000 * epochs, 14_000_000 * epochs + 1
        low[place, :, 4], width[place, :, 4] = 9_000_000 * epochs, 28_000_000 * epochs + 1
    size = int(np.prod(shape))
    return low + outputs(101, first * size, count * size).reshape(count, *shape) % width


def values(first, count):
    """As `millionths`, in units: float64."""
    return millionths(first, count).astype(np.float64) / 1e6


def digest(architecture):
    """The hash of an architecture: 32 hexadecimal digits."""
    return hashlib.md5(str(architecture).encode(), usedforsecurity=False).hexdigest()


def curve_thousandths():
    """The synthetic curves, runs × epochs × metrics, in thousandths (int32)."""
    low = np.array([10_000, 0, 10_000, 0], np.uint64)
    width = np.array([85_001, 2_501, 85_001, 2_501], np.uint64)
    drawn = outputs(201, 0, CURVE_RUNS * CURVE_EPOCHS * 4).reshape(CURVE_RUNS, CURVE_EPOCHS, 4)
    return (low + drawn % width).astype(np.int32)


if __name__ == "__main__":
    # A few values for the tests of other implementations: (architecture, fidelity, repeat, metric) -> millionths.
    for place in ((0, 0, 0, 0), (0, 0, 0, 1), (1, 3, 2, 4), (211_812, 2, 1, 7), (423_623, 3, 2, 7)):
        print(place, int(millionths(place[0], 1)[0][place[1:]]))
    print(digest(0), digest(423_623), curve_thousandths()[15_624, 99].tolist())
