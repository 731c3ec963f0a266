"""Queries a second of the drop-in replacements and of the packages that they replace, interleaved in one run.

    shims.py PROGRAM [--only NAME...] [--rounds N]

PROGRAM is nasatlas. Needs the packages of tools/python/tests/requirements-peers.txt, and the genuine NATS-Bench archives
where the tests look for them; NASLib's function is read from a clone in the folder that NASATLAS_PEER_SOURCES names. What
is not there is named as absent. Each answer is compared before anything is timed. A number is the median of the rounds;
a round asks the same architectures of both sides. A further interface is a function with `@interface(NAME)` that yields
calls; shims_tables.py has those of other tables.
"""

import ast
import importlib
import importlib.util
import json
import os
import random
import sqlite3
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tools" / "python" / "tests")]

import nasatlas  # noqa: E402
import shims_tables  # noqa: E402, F401
from interleaved import Absent, Call, interface, main  # noqa: E402
from nasatlas.importing.sources import nats_bench as archives  # noqa: E402
from nasatlas.shims import nas_201_api, naslib, nats_bench, nni  # noqa: E402
from nasatlas.shims.nats_bench import cells  # noqa: E402

RELEASED = ROOT / "data" / "nasbench201.atlas"
DRAWN = 500
ARCHIVED = (0, 11, 284)


def genuine(folder):
    """The folder of the published archives, and an atlas of them."""
    from made_up_atlas import publish
    from published import SHARED

    root = SHARED / "nats-archives"
    if not root.is_dir():
        raise Absent(f"{root} is not there; NASATLAS_SHARED names another place")
    found = folder / "nats.atlas"
    return root, found if found.exists() else publish(folder, archives.entries(root), "nats")


def nats_calls(theirs, ours, words):
    """Calls that `nats_bench` and `nas_201_api` share, on three archived architectures with all their curves."""
    asked = [(index, dataset) for index in ARCHIVED for dataset in ("cifar10-valid", "cifar100", "ImageNet16-120")]
    searched = [(index, dataset.removesuffix("-valid")) for index, dataset in asked]

    def all_of(api, name, pairs, *rest, **more):
        method = getattr(api, name)
        return lambda: [method(*pair, *rest, **more) for pair in pairs]

    for name, pairs, rest, more in (
            ("get_more_info", asked, (None, "200", False), {}), ("get_cost_info", asked, ("200",), {}),
            ("query_by_index", asked, ("200",), {}), ("simulate_train_eval", searched, words, {"account_time": False})):
        yield Call(name, all_of(ours, name, pairs, *rest, **more), all_of(theirs, name, pairs, *rest, **more),
                   len(pairs))
    texts = [theirs[index] for index in range(0, len(theirs), 50)]
    yield Call("query_index_by_arch", all_of(ours, "query_index_by_arch", [(one,) for one in texts]),
               all_of(theirs, "query_index_by_arch", [(one,) for one in texts]), len(texts))


def loaded(theirs):
    """A package's interface with its archives read, which takes no part in the comparison."""
    for index in ARCHIVED:
        theirs.get_cost_info(index, "cifar10", "12")
    return theirs


@interface("nats_bench")
def _nats_bench(folder):
    import nats_bench as package

    root, atlas = genuine(folder)
    theirs = loaded(package.create(str(next(root.glob("NATS-tss-*"))), "tss", True, False))
    yield from nats_calls(theirs, nats_bench.create(atlas, "tss", trials="random"), (None, "200"))
    best = {"metric_on_set": "test", "hp": "200"}
    ours = nats_bench.create(atlas, "tss")
    yield Call("find_best, 3 cells", lambda: [ours.find_best("cifar100", **best)],
               lambda: [theirs.find_best("cifar100", enforce_all=False, **best)], 1)


@interface("nas_201_api")
def _nas_201_api(folder):
    import nats_bench as package

    root, atlas = genuine(folder)
    # The package imports PyTorch to read its file; the trainings are given as a dict here.
    sys.modules.setdefault("torch", types.ModuleType("torch"))
    api = loaded(package.create(str(next(root.glob("NATS-tss-*"))), "tss", True, False))
    states = {index: {old: api.arch2infos_dict[index][hp].state_dict() for old, hp in (("less", "12"), ("full", "200"))}
              for index in ARCHIVED}
    theirs = importlib.import_module("nas_201_api").NASBench201API(
        {"meta_archs": api.meta_archs, "arch2infos": states, "evaluated_indexes": list(ARCHIVED)}, False)
    yield from nats_calls(theirs, nas_201_api.NASBench201API(atlas, trials="random"), ("200",))


def nni_file(path):
    """NNI's file for the cells of the atlas that ships: its tables and indexes, values that NNI needs made up."""
    from test_shims_nni import original

    model, query = original()
    database = importlib.import_module("playhouse.sqlite_ext").SqliteExtDatabase(path)
    model.proxy.initialize(database)
    database.create_tables([model.Nb201TrialConfig, model.Nb201TrialStats, model.Nb201IntermediateStats])
    database.close()
    measured = ("train_acc", "valid_acc", "test_acc", "ori_test_acc", "train_loss", "valid_loss", "test_loss",
                "ori_test_loss", "parameters", "latency", "flops", "training_time", "valid_evaluation_time",
                "test_evaluation_time", "ori_test_evaluation_time")
    api = nats_bench.create(RELEASED, "tss")
    with sqlite3.connect(path) as plain:
        for number, text in enumerate(api.meta_archs):
            for place, (name, dataset) in enumerate((("cifar10-valid",) * 2, ("cifar100",) * 2,
                                                     ("imagenet16-120", "ImageNet16-120"))):
                config = 3 * number + place + 1
                plain.execute("INSERT INTO nb201trialconfig (id, arch, num_epochs, num_channels, num_cells, dataset) "
                              "VALUES (?, json(?), 200, 16, 5, ?)",
                              (config, json.dumps(nni.nasbench201._arch(text), sort_keys=True), name))
                for seed, one in enumerate(api.query_by_index(number, dataset, "200").values()):
                    values = [one.get_eval("x-valid")["accuracy"] if key == "valid_acc" else 1.0 for key in measured]
                    plain.execute(f"INSERT INTO nb201trialstats (config_id, seed, {', '.join(measured)}) VALUES "
                                  f"(?, ?, {', '.join('?' * len(measured))})", (config, seed, *values))
    database.connect()
    return query


