"""Kernels of strings and of graphs by their definitions, for Tests/SurrogatesTests/Golden/structure-kernels.json.

Strings: every occurrence of every subsequence is listed. Graphs: labels are tuples of a label and the sorted labels of
the successors. Needs the standard library only.
"""

import itertools
import json
import pathlib
import random
from collections import Counter, defaultdict

SEED = 20240614
PATH = pathlib.Path(__file__).parents[2] / "Tests/SurrogatesTests/Golden/structure-kernels.json"


def features(tokens, longest, match, gap):
    found = defaultdict(float)
    for length in range(1, longest + 1):
        for places in itertools.combinations(range(len(tokens)), length):
            between = places[-1] - places[0] + 1 - length
            found[tuple(tokens[place] for place in places)] += match**length * gap**between
    return found


def subsequences(first, second, longest, match, gap):
    a, b = features(first, longest, match, gap), features(second, longest, match, gap)
    return sum(value * b[key] for key, value in a.items() if key in b)


def levels(labels, edges, count):
    names = list(labels)
    found = [Counter(names)]
    for _ in range(count):
        names = [
            (name, tuple(sorted((names[target] for source, target in edges if source == vertex), key=repr)))
            for vertex, name in enumerate(names)]
        found.append(Counter(names))
    return found


def subtrees(first, second, count):
    a, b = levels(*first, count), levels(*second, count)
    pairs = list(zip(a, b))
    return {
        "assignment": sum(min(x[key], y[key]) for x, y in pairs for key in x),
        "product": sum(x[key] * y[key] for x, y in pairs for key in x)}


def numbers(labels, edges, vertices):
    padded = labels + [-1] * (vertices - len(labels))
    upper = [int((s, t) in edges) for s in range(vertices) for t in range(s + 1, vertices)]
    return [len(labels)] + padded + upper


def main():
    generator = random.Random(SEED)
    strings = []
    for _ in range(30):
        first, second = ([generator.randrange(3) for _ in range(generator.randrange(1, 9))] for _ in range(2))
        longest, match, gap = generator.randrange(1, 6), generator.choice([0.3, 0.8, 1]), generator.choice([0.2, 0.7, 1])
        strings.append({
            "first": first, "second": second, "longest": longest, "match": match, "gap": gap,
            "value": subsequences(first, second, longest, match, gap)})
    graphs = []
    for _ in range(30):
        pair = []
        for _ in range(2):
            count = generator.randrange(2, 7)
            labels = [generator.randrange(4) for _ in range(count)]
            edges = {(s, t) for s in range(count) for t in range(s + 1, count) if generator.random() < 0.4}
            pair.append((labels, edges))
        level = generator.randrange(0, 4)
        graphs.append({
            "first": numbers(*pair[0], 6), "second": numbers(*pair[1], 6), "levels": level, **subtrees(*pair, level)})
    text = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(record) for record in cases) + "\n]"
        for name, cases in [("strings", strings), ("graphs", graphs)])
    PATH.write_text(f'{{"seed": {SEED},\n{text}}}\n', encoding="utf-8")
    print(f"{PATH}: {len(strings)} strings, {len(graphs)} graphs")


if __name__ == "__main__":
    main()
