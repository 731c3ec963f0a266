"""Random command lines: each is drawn from the grammar, then most are made wrong in one to three ways."""

import random
from dataclasses import dataclass, replace

from words import BOUNDING, NUMBERS, PLACES, STDIN, TEXTS, VALID

FIRST_SEED = 24


@dataclass(frozen=True)
class Line:
    """A command line: the words after the program's name, what is on stdin, and where stdout goes."""

    command: str
    words: tuple
    stdin: str = "nothing"
    is_full: bool = False

    def having(self, words):
        return replace(self, words=tuple(words))


class Lines:
    """The source of lines; the same number always gives the same line."""

    def __init__(self, commands):
        self.commands = commands
        options = [option for command in commands for option in command.options]
        self.spellings = sorted({spelling for option in options for spelling in option.spellings})

    def line(self, number):
        draw = random.Random(f"{FIRST_SEED}:{number}")
        if draw.random() < 0.04:
            words = tuple(self.anything(draw) for _ in range(draw.randrange(0, 6)))
            return Line("", words, self.stdin(draw))
        command = draw.choice(self.commands)
        pieces = self.valid(command, draw)
        if draw.random() < 0.75:
            for _ in range(draw.choice((1, 1, 2, 3))):
                pieces = draw.choice(self.changes)(self, pieces, command, draw)
        words = [part.encode("ascii") for part in command.words]
        if draw.random() < 0.06:
            words = [self.misspelt(words[0], draw), *words[1:]] if draw.random() < 0.7 else words[1:]
        words += [word for piece in pieces for word in piece]
        return Line(command.name, tuple(words), self.stdin(draw), draw.random() < 0.03)

    def stdin(self, draw):
        return draw.choice(list(STDIN)) if draw.random() < 0.15 else "nothing"

    # MARK: Right lines

    def value(self, command, argument, draw):
        if argument.allowed:
            return draw.choice(argument.allowed).encode()
        known = VALID.get(f"{command.words[0]} {argument.name}") or VALID.get(argument.name) or ["x", "1"]
        return draw.choice(known).encode()

    def piece(self, command, option, draw):
        spelling = draw.choice(option.spellings).encode()
        if not option.takes_value:
            return (spelling,)
        value = self.value(command, option, draw)
        return (spelling + b"=" + value,) if draw.random() < 0.1 and spelling.startswith(b"--") else (spelling, value)

    def valid(self, command, draw):
        """Pieces of a line: each is an option with its value, a flag, or a positional argument."""
        pieces = []
        bounding = BOUNDING.get(command.name, set())
        for argument in command.positional:
            times = draw.choice((1, 1, 2)) if argument.repeats else 1
            if not argument.is_optional or draw.random() < 0.7:
                pieces += [(self.value(command, argument, draw),) for _ in range(times)]
        for option in command.options:
            share = 0.01 if option.name in ("help", "version") else 0.3 if option.name == "json" else 0.16
            if not option.is_optional or option.name in bounding or draw.random() < share:
                for _ in range(draw.choice((1, 1, 2)) if option.repeats and option.name not in bounding else 1):
                    pieces.append(self.piece(command, option, draw))
        return pieces

    # MARK: Wrong lines

    def anything(self, draw):
        kind = draw.randrange(5)
        if kind == 0:
            return draw.choice(NUMBERS)
        if kind == 1:
            return draw.choice(PLACES)
        if kind == 2:
            return draw.choice(self.spellings).encode()
        if kind == 3:
            return draw.choice(draw.choice(self.commands).words).encode()
        return draw.choice(TEXTS)

    def misspelt(self, word, draw):
        if len(word) < 2:
            return word + b"x"
        at = draw.randrange(len(word) - 1)
        swapped = word[:at] + word[at + 1:at + 2] + word[at:at + 1] + word[at + 2:]
        shorter, longer = word[:at] + word[at + 1:], word[:at] + b"z" + word[at:]
        return draw.choice((shorter, swapped, longer, word.upper(), word + b"s"))

    def missing(self, pieces, command, draw):
        at = draw.randrange(len(pieces) + 1)
        return [piece for number, piece in enumerate(pieces) if number != at]

    def doubled(self, pieces, command, draw):
        options = [one for one in command.options if one.name != "help"]
        if not options:
            return pieces
        option = draw.choice(options)
        return pieces + [self.piece(command, option, draw), self.piece(command, option, draw)]

    def without_value(self, pieces, command, draw):
        at = draw.randrange(len(pieces) + 1)
        return [piece[:1] if number == at else piece for number, piece in enumerate(pieces)]

    def misspelt_option(self, pieces, command, draw):
        at = draw.randrange(len(pieces) + 1)
        return [(self.misspelt(piece[0], draw), *piece[1:]) if number == at else piece
                for number, piece in enumerate(pieces)]

    def hostile(self, pieces, command, draw):
        """A value that is replaced: by a text, a number or a place that the command does not expect."""
        if not pieces:
            return [(self.anything(draw),)]
        at = draw.randrange(len(pieces))
        value = draw.choice(draw.choice((NUMBERS, TEXTS, PLACES, PLACES)))
        return [(*piece[:-1], value) if number == at else piece for number, piece in enumerate(pieces)]

    def foreign(self, pieces, command, draw):
        """An option of another command."""
        other = draw.choice(self.commands)
        return pieces + [self.piece(other, draw.choice(other.options), draw)] if other.options else pieces

    def stray(self, pieces, command, draw):
        at = draw.randrange(len(pieces) + 1)
        return pieces[:at] + [(self.anything(draw),)] + pieces[at:]

    def shuffled(self, pieces, command, draw):
        return draw.sample(pieces, len(pieces))

    changes = [missing, doubled, without_value, misspelt_option, hostile, hostile, hostile, hostile, foreign, stray,
               shuffled]
