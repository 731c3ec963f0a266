"""One value, straight from the tables of an atlas: the least that an answer needs, nothing verified.

    sqlite_query.py ATLAS ARCHITECTURE_ID METRIC SPLIT

The mean of the last values of an architecture's runs in the first setting. Reads frames as docs/file-format.md does.
"""

import pathlib
import re
import sqlite3
import sys

atlas, identifier, metric, split = sys.argv[1:]
page = pathlib.Path(__file__).parents[3] / "docs" / "file-format.md"
exec(re.search(r"```python\n(import json, sqlite3.*?)```", page.read_text(), re.S)[1])

db = sqlite3.connect(f"file:{atlas}?mode=ro&immutable=1", uri=True)
row, = db.execute("SELECT id FROM architectures WHERE digest = ?", (bytes.fromhex(identifier),)).fetchone()
query = """SELECT first_block, blocks FROM columns WHERE setting = 1 AND kind = ? AND name = ?
    AND split IS (SELECT id FROM splits WHERE name = ?)"""
rows = read_rows(db, "run", *db.execute(query, ("run", "architecture", None)).fetchone())
values = read_rows(db, "final", *db.execute(query, ("final", metric, split)).fetchone())
found = [value for architecture, value in zip(rows, values) if architecture == row and value is not None]
print(sum(found) / len(found))
