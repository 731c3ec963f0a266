"""Handles in other processes and in threads: pickled before and after their first use, forked, spawned, shared."""

import copy
import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
import unittest
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import nasatlas
from connecting import FIRST, QUICK, OverHTTP
from made_up_atlas import ARCHITECTURES, PROGRAM, REASON, Shared
from nasatlas import errors
from nasatlas.adapters.task import Task
from nasatlas.shims import hpo_benchmarks, nats_bench

RELEASED = Path(__file__).resolve().parents[3] / "data" / "nasbench201.atlas"
HAS_FORK = hasattr(os, "fork")


def told(handle):
    """Everything that a handle says, in words that can be compared between processes."""
    if isinstance(handle, nasatlas.Atlas):
        question = FIRST if "first" in handle.datasets else {"dataset": "cifar10"}
        return told(handle.lookup(**question)), handle.digest, list(map(repr, handle.settings))
    if hasattr(handle, "curves"):
        text = handle.atlas.architectures[5]
        return (handle.values().tolist().__repr__(), handle(text), told(handle.answer(text)), repr(handle.curves(text)),
                repr(handle.top(3)))
    if hasattr(handle, "points"):
        return repr(handle.to_dict())
    if hasattr(handle, "measures"):
        means = handle.means_beside_runs()
        return (repr(handle), [handle.status(run) for run in range(handle.runs)], list(map(str, handle.seeds())),
                None if means is None else means.tolist(), list(handle.runs_of(5)))
    if hasattr(handle, "measurements"):
        return repr(handle), handle.values().tolist().__repr__()
    if hasattr(handle, "remaining"):
        return handle.id, handle.limits, handle.spent, handle.remaining, repr(handle.report)
    if isinstance(handle, Task):
        return handle.value(handle.space.parse(handle.space.sample(1, seed=3)[0])), handle.name
    if isinstance(handle, nats_bench.NATStopology):
        return handle.find_best("cifar10", "valid", hp="200"), repr(handle.get_cost_info(9, "cifar10-valid", hp="200"))
    return handle({f"Op{number}": "none" for number in range(6)})


def handles(atlas) -> dict:
    """What an atlas gives, none of it used yet."""
    question = FIRST if "first" in atlas.datasets else {"dataset": "cifar10"}
    found = {"atlas": atlas, "lookup": atlas.lookup(**question), "setting": atlas.settings[0],
             "answer": atlas.lookup(**question).answer(atlas.architectures[5]), "task": Task(atlas, **question),
             "one seed": atlas.lookup(**question, seed=777 if "first" in atlas.datasets else "mean"),
             "quantity": atlas.quantities[0]}
    if "first" in atlas.datasets:
        found["best so far"] = atlas.lookup(**FIRST, epoch="best-so-far:5", seed="all")
    return found


class Everywhere:
    """What tests of local and remote handles share; `made()` gives handles that were not used."""

    def test_pickles_before_and_after_the_first_use(self):
        for name, handle in self.made().items():
            with self.subTest(name=name):
                fresh = pickle.dumps(handle)
                expected = told(handle)
                for pickled in (fresh, pickle.dumps(handle), pickle.dumps(handle, 5)):
                    again = pickle.loads(pickled)
                    self.assertEqual(told(again), expected)
                    self.assertEqual(told(pickle.loads(pickle.dumps(again))), expected)
                self.assertEqual(told(copy.deepcopy(handle)), expected)
                self.assertLess(len(fresh), 1_000_000)

    def test_spawned_processes(self):
        fresh, made = list(self.made().values()), list(self.made().values())
        expected = [told(handle) for handle in made]
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            self.assertEqual(list(pool.map(told, fresh)), expected)
            self.assertEqual(list(pool.map(told, made)), expected)

    @unittest.skipUnless(HAS_FORK, "this system does not fork")
    def test_forked_processes(self):
        """Parent and children ask the same handles at the same time, threads of the parent too."""
        used, fresh = self.made(), self.made()
        expected = {name: told(handle) for name, handle in used.items()}
        stop, wrong = threading.Event(), []

        def ask():
            while not stop.is_set():
                wrong.extend(name for name, handle in used.items() if told(handle) != expected[name])
        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        children = []
        try:
            for _ in range(6):
                child = os.fork()
                if child == 0:
                    signal.alarm(120)
                    status = 1
                    try:
                        differ = [name for made in (used, fresh) for name, handle in made.items()
                                  if told(handle) != expected[name]]
                        status = 2 if differ else 0
                    finally:
                        os._exit(status)
                children.append(child)
            self.assertEqual([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children], [0] * 6)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(wrong, [])

    def test_threads(self):
        for name, handle in self.made().items():
            with self.subTest(name=name):
                barrier = threading.Barrier(8)

                def ask(_, barrier=barrier, handle=handle):
                    barrier.wait()
                    return told(handle)
                with ThreadPoolExecutor(8) as pool:
                    found = list(pool.map(ask, range(8)))
                self.assertEqual(found, [told(handle)] * 8)