@interface("nni")
def _nni(folder):
    if not importlib.util.find_spec("nni"):
        raise Absent("nni is not installed")
    # Before parts of NNI are imported, which hide the rest of it.
    import test_shims_nni_others as tests

    query = nni_file(folder / "nni.db")
    archs = [nni.nasbench201._arch(text) for text in random.Random(0).sample(cells.topology(), 40)]
    for name, rest in (("query_nb201_trial_stats", ()), ("the same, reduction=\"mean\"", ("mean",))):
        def asked(function, rest=rest, **words):
            return lambda: [[round(one["valid_acc"], 9) for one in function(arch, 200, "cifar100", *rest, **words)]
                            for arch in archs]

        yield Call(name, asked(nni.query_nb201_trial_stats, atlas=str(RELEASED)),
                   asked(query.query_nb201_trial_stats), len(archs))
    yield from nni_101(folder, tests)


def nni_101(folder, tests):
    """NAS-Bench-101 of three made-up cells, in NNI's file and in an atlas."""
    from made_up_atlas import publish

    atlas = publish(folder, tests.complete(), "complete")
    _, query = tests.filled(folder / "nni-101.db", nasatlas.open(atlas))

    def asked(function, **words):
        return lambda: [sorted(round(one["valid_acc"], 9) for one in function(arch, 108, **words))
                        for arch in (tests.CHAIN, tests.WIDE, tests.EDGE)]

    yield Call("query_nb101_trial_stats", asked(nni.query_nb101_trial_stats, atlas=str(atlas)),
               asked(query.query_nb101_trial_stats), 3)


def naslib_query():
    """NASLib's own function, compiled from its source: the rest of its graph wants PyTorch."""
    path = Path(os.environ.get("NASATLAS_PEER_SOURCES", "."), "NASLib/naslib/search_spaces/nasbench201/graph.py")
    if not path.is_file():
        raise Absent("NASATLAS_PEER_SOURCES names no folder with a clone of NASLib")
    class_, = (node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef))
    function, = (node for node in class_.body if isinstance(node, ast.FunctionDef) and node.name == "query")
    source = ast.parse(path.with_name("conversions.py").read_text(encoding="utf-8")).body
    wanted = ("convert_op_indices_to_str",)
    convert = [node for node in source if isinstance(node, ast.Assign)
               or isinstance(node, ast.FunctionDef) and node.name in wanted]
    names = {"Metric": naslib.Metric}
    exec(compile(ast.Module([*convert, function], []), str(path), "exec"), names)  # noqa: S102
    return names["query"]


@interface("naslib")
def _naslib(folder):
    query, metric = naslib_query(), naslib.Metric
    drawn = [naslib.convert_str_to_op_indices(text) for text in random.Random(0).sample(cells.topology(), DRAWN)]

    def calls(atlas, indices, wanted):
        api = naslib.get_dataset_api("nasbench201", "cifar10", atlas=atlas)
        # NASLib's table is a dict of lists in memory.
        table = {"nb201_data": {}}
        for one in indices:
            text = naslib.convert_op_indices_to_str(one)
            told = api["nb201_data"][text]["cifar10-valid"]
            curves = {key: told[key] if type(told[key]) is list else [0.0] * 199 + [told[key][-1]]
                      for key in ("eval_acc1es", *(() if atlas == RELEASED else ("train_acc1es", "eval_losses")))}
            table["nb201_data"][text] = {"cifar10-valid": {**curves, "cost_info": dict(told["cost_info"])}}
        api = naslib.get_dataset_api("nasbench201", "cifar10", atlas=atlas)
        ours = [naslib.NasBench201SearchSpace(one) for one in indices]
        theirs = [types.SimpleNamespace(instantiate_model=False, get_hash=lambda one=one: one) for one in indices]
        for name, which, words in wanted:
            yield Call(
                name, lambda which=which, words=words: [
                    graph.query(which, "cifar10", dataset_api=api, **words) for graph in ours],
                lambda which=which, words=words: [
                    query(graph, which, "cifar10", dataset_api=table, **words) for graph in theirs], len(indices))

    yield from calls(RELEASED, drawn, (("query(VAL_ACCURACY)", metric.VAL_ACCURACY, {}),
                                       ("query(TRAIN_TIME)", metric.TRAIN_TIME, {})))
    archived = [naslib.convert_str_to_op_indices(cells.topology()[index]) for index in ARCHIVED] * 50
    yield from calls(genuine(folder)[1], archived, (
        ("query(VAL_ACCURACY, epoch=50)", metric.VAL_ACCURACY, {"epoch": 50}),
        ("query(TRAIN_ACCURACY, full_lc=True)", metric.TRAIN_ACCURACY, {"full_lc": True})))


if __name__ == "__main__":
    main(__doc__.splitlines()[0])
