#!/usr/bin/env python3
"""Writes the golden files that hold the rules in Python and those in the program to one meaning.

    PYTHONPATH=tools/python/src NASATLAS=.build/release/nasatlas python3 tools/python/tests/golden/make.py

`spaces.json`: draws of every space, and of some architectures the neighbors, as the program has them. `filters.json`:
filters, and what `top` of a server answers with them. test_golden.py compares both sides with these files.

`rules.json`: of some architectures the class, published names, neighbors, mutants, children, every encoding. A test in
Swift makes it, because no command prints these: `NASATLAS_WRITE_GOLDEN=1 tools/test PythonRulesTests`. This script
writes its inputs, if they are others than before.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

import nasatlas  # noqa: E402
from made_up_atlas import PROGRAM, Shared, publish  # noqa: E402
from nasatlas import spaces  # noqa: E402
from nasatlas.importing.entries import (  # noqa: E402
    Curve, DatasetCard, MetricCard, ProtocolCard, Run, SourceCard)
from served import Served  # noqa: E402

COUNT, SEEDS = 8, (1, 7)
MORE = {"nasbench101": ["v2:1", "v7:1.6/2.6/3/4/5/6:maxpool,maxpool,conv1x1,conv1x1,conv3x3"],
        "nas-bench-graph": ["0,0,0,0:skip,skip,skip,gat", "0,1,2,3:skip,gcn,skip,gcn", "0,0,1,1:fc,skip,skip,skip"],
        "seqnas": ["stem:none/time:off/encoder:off/decoder:off/head:avg",
                   "stem:k1/time:on/encoder:att1,gru/decoder:self1+cross8/head:mixed+spatial"]}
"""Of which neighbors are asked beside those of draws."""
STEMLESS = ["stem:none/time:off/encoder:att2+conv/decoder:self1+cross2,self8+cross4/head:avg+spatial"]
"""Of which a child with the first of MORE is asked."""
FIXED = {"nasbench201": ["|skip_connect~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|",
                         "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|",
                         "|skip_connect~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|skip_connect~2|",
                         "|skip_connect~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|"]}
"""Architectures with special cases of encodings."""
GRID = {"name": "made-up", "kind": "grid", "title": "Made up", "parameters": [
    {"name": "rate", "kind": "ordinal", "values": [0, 1e-08, 0.3, 2]},
    {"name": "one", "kind": "ordinal", "values": [7]},
    {"name": "on", "kind": "categorical", "values": [True, False, None]},
    {"name": "act", "kind": "categorical", "values": ["relu", "gelu"]}]}
POINTS = {"name": "made-up-points", "kind": "grid", "title": "Made up", "parameters": [
    {"name": "lr", "kind": "real", "range": {"minimum": 0.0001, "maximum": 0.1, "scale": "log"}},
    {"name": "dropout", "kind": "real", "range": {"minimum": -0.5, "maximum": 1}},
    {"name": "width", "kind": "integer", "range": {"minimum": 64, "maximum": 1024, "scale": "log"}},
    {"name": "layers", "kind": "integer", "range": {"minimum": 1, "maximum": 4}},
    {"name": "batch", "kind": "ordinal", "values": [16, 32, 64]},
    {"name": "act", "kind": "categorical", "values": ["relu", "gelu", None]}]}
RESTRICTED = [("seqnas", None, ["stem_kernel=none", "gru", "encoder_depth=2"]), ("nasbench201", None, ["none"]),
              ("made-up", GRID, ["rate=0.3", "on=null"]), ("made-up-points", POINTS, ["act=gelu", "batch=32"])]
"""Spaces, and what is closed in them."""
TINY = [
    "parameters > 1010", "accuracy.validation >= 0.5 and loss.train < 0.5", "not (latency[board] < 3)",
    "latency[board] is absent or parameters between 1004 and 1008", "seed = 777 and parameters != 1003",
    "status = failed", "status in (diverged, completed) and seed not in (888)", "seed > 800", "seed = 'unnamed-1'",
    "origin is present and source = 'made-up'", "dataset = first and protocol = twelve", "dataset = other",
    "space != tiny or parameters < 1004", "not a.b = 1", "parameters << 3", "(seed = 1 or seed = 2", "status = 'x",
    "status = 3x3", "status > 3", "parameters > 'x'", "seed = 777 or parameters < 1e6", "parameters = :limit",
    "train_seconds is present", "epochs = 12", "parameter > 3", "accuracy.validatio > 3", "parameters < 1e999",
    "NOT NOT parameters<1005", "b = w", "not (a > 2 and b in (x, w))", "b > w", "a > 3 and architecture.b in (x, y)", "not b = z", "c = 1", "parameters in (1001, 1002,1003) AND parameters NOT BETWEEN 1002 AND 1003", ""]
RELEASED = [
    "parameters < 345000", "parameters < 1e6 and accuracy_percent.validation >= 91",
    "train_seconds between 2000 and 2100",
    "latency[dataset=cifar10] <= 0.01", "seed = 'unnamed-2' and parameters > 1.2e6", "seed = 777", "epochs = 200",
    "status != completed", "latency <= 20", "attribute.x = 1", "count(skip_connect) = 0 and depth >= 2",
    "architecture.depth < 2 or architecture.count[none] > 3", "count(conv) = 1", "count(none"]
"""Filters over data/nasbench201.atlas, which every check-out has."""
QUESTIONS = {"tiny": {"dataset": "first", "protocol": "twelve"}, "nasbench201": {"dataset": "cifar10"}}


def sampled(name, seed):
    """What `nasatlas sample` draws."""
    words = [PROGRAM, "sample", "--space", name, "--count", str(COUNT), "--seed", str(seed), "--json"]
    done = subprocess.run(words, check=True, capture_output=True)
    return [one["canonicalText"] for one in json.loads(done.stdout)]


def digest(texts):
    """Of a set of texts, whatever their order."""
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()


def neighbors(name, texts, folder):
    """The number of neighbors that the program counts of each text, and the digest of those that it lists: of an atlas
    that has all that the package finds."""
    rules = spaces.space(name)
    found = {text: rules.neighbors(text) for text in texts}
    entries = [SourceCard("made-up", "Made up", "made for tests", license="CC0", citation="Nobody"),
               MetricCard("accuracy", "fraction", True, "share"), ProtocolCard("one", {"epochs": 1}),
               DatasetCard("data", "Data", "classification", "made up", "accuracy", source="made up", license="CC0",
                           citation="Nobody")]
    entries += [Run(name, one, "data", "one", 1, "made-up", [Curve("accuracy", "validation", [0.5])])
                for one in sorted({*texts, *(one for many in found.values() for one in many)})]
    atlas = publish(folder, entries, name)
    told = []
    for text in texts:
        done = subprocess.run([PROGRAM, "neighbors", atlas, "-a", text, "--json"], check=True, capture_output=True)
        answer = json.loads(done.stdout)
        told.append({"of": text, "count": answer["neighbors"],
                     "sha256": digest(place["architecture"]["canonicalText"] for place in answer["places"])})
    return told


def of_spaces():
    """The content of spaces.json."""
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in spaces.BUILT_IN:
            draws = {str(seed): sampled(name, seed) for seed in SEEDS}
            made[name] = {"draws": draws, "neighbors": neighbors(
                name, [*draws["7"][:3], *MORE.get(name, [])], folder)}
    return made


def inputs_of_rules():
    """Spaces with architectures, each with another parent for a child."""
    made = []
    for name in spaces.BUILT_IN:
        texts = [*sampled(name, 7)[:5], *FIXED.get(name, ()), *MORE.get(name, [])]
        pairs = list(zip(texts, [*texts[1:], texts[0]]))
        if name == "seqnas":
            # A child needs two parents with a stem, or two without.
            own = MORE[name][0]
            pairs = [(one, texts[0] if other == own else other) for one, other in pairs if one != own]
            pairs += [(own, STEMLESS[0]), (STEMLESS[0], own)]
        made.append({"name": name, "architectures": [{"of": one, "with": other} for one, other in pairs]})
    texts = ["rate=0,one=7,on=true,act=relu", "rate=0.3,one=7,on=null,act=gelu", "rate=2,one=7,on=false,act=gelu"]
    made.append({"name": GRID["name"], "card": GRID, "architectures": [
        {"of": one, "with": other} for one, other in zip(texts, [*texts[1:], texts[0]])]})
    texts = ["lr=0.0001,dropout=-0.5,width=64,layers=4,batch=16,act=relu",
             "lr=0.1,dropout=1,width=1024,layers=1,batch=64,act=null",
             "lr=1.5e-3,dropout=0,width=100,layers=2,batch=32,act=gelu"]
    made.append({"name": POINTS["name"], "card": POINTS, "architectures": [
        {"of": one, "with": other} for one, other in zip(texts, [*texts[1:], texts[0]])]})
    for name, card, words in RESTRICTED:
        space = spaces.space(name, card).without(*words)
        texts = space.sample(3, seed=7)
        made.append({"name": name, **({"card": card} if card else {}), "without": words, "architectures": [
            {"of": one, "with": other} for one, other in zip(texts, [*texts[1:], texts[0]])]})
    return made


def without_outputs(rules):
    """The inputs of rules.json."""
    return [{key: [{"of": one["of"], "with": one["with"]} for one in value] if key == "architectures" else value
             for key, value in space.items() if key in ("name", "card", "without", "architectures")} for space in rules]


def outcome(atlas, where, question):
    """Places and values of the best eight, and a field; or the code of an error."""
    try:
        best = atlas.top(8, where=where, show=["parameters"], **question)
        return {"places": [[one.architecture, one.value, one.fields.get("parameters")] for one in best]}
    except nasatlas.NASAtlasError as error:
        return {"error": error.code}


def of_filters(opened):
    """The content of filters.json; `opened` opens an atlas by its name."""
    return {name: [{"where": where, **outcome(opened(name), where, QUESTIONS[name])} for where in wheres]
            for name, wheres in (("tiny", TINY), ("nasbench201", RELEASED))}


def of_filters_by_server():
    """The same, as a server answers."""
    server = Served(Shared.atlas(), FOLDER.parents[3] / "data" / "nasbench201.atlas")
    try:
        return of_filters(lambda name: nasatlas.connect(server.address, name))
    finally:
        server.stop()


def text(made):
    """JSON with one line per filter, seed or architecture."""
    def lines(of_name):
        if isinstance(of_name, list):
            return "[\n  " + ",\n  ".join(map(json.dumps, of_name)) + "]"
        return "{\n  " + ",\n  ".join(f"{json.dumps(key)}: {json.dumps(one)}" for key, one in of_name.items()) + "}"
    return "{\n" + ",\n".join(f" {json.dumps(name)}: {lines(one)}" for name, one in made.items()) + "\n}\n"


if __name__ == "__main__":
    if not os.environ.get("NASATLAS"):
        sys.exit("make.py: set NASATLAS to the nasatlas program")
    FOLDER.joinpath("spaces.json").write_text(text(of_spaces()))
    FOLDER.joinpath("filters.json").write_text(text(of_filters_by_server()))
    file = FOLDER / "rules.json"
    if not file.exists() or without_outputs(json.loads(file.read_text())) != inputs_of_rules():
        file.write_text(json.dumps(inputs_of_rules()))
        print("make.py: NASATLAS_WRITE_GOLDEN=1 tools/test PythonRulesTests completes rules.json")
