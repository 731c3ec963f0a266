"""What NASAtlas promises, and the tests that measure each promise in its long form."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Promise:
    """A row of docs/reliability.md. `swift` is a regular expression of Swift tests, `python` are files of tests, `command`
    is any other command from the root of the repository; a promise with none of them is not measured yet."""

    id: str
    area: str
    text: str
    swift: str = ""
    python: tuple = field(default=())
    command: tuple = field(default=())
    note: str = ""

    @property
    def is_measured(self):
        return bool(self.swift or self.python or self.command)


SERVER = "tools/server/tests"
CLIENT = "tools/python/tests"
COMMAND = "tools/command/tests"

PROMISES = [
    Promise("R1", "Recording", "kill -9 of a trainer loses 0 acknowledged runs of 1,000 kills", swift="JournalKillTests"),
    Promise("R2", "Recording", "kill -9 of an ingest loses 0 acknowledged rows of 1,000 kills; a restart continues",
            swift="IngestProcessTests"),
    Promise("R3", "Recording", "a full disk, a short write or a failed fsync is a clear error; nothing acknowledged is missing",
            swift="MachineFailureTests.withoutRoom|LedgerJournalTests",
            python=(f"{COMMAND}/test_failing_calls.py", f"{SERVER}/test_failing_ledgers.py",
                    f"{SERVER}/test_ledger_disk.py")),
    Promise("R4", "Recording", "a publication that is killed leaves the old file or the new one, whole: 0 of 300 otherwise",
            swift="IngestProcessTests"),
    Promise("R5", "Recording", "shards in any order, repeated or overlapping, give identical table digests",
            swift="IngestTests|ConflictTests"),
    Promise("R6", "Recording", "of two ingests at once the second ends with 75 and names the first; 0 of 100 races corrupt",
            swift="IngestProcessTests"),
    Promise("R7", "Recording", "training again gives the same bits, 10 of 10", swift="RunTrainerTests|TrainerProcessTests"),
    Promise("R8", "Recording", "runs that diverge, give NaN or time out are recorded and left out of means",
            swift="RunTrainerTests|MissingTests"),
    Promise("R9", "Integrity", "flipped bits in an atlas: 0 of 10,000 give a wrong or missing answer without an error",
            swift="AtlasDamageTests"),
    Promise("R10", "Integrity", "truncated, extended, foreign, older, newer and swapped files: a typed error within 1 s",
            swift="ForeignFileTests"),
    Promise("R11", "Integrity", "the file read in Python, HTTP and the export agree bit for bit",
            swift="AtlasReaderTests", python=(f"{SERVER}/test_one_number.py",)),
    Promise("R12", "Integrity", "statistics agree with SciPy, scikit-learn and scikit-posthocs to 1e-9",
            swift="StatisticsTests"),
    Promise("R13", "Integrity", "a saved surrogate predicts the same bits; 5,000 of 5,000 flipped files are refused",
            swift="everyFlippedBitOfAFileIsRefused|ModelFileTests"),
    Promise("R14", "Integrity", "an atlas of every released version answers its golden questions",
            swift="FormatCorpusTests|JournalCorpusTests", note="no version is released yet; files of format 3"),
    Promise("R15", "Server", "Schemathesis, all checks, 100 examples an operation: 0 failures",
            command=("tools/dev", "schemathesis")),
    Promise("R16", "Server", "10,000 malformed requests: 0 × 5xx, 0 crashes, p99 < 50 ms",
            python=(f"{SERVER}/test_malformed.py",)),
    Promise("R17", "Server", "500 injection texts in every parameter reach no SQL of their own",
            python=(f"{SERVER}/test_injection.py",)),
    Promise("R18", "Server", "slow heads, bodies and readers: others' p99 < 200 ms, attackers closed within 60 s",
            python=(f"{SERVER}/test_slow_clients.py",)),
    Promise("R19", "Server", "60 s of load without errors; overload is shed with 429 or 503 and is over within 2 s",
            python=(f"{SERVER}/test_overload.py",)),
    Promise("R20", "Server", "100 swaps under load: 0 failed requests, each answer has one of the two digests",
            python=(f"{SERVER}/test_swap.py",)),
    Promise("R21", "Server", "SIGTERM drains within 10 s; after kill -9 ready within 1 s plus verification",
            python=(f"{SERVER}/test_end.py",)),
    Promise("R22", "Server", "0 of 1,000 forged, expired or oversized tokens accepted; none in a log",
            python=(f"{SERVER}/test_tokens.py",)),
    Promise("R23", "Server", "soak of 10 minutes, before a release of 8 hours (`NASATLAS_SOAK_MINUTES=480`): memory grows "
            "less than 1 MB an hour, descriptors stay flat", python=(f"{SERVER}/test_soak.py",)),
    Promise("R24", "Process", "5,000 random command lines: documented exit statuses, no trap, no partial file",
            python=(f"{COMMAND}/test_random_lines.py",)),
    Promise("R25", "Process", "fuzzed decoders: 0 crashes, hangs over 1 s or growth over 100 MB",
            swift="CraftedAtlasTests|FrameDamageTests|BadLineTests|FilterPropertyTests|ModelFileTests"),
    Promise("R26", "Process", "address and thread sanitizers are clean on the fast suite",
            command=("tools/dev", "sanitizers")),
    Promise("R27", "Process", "the Python client meets restarts, 429, truncated bodies and wrong digests with typed errors",
            python=(f"{CLIENT}/test_connect_faults.py",)),
    Promise("R28", "Sealed values", "0 planted secrets leave by any route, page, chart, export, filter or error text",
            swift="SealTests"),
    Promise("R29", "Starvation", "8 connections with the heaviest requests: p99 of `/live` and `/value` < 50 ms; 1,000 idle "
            "readers cost ≤ 300 MB, others' p99 < 200 ms",
            python=(f"{SERVER}/test_one_against_all.py", f"{SERVER}/test_slow_readers.py")),
    Promise("R30", "Files", "0 of 500 combinations of command and target destroy what the command did not make",
            swift="OutputMatrixTests|OutputTargetTests|PublicationPlaceTests", python=(f"{CLIENT}/test_outputs.py",)),
    Promise("R31", "Files", "a log, a full disk or a closed pipe never ends a process; of 800 flips of a working file 0 are "
            "published as something else", swift="WorkingDamageTests|OutputFailureTests|LogTests|TrainingOutputTests"),
    Promise("R32", "Files", "a machine's failure is never a result: 0 of 50 plans end with fewer completed runs",
            swift="MachineFailureTests"),
]
