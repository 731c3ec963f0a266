"""The table of a benchmark behind FastAPI, as the quickest of what its documentation shows.

    NASATLAS_TABLE=FILE uvicorn fastapi_server:app --workers N --loop uvloop --http httptools

FILE is the SQLite table that tools/bench/server/table.py writes; each worker has one connection. Handlers are
coroutines, for a thread of the pool costs more than the look-up, and give finished responses, which FastAPI neither
validates nor copies.
"""

import os
import sqlite3

from fastapi import FastAPI, HTTPException
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel


class Answer(ORJSONResponse):
    """A class of our own: the framework's warns of its age at every use, which takes time."""


class Batch(BaseModel):
    architectures: list[str]


app = FastAPI(default_response_class=Answer)
connection = sqlite3.connect(f"file:{os.environ['NASATLAS_TABLE']}?mode=ro&immutable=1", uri=True)
FIELDS = ("architecture", "value", "unit", "split", "epoch", "seeds", "kind")
ROW = f"SELECT {', '.join(FIELDS)} FROM scores WHERE dataset = ? AND architecture = ?"
VALUE = "SELECT value FROM scores WHERE dataset = ? AND architecture = ?"


@app.get("/value")
async def value(dataset: str, architecture: str):
    row = connection.execute(ROW, (dataset, architecture)).fetchone()
    if row is None:
        raise HTTPException(404, "there is no such row")
    return Answer(dict(zip(FIELDS, row)))


@app.post("/values")
async def values(dataset: str, batch: Batch):
    found = []
    for architecture in batch.architectures:
        row = connection.execute(VALUE, (dataset, architecture)).fetchone()
        found.append(row and row[0])
    return Answer({"dataset": dataset, "values": found})
