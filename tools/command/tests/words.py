"""What random command lines are made of: values that commands take, and values that nothing should take."""

# What an option or a positional argument takes, by its name; "COMMAND NAME" is looked up before NAME.
VALID = {
    "atlas": ["small.atlas", "small.atlas", "small.atlas", "table.atlas", "link.atlas", "./folder/../small.atlas"],
    "first": ["small.atlas", "table.atlas"], "second": ["small.atlas", "link.atlas"],
    "atlases": ["small.atlas", "table.atlas"], "sealed": ["small", "table"],
    "name": ["nafld-age4", "cdnow-churn", "physionet2012"],
    "files": ["runs.journal", "table.ndjson"], "working": ["working.sqlite"],
    "publish atlas": ["new.atlas", "small.atlas", "folder/new.atlas", "n"],
    "ingest into": ["new.sqlite", "working.sqlite", "folder/new.sqlite", "n"],
    "merge into": ["new.sqlite", "working.sqlite"], "fit into": ["new.surrogate", "folder/new.surrogate", "n"],
    "out": ["new.atlas", "folder/new.atlas", "n"], "train out": ["new-run", "folder/new-run", "n"],
    "output": ["new.txt", "new.csv", "new.json", "folder/new.tex", "n"], "export-splits": ["new.csv", "n"],
    "title": ["A title", "é"], "prefer": ["FIRST", "SECOND", "corpus"],
    "space": ["seqnas", "nasbench201"], "sample space": ["seqnas", "nasbench201", "nats-sss", "nasbench101"],
    "dataset": ["synthetic-events", "first", "second"], "sample dataset": ["cdnow-churn", "nafld-age4"],
    "train dataset": ["cdnow-churn"], "protocol": ["synthetic", "nine"], "train protocol": ["protocol.json"],
    "metric": ["accuracy", "loss", "accuracy_percent"], "split": ["validation", "test", "train"],
    "epoch": ["best", "last", "1", "2", "best-so-far", "best-so-far:2"], "seed": ["1", "2", "777"],
    "query seed": ["1", "all", "mean"], "count": ["1", "3"], "k": ["1", "5"], "best": ["1", "3"], "limit": ["10",
    "11"],
    "by": ["accuracy.validation", "parameters"], "show": ["parameters", "accuracy.test"],
    "objective": ["accuracy.validation", "parameters", "loss.train"], "target": ["train_seconds", "parameters"],
    "where": ["parameters < 1e6", "seed = 1", "accuracy.test > 0.5 and not (seed = 2)"],
    "architecture": ["stem:k5/time:off/encoder:off/decoder:off/head:avg+spatial", "3b7acc7f4636", "digits:000212",
                     "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|none~1|none~2|"],
    "predictor": ["ridge", "k-nearest-neighbors", "random-forest"], "encoding": ["avec", "block-summary"],
    "transform": ["quantile", "none", "log"], "surrogate": ["small.synthetic-events-accuracy-validation.surrogate"],
    "noise": ["1", "7"], "folds": ["2", "3"], "trials": ["1", "2"], "train-size": ["4", "6"], "test": ["4", "rest"],
    "fidelity": ["2", "3"], "other-dataset": ["second"], "predictions": ["predictions.csv", "predictions.csv:mine"],
    "list": ["0", "3"], "host": ["127.0.0.1"], "port": ["0"], "settings": ["server.conf"],
    "set": ["idle-seconds=5", "log-format=json", "state-folder=new-ledgers", "token-file=notes.txt"],
    "workers": ["1"], "epochs": ["1"], "time-limit": ["5", "0.5"], "hidden": ["8", "16"], "embedding": ["8"],
    "number": ["0", "1"], "folder": ["folder", "new-run"], "source": ["folder", "notes.txt"],
    "subcommands": ["top", "evaluate", "predictors"],
}

# Options without which a command would work for minutes.
BOUNDING = {"train": {"count", "epochs", "workers"}, "evaluate predictors": {"predictor", "trials", "train-size",
            "test"},
            "fit": {"predictor", "folds"}}