@unittest.skipUnless(PROGRAM, REASON)
class Local(Everywhere, unittest.TestCase):
    def opened(self, path):
        atlas = nasatlas.open(path)
        self.addCleanup(atlas.close)
        return atlas

    def made(self):
        atlas = self.opened(Shared.atlas())
        # Few bytes are kept, so that threads throw out each other's blocks.
        atlas._blocks._free = 1 << 12
        return handles(atlas)

    def test_many_threads_name_architectures_first(self):
        """The table of texts was shared while it was being filled: architectures seemed to be missing."""
        for _ in range(20):
            atlas = self.opened(Shared.atlas())
            barrier = threading.Barrier(8)

            def place(number, barrier=barrier, atlas=atlas):
                barrier.wait()
                return atlas.index(ARCHITECTURES[number])
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(place, range(8)))
            self.assertEqual([atlas.architectures[one] for one in found], ARCHITECTURES[:8])

    def test_a_pickle_finds_the_file_from_another_folder(self):
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(Shared.atlas().parent)
        lookup = self.opened(Shared.atlas().name).lookup(**FIRST)
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            self.assertEqual(told(pickle.loads(pickle.dumps(lookup))), told(lookup))
            os.chdir(here)

    @unittest.skipUnless(HAS_FORK, "this system does not fork")
    def test_a_closed_atlas_stays_closed(self):
        atlas = self.opened(Shared.atlas())
        atlas.close()
        child = os.fork()
        if child == 0:
            try:
                atlas.architecture_id(0)
            except errors.ClosedAtlas:
                os._exit(0)
            finally:
                os._exit(1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)

    @unittest.skipUnless(HAS_FORK, "this system does not fork")
    def test_a_forked_process_opens_no_other_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "moved.atlas")
            for end in ("", ".manifest.json"):
                Path(f"{path}{end}").write_bytes(Path(f"{RELEASED}{end}").read_bytes())
            atlas = self.opened(path)
            path.rename(path.with_suffix(".old"))
            path.write_bytes(Shared.atlas().read_bytes())
            self.assertEqual(len(atlas.architecture_id(20)), 32)
            child = os.fork()
            if child == 0:
                try:
                    atlas.architecture_id(20)
                except errors.DamagedAtlas as error:
                    os._exit(0 if error.code == "store.changed" else 2)
                finally:
                    os._exit(1)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)


class Released(unittest.TestCase):
    def test_shims(self):
        atlas = nasatlas.open(RELEASED)
        self.addCleanup(atlas.close)
        for handle in (nats_bench.create(atlas, "tss"), hpo_benchmarks.NASBench201("cifar10", atlas=atlas)):
            fresh, expected = pickle.dumps(handle), told(handle)
            self.assertEqual(told(pickle.loads(fresh)), expected)
            self.assertEqual(told(pickle.loads(pickle.dumps(handle))), expected)


class Remote(Everywhere, OverHTTP):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with nasatlas.connect(cls.server.address, "tiny", **QUICK) as remote:
            ledger = remote.ledger(queries=5, **FIRST)
            ledger.ask(3)
            cls.ledger = ledger.id

    def made(self):
        remote = nasatlas.connect(self.server.address, "tiny", **QUICK)
        self.addCleanup(remote.close)
        return {**handles(remote), "ledger": remote.resume_ledger(self.ledger)}

    def test_ledgers_go_on_in_other_processes(self):
        remote = nasatlas.connect(self.server.address, "tiny", **QUICK)
        self.addCleanup(remote.close)
        ledger = remote.ledger(queries=3, **FIRST)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            value = pool.submit(ask, ledger, ARCHITECTURES[9]).result()
        self.assertEqual(value, remote.query(ARCHITECTURES[9], **FIRST).value)
        self.assertEqual(ledger.refresh().remaining, {"queries": 2})

    @unittest.skipUnless(HAS_FORK, "this system does not fork")
    def test_a_forked_process_has_connections_of_its_own(self):
        """`value` does not say of which architecture it is: on a shared connection answers would be mixed up."""
        remote = nasatlas.connect(self.server.address, "tiny", **QUICK)
        self.addCleanup(remote.close)
        lookup = remote.lookup(**FIRST)
        there = [text for text in ARCHITECTURES if lookup.values([text])[0] == lookup.values([text])[0]]
        expected = [lookup(text) for text in there]

        def all_right():
            return all([lookup(text) for text in there] == expected for _ in range(5))
        children = []
        for _ in range(4):
            child = os.fork()
            if child == 0:
                signal.alarm(120)
                status = 1
                try:
                    status = 0 if all_right() else 2
                finally:
                    os._exit(status)
            children.append(child)
        self.assertTrue(all_right())
        self.assertEqual([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children], [0] * 4)

    @unittest.skipUnless(HAS_FORK, "this system does not fork")
    def test_a_forked_process_leaves_the_copy_of_its_parent(self):
        remote = nasatlas.connect(self.server.address, "tiny", **QUICK)
        self.addCleanup(remote.close)
        remote.settings[0].seeds()
        child = os.fork()
        if child == 0:
            remote._copy.__class__
            remote._copy = None
            os._exit(0)
        os.waitpid(child, 0)
        self.assertTrue(os.path.exists(remote._copy.path))

    def test_secrets_are_not_pickled(self):
        with nasatlas.connect(self.server.address, "tiny", token="secret") as trusted:
            for handle in (trusted, trusted.lookup(**FIRST)):
                with self.assertRaisesRegex(errors.WrongArgument, "token= cannot be pickled"):
                    pickle.dumps(handle)


def ask(ledger, architecture):
    return ledger.ask(architecture).value


if __name__ == "__main__":
    unittest.main()
