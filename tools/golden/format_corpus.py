"""Makes the table behind the atlas of the corpus and its fifty golden questions: numbers drawn from a seed, answers taken
from these numbers and never from an atlas.

    format_corpus.py FOLDER

writes FOLDER/table.ndjson and FOLDER/questions.json. The corpus starts at format 3. The atlas beside them was made once by
the version that introduced its format (`nasatlas ingest table.ndjson`, `nasatlas publish`) and must not be made again.
"""

import json
import pathlib
import random
import statistics
import sys

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
EPOCHS = 9


def cell(digits):
    a, b, c, d, e, f = (OPERATIONS[int(digit)] for digit in digits)
    return f"|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|"


def main():
    folder = pathlib.Path(sys.argv[1])
    draw = random.Random(2)
    digits = sorted({"".join(str(draw.randrange(5)) for _ in range(6)) for _ in range(14)})[:12]
    lines = [
        {"source": {"name": "corpus", "title": "A made-up table", "origin": "drawn from a seed", "license": "CC0-1.0",
                    "citation": "none"}},
        {"metric": {"name": "accuracy_percent", "unit": "percent", "largerIsBetter": True, "meaning": "made up"}},
        {"metric": {"name": "loss", "unit": "nats", "largerIsBetter": False, "meaning": "made up"}},
    ]
    for name in ("first", "second"):
        lines.append({"dataset": {
            "name": name, "title": name, "task": "classification", "about": "made up", "splitMeaning": "made up",
            "primaryMetric": "accuracy_percent", "targets": [{"kind": "class", "name": "kind"}],
            "input": {"kind": "image", "shape": {"channels": 3, "height": 32, "width": 32}}}})
    lines.append({"protocol": {"name": "nine", "settings": {"epochs": EPOCHS}}})
    curves = {}
    for number, key in enumerate(digits):
        for name in ("first", "second"):
            for seed in [777, 888, {"unnamed": 1}][: 2 + number % 2]:
                run = []
                for metric, places, top in (("accuracy_percent", 2, 100), ("loss", 4, 3)):
                    for split in ("train", "validation"):
                        values = [round(draw.uniform(0, top), places) for _ in range(EPOCHS)]
                        curves[key, name, json.dumps(seed), metric, split] = values
                        run.append({"metric": metric, "split": split, "values": values})
                last = draw.uniform(0, 100)
                curves[key, name, json.dumps(seed), "accuracy_percent", "test"] = {EPOCHS: last}
                run.append({"metric": "accuracy_percent", "split": "test", "values": [last], "at": [EPOCHS]})
                lines.append({"run": {
                    "key": {"space": "nasbench201", "architecture": "digits:" + key, "dataset": name, "protocol": "nine",
                            "seed": seed},
                    "source": "corpus", "status": "completed", "curves": run,
                    "counts": {"parameters": 1000 + number, "flops": 2000 * number},
                    "costs": {"total": {"train_seconds": draw.uniform(1, 9), "latency_milliseconds[batch=1]": number / 8},
                              "perEpoch": {"train_cpu_seconds": [number / 4] * EPOCHS}}}})
        lines.append({"measurement": {
            "space": "nasbench201", "architecture": "digits:" + key, "source": "corpus", "quantity": "latency",
            "unit": "millisecond", "device": "board", "value": round(draw.uniform(1, 9), 3)}})
    questions = []
    for _ in range(40):
        key, name, seed, metric, split = draw.choice(sorted(curves))
        values = curves[key, name, seed, metric, split]
        epoch = EPOCHS if isinstance(values, dict) else draw.randrange(EPOCHS) + 1
        number = json.loads(seed)
        questions.append({
            "architecture": draw.choice(["digits:" + key, cell(key)]), "dataset": name, "metric": metric, "split": split,
            "seed": f"{number}" if isinstance(number, int) else f"unnamed-{number['unnamed']}", "epoch": epoch,
            "expected": values[epoch] if isinstance(values, dict) else values[epoch - 1]})
    for name in ("first", "second"):
        for count in range(1, 6):
            means = {}
            for key in digits:
                finals = [values[-1] for place, values in curves.items()
                          if place[:2] == (key, name) and place[3:] == ("accuracy_percent", "validation")]
                means[key] = statistics.fmean(finals)
            best = sorted(means, key=lambda key: -means[key])[:count]
            questions.append({"best": count, "dataset": name, "expected": [[cell(key), means[key]] for key in best]})
    with open(folder / "table.ndjson", "w") as file:
        for line in lines:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
    with open(folder / "questions.json", "w") as file:
        json.dump(questions, file, indent=0)
        file.write("\n")


main()