# Files and places of the scratch folder: kinds that a command does not expect, and names that are hard.
PLACES = [
    b"folder", b"folder/", b"empty", b"null", b"full", b"zero", b"dangling", b"loop", b"link.atlas", b"linked-folder",
    b"linked-folder/x", b"thesis.md", b"notes.txt", b"server.conf", b"torn.atlas", b"flipped.atlas",
    b"foreign.sqlite",
    b"small.atlas", b"small.atlas.manifest.json", b"table.atlas", b"working.sqlite", b"runs.journal", b"table.ndjson",
    b"torn.journal", b"bad.ndjson", b"long-line.ndjson", b"splits.csv", b"predictions.csv", b"noise.bin",
    b"small.synthetic-events-accuracy-validation.surrogate", b"flipped.surrogate", b"socket", b"missing",
    b"missing/atlas", b"small.atlas/x", b"a name with spaces.atlas", b"latin-\xe9.atlas", b"line\nfeed.ndjson",
    b"no-manifest.atlas", b"other-manifest.atlas", b".", b"..", b"./", b"small.atlas/", b"n" * 300, b"d/" * 3000,
    b"/dev/stdin", b"/dev/stdout", b"/proc/self/fd/1", b"/dev/fd/0", b"/proc/self/mem", b"-", b"~",
    b"file:small.atlas",
    b"protocol.json", b"odd-protocol.json", b"new-file", b"folder/new-file",
]

NUMBERS = [
    b"0", b"-1", b"+1", b"1.5", b"1e3", b"1e309", b"-0", b"nan", b"NaN", b"inf", b"-inf", b"0x10", b"1_000",
    b"1,000", b" 1",
    b"1 ", b"01", b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808", b"18446744073709551615",
    b"18446744073709551616", b"4294967296", b"2147483648", b"1000000", b"1000001", b"65536", b"9" * 400,
    b"0." + b"3" * 400, b"1e-400", "١٢".encode(), "１".encode(), b"two", b"1;2", b"1:2", b"1..3",
]

TEXTS = [
    b"", b" ", b"\t", b"\n", b"a\nb", b"\r", b"\x1b[31mred", b"\x01\x02", b"\x7f", b"\xff\xfe", b"\xc3",
    b"\xed\xa0\x80",
    b"a\xffb", "é".encode(), "e\u0301".encode(), "\u202e\u2066".encode(), "\U0001f4a9".encode(), "\ufeff".encode(),
    "\u2028".encode(), "\U0010ffff".encode(), b"%s%n%99999999d", b"{0}", b"$HOME", b"$(id)", b"'", b'"', b"\\", b"*",
    b"?",
    b"--", b"-", b"---", b"-a", b"-1", b"--=", b"=", b"--json=1", b"true", b"null", b"None", b"all", b"best",
    b"x" * 2_000,
    b"x" * 100_000, b"\xff" * 5_000, "é".encode() * 20_000, b"(" * 5_000, b"not " * 4_000,
    b"not (" * 2_000 + b"seed = 1",
    b"seed = 1 and " * 3_000 + b"seed = 1", b"seed =", b"seed = 'x", b"accuracy.validation > 1e999", b"[[[[",
    b"a[b]:c",
    b"digits:" + b"0" * 5_000, b"digits:999999", b"|a~0|+|b~9|", b"stem:" + b"k5/" * 3_000, b"stem:k5/time:maybe",
    b"0" * 32, b"f" * 11, b"3b7a", b"accuracy", b"accuracy.", b".validation", b"latency[board]", b"latency[",
    b"best-so-far:", b"best-so-far:-1", b"best-so-far:9999999999999999999", b"gp:encoding=", b"ridge:as=", b":::",
    b"a:b:c",
    b"ridge,,ridge", b"x=y", b"port=99999", b"idle-seconds=nan", b"body-bytes=-1", b"connections=1e9",
    b"event-loops=99999999",
    b"log-format=yaml", b"cors-origin=\r\nX: y", b"token-file=zero", b"state-folder=small.atlas", b"state-folder=",
    b"admin-host=999.1.1.1", b"256.256.256.256", b"::1", b"FIRST", b"third", b"predictions.csv:", b":mine",
    b"missing.csv:x",
]

STDIN = {
    "nothing": b"", "text": b"hello\n", "lines": b'{"run":\n' * 50, "bytes": bytes(range(256)) * 40,
    "brackets": b"[" * 100_000, "long line": b"x" * 3_000_000,
}
