#!/usr/bin/env python3
"""A side for the orchestrator's tests: `fake.py SUBJECT FOLDER`, where FOLDER's name says how it behaves."""

import json
import pathlib
import sys


def main():
    subject, folder = sys.argv[1:]
    manner = pathlib.Path(folder).name
    for line in sys.stdin:
        word, *arguments = line.split()
        if word == "quit":
            return
        if manner == "dies" and word in ("value", "curve", "rate", "rss"):
            sys.exit(3)
        if manner == "babbles" and word == "load":
            print("Hello", flush=True)
            continue
        if manner == "refuses":
            answer = {"error": "no atlas here"}
        elif word == "prepare":
            answer = {"bytes": {"curves": 7_000_000, "file": 9_000_000}}
        elif word in ("load", "preload"):
            answer = {"ns": 20_000_000, "before_kb": 9_000, "after_kb": 40_000}
        elif word == "rss":
            answer = {"kb": 40_000, "peak_kb": 41_000}
        elif word == "probe":
            answer = {"values": [[1.0, 2.0]] * int(arguments[1])}
        elif word == "rate":
            answer = {"per_s": 300_000}
        elif manner == "forgets":
            answer = {}
        else:
            answer = {"ns": 100.0}
        print(json.dumps(answer), flush=True)


main()
