"""The splits on which the values of EmProx's Table 1 were published, as far as its program tells: NumPy's generator with
seed 1000 draws, trial by trial, 100 cells to test and 121 to learn from; a cell may come twice."""

import numpy

OPERATIONS = ["skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3"]


def text(edges):
    """The published text of NASLib's operations on the edges 1-2, 1-3, 1-4, 2-3, 2-4, 3-4."""
    a, b, c, d, e, f = (OPERATIONS[edge] for edge in edges)
    return f"|{a}~0|+|{b}~0|{d}~1|+|{c}~0|{e}~1|{f}~2|"


def splits(trials=20, seed=1000):
    """Yields (cells to learn from, cells to test on)."""
    generator = numpy.random.RandomState(seed)
    for _ in range(trials):
        test, train = ([text(generator.randint(5, size=6)) for _ in range(count)] for count in (100, 121))
        yield train, test
