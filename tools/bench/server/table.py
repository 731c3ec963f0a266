"""The table of the peers: what ours answers, a row an architecture."""

import sqlite3

FIELDS = ("dataset", "architecture", "value", "unit", "split", "epoch", "seeds", "kind")


def write(path, atlas, dataset, answer):
    """The values of all architectures of `atlas` for `dataset`; `answer` is one of ours, whose further fields are those
    of every row."""
    database = sqlite3.connect(path)
    database.execute(
        "CREATE TABLE scores (dataset TEXT, architecture TEXT, value REAL, unit TEXT, split TEXT, epoch TEXT, "
        "seeds TEXT, kind TEXT, PRIMARY KEY (dataset, architecture)) WITHOUT ROWID")
    further = [answer[field] for field in FIELDS[3:]]
    database.executemany(
        f"INSERT INTO scores VALUES ({', '.join('?' * len(FIELDS))})",
        ([dataset, text, value, *further] for text, value in
         zip(atlas.architectures, atlas.lookup(dataset=dataset).values().tolist())))
    database.commit()
    database.execute("ANALYZE")
    database.execute("VACUUM")
    database.close()
