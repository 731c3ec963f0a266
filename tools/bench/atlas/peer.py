"""One peer as a process that speaks the protocol on standard input and output.

    peer.py NAME FOLDER

NAME is a module of `peers/`, with a variant after a colon where it has one; FOLDER keeps what `prepare` makes.
"""

import importlib
import pathlib
import sys

from protocol import serve


def main():
    name, folder = sys.argv[1:]
    module, _, variant = name.partition(":")
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subject = importlib.import_module(f"peers.{module}").subject(folder, variant)
    except ImportError as error:
        print(f'{{"error": "not installed: {error.name or error}"}}', flush=True)
        sys.exit(1)
    serve(subject)


main()
