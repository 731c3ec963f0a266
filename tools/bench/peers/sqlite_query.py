"""One value of a curve, straight from the tables of an atlas: the least that an answer needs, nothing verified.

    sqlite_query.py ATLAS CANONICAL_TEXT METRIC SPLIT EPOCH
"""

import hashlib
import sqlite3
import struct
import sys
import zlib

atlas, text, metric, split, epoch = sys.argv[1:]
identifier = hashlib.sha256(f"seqnas\n{text}".encode()).digest()[:16]
count, data, start = sqlite3.connect(f"file:{atlas}?mode=ro&immutable=1", uri=True).execute(
    """
    SELECT b.count, b.data, c.start FROM architectures a JOIN runs r ON r.architecture = a.id
      JOIN curves c ON c.run = r.id JOIN curve_blocks b ON b.id = c.block
    WHERE a.digest = ? AND c.metric = (SELECT id FROM metrics WHERE name = ?)
      AND c.split = (SELECT id FROM splits WHERE name = ?)
    """,
    (identifier, metric, split),
).fetchone()
planes = zlib.decompress(data)
place = start + int(epoch) - 1
print(struct.unpack("<f", bytes(planes[plane * count + place] for plane in range(4)))[0])
