"""The commands of the program with their options, as the program itself describes them."""

import json
import subprocess
from dataclasses import dataclass

from program import PROGRAM


@dataclass(frozen=True)
class Argument:
    """An option, a flag or a positional argument of a command."""

    kind: str
    name: str
    spellings: tuple
    is_optional: bool
    repeats: bool
    allowed: tuple

    @property
    def takes_value(self):
        return self.kind != "flag"


@dataclass(frozen=True)
class Command:
    """A command that runs; `words` are its names, such as ("evaluate", "predictors")."""

    words: tuple
    arguments: tuple

    @property
    def name(self):
        return " ".join(self.words)

    @property
    def positional(self):
        return [argument for argument in self.arguments if argument.kind == "positional"]

    @property
    def options(self):
        return [argument for argument in self.arguments if argument.kind != "positional"]


def _argument(told):
    spellings = tuple(("--" if name["kind"] == "long" else "-") + name["name"] for name in told.get("names") or [])
    long = [spelling[2:] for spelling in spellings if spelling.startswith("--")]
    return Argument(told["kind"], long[0] if long else told.get("valueName") or "", spellings, told["isOptional"],
                    told["isRepeating"], tuple(told.get("allValues") or ()))


def commands():
    """Every command that runs, the hidden ones too."""
    told = subprocess.run([PROGRAM, "--experimental-dump-help"], capture_output=True, check=True, text=True).stdout

    def walk(command, words):
        below = command.get("subcommands") or []
        for one in below:
            yield from walk(one, (*words, one["commandName"]))
        if not below:
            yield Command(words, tuple(_argument(one) for one in command.get("arguments") or []))

    return list(walk(json.loads(told)["command"], ()))
