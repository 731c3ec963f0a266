"""The base of all spaces: canonical texts, draws, moves, encodings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from nasatlas.errors import NotInSpace, UnknownName, UnsupportedSpace, WrongArgument
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces.configurations import Choice, Choices

BLANKS = " \t\n\v\f\r"
CHOICES = ("nasbench201", "spikenas", "nats-sss")
"""Built-in spaces of independent choices."""


class Space:
    """A set of architectures. An architecture is a canonical text, which every question takes.

    Only a ChoiceSpace has `parameters`, `parse`, `text`, `places` and `one_hot`; others raise UnsupportedSpace.
    """

    name: str
    kind: str
    """`cell`, `grid`, `sequence` or `size`."""
    published_index: str | None = None
    """The identifier that is the whole number of an architecture in a published table, such as `nats`; None where no
    table numbers architectures."""
    distance_encoding: str | None = None
    """The encoding whose Euclidean distances say which architectures of an atlas are neighbors; None where `neighbors`
    says it."""

    def __repr__(self):
        return f"<Space {self.name} of {'uncounted' if self.size is None else self.size} architectures>"

    @property
    def size(self) -> int | None:
        """The number of architectures; None where parameters are real numbers."""
        raise NotImplementedError

    def canonical(self, given: str | Mapping) -> str:
        """The one spelling of an architecture. `given` is a text in any case and with blanks around it, a published
        index such as `nats:6111`, or a configuration.

            >>> from nasatlas import spaces
            >>> spaces.space("nats-sss").canonical("nats:519")
            '8:16:8:8:64'
            >>> spaces.space("nas-bench-graph").canonical({
            ...     "link": "0,0,1,1", "operation_1": "gcn", "operation_2": "gat", "operation_3": "fc",
            ...     "operation_4": "gin"})
            '0,0,1,1:gcn,gat,gin,fc'

        Raises NotInSpace.
        """
        from nasatlas.reading import names
        if isinstance(given, Mapping):
            given = self._choices.text(given)
        text = given.strip(BLANKS).lower()
        return names.canonical(text, self.name) or self._canonical(given)

    def _canonical(self, text: str) -> str:
        raise NotImplementedError

    # Draws and moves

    def sample(self, count: int = 1, seed: int = 1) -> list[str]:
        """Architectures drawn as the authors of the space do; `nasatlas sample` draws the same with this seed.

            >>> from nasatlas import spaces
            >>> spaces.space("nasbench101").sample(2, seed=7)
            ['v3:1/2:maxpool', 'v5:1.2.3.4/4/3/4:conv1x1,maxpool,maxpool']
        """
        if not _is_whole(count, 1):
            raise _nothing_drawn("count", count, 1)
        generator = _generator(seed, "sample")
        return [self._draw(generator) for _ in range(count)]

    def neighbors(self, architecture: str) -> list[str]:
        """The architectures at one elementary change, each once, in the order of the program. Raises NotInSpace."""
        raise NotImplementedError

    def mutate(self, architecture: str, seed: int = 1) -> str:
        """One of the neighbors, drawn. Different seeds draw different ones. Raises NotInSpace.

            >>> from nasatlas import spaces
            >>> space = spaces.space("nats-sss")
            >>> [space.mutate("8:16:8:8:64", seed=step) for step in range(1, 4)]
            ['8:16:16:8:64', '8:16:8:16:64', '8:16:24:8:64']
        """
        return self._mutated(architecture, _generator(seed, "mutate"))

    def cross_over(self, first: str, second: str, seed: int = 1) -> str:
        """An architecture each of whose choices is drawn from one of the parents. Raises NotInSpace.

            >>> from nasatlas import spaces
            >>> spaces.space("nats-sss").cross_over("8:8:8:8:8", "64:64:64:64:64", seed=1)
            '8:8:64:64:8'
        """
        return self._crossed(first, second, _generator(seed, "cross-over"))

    def _draw(self, generator: SeededGenerator) -> str:
        raise NotImplementedError

    def _mutated(self, architecture: str, generator: SeededGenerator) -> str:
        raise NotImplementedError

    def _crossed(self, first: str, second: str, generator: SeededGenerator) -> str:
        raise NotImplementedError

    # Encodings and names

    @property
    def encodings(self) -> tuple[str, ...]:
        """The names of encodings, the default first; the same as for `nasatlas fit --encoding`.

            >>> from nasatlas import spaces
            >>> spaces.space("seqnas").encodings
            ('avec', 'block-summary', 'sequence')
        """
        return tuple(self._encoders())

    def encode(self, architecture: str, encoding: str | None = None) -> np.ndarray:
        """The architecture as numbers, of shape (n,); `encoding` is one of `encodings`, None the default.

            >>> from nasatlas import spaces
            >>> spaces.space("nats-sss").encode("8:16:8:8:64", "ordinal").tolist()
            [0.0, 1.0, 0.0, 0.0, 7.0]

        Raises NotInSpace, and UnknownName for another encoding.
        """
        encoders = self._encoders()
        name = next(iter(encoders)) if encoding is None else encoding
        if name not in encoders:
            raise UnknownName(f"{self.name} has no encoding {name!r}; known: {', '.join(encoders)}",
                              known=list(encoders), code="spaces.unknown_encoding", remedy="choose one of them with encoding=")
        return np.array(encoders[name](architecture), np.float64)

    def isomorphism_class(self, architecture: str) -> str:
        """The one architecture that stands for all that describe the same network. In most spaces, each stands for
        itself. Raises NotInSpace.

            >>> from nasatlas import spaces
            >>> cell = "|skip_connect~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|"
            >>> spaces.space("nasbench201").isomorphism_class(cell)
            '|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|skip_connect~2|'
        """
        return self.canonical(architecture)

    def identifiers(self, architecture: str) -> dict[str, str]:
        """The names that published tables give the architecture, such as an index or a hash. Raises NotInSpace.

            >>> from nasatlas import spaces
            >>> spaces.space("nats-sss").identifiers("8:16:8:8:64")
            {'nats': '519'}
        """
        self.canonical(architecture)
        return {}

    def traits(self, architecture: str) -> dict[str, float | str]:
        """What filters may ask of the architecture, by field (docs/filters.md). Raises NotInSpace.

            >>> from nasatlas import spaces
            >>> spaces.space("nasbench101").traits("v3:1/2:maxpool")
            {'count(conv3x3-bn-relu)': 0.0, 'count(conv1x1-bn-relu)': 0.0, 'count(maxpool3x3)': 1.0, 'depth': 1.0}
        """
        from nasatlas.spaces import traits
        return traits.by_field(self, self.canonical(architecture))

    def _encoders(self) -> dict[str, Callable]:
        """The functions of an architecture by the name of the encoding, the default first."""
        raise NotImplementedError

    # Choices

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The named choices that configurations are made of; some are active only with certain values of another one.

            >>> from nasatlas import spaces
            >>> [(one.name, one.parent) for one in spaces.space("seqnas").choices][:3]
            [('stem_kernel', None), ('stem_dropout', 'stem_kernel'), ('time_encoding', None)]
        """
        return self._choices.all

    def configuration(self, architecture: str) -> dict:
        """The configuration of an architecture: the values of its active choices, by name. `canonical` reads it.

            >>> from nasatlas import spaces
            >>> spaces.space("nas-bench-graph").configuration("0,0,1,1:gcn,gat,gin,fc")["link"]
            '0,0,1,1'

        Raises NotInSpace.
        """
        text = self.canonical(architecture)
        found = self._choices.configuration(self._choice_text(text))
        if found is None:
            raise NotInSpace(f"no configuration of {self.name} spells the architecture {text!r}",
                             code="spaces.not_spelled", remedy="use the canonical text instead")
        return found

    def without(self, *words: str) -> Space:
        """The space without an operation (`gru`), a choice (`decoder`) or a value (`stem_kernel=none`): exact counts, draws
        as `nasatlas sample --without`.

            >>> from nasatlas import spaces
            >>> space = spaces.space("seqnas").without("gru", "stem_kernel=none")
            >>> space.size
            174335616
            >>> space.sample(1, seed=1)
            ['stem:k3/time:off/encoder:conv/decoder:off/head:max+spatial']

        Raises UnknownName for a word that closes nothing, and UnsupportedSpace where fewer than two architectures are
        left, or the space cannot be restricted.
        """
        from nasatlas.spaces.restricted import RestrictedSpace
        return RestrictedSpace(self, words)

    @property
    def _choices(self) -> Choices:
        raise NotImplementedError

    def _choice_text(self, text: str) -> str:
        """The text by which the template of the choices spells an architecture."""
        return text

    def require_choices(self) -> Space:
        """This space; raises UnsupportedSpace where it is not made of independent choices."""
        self.parameters  # noqa: B018
        return self

    @property
    def parameters(self) -> tuple:
        """The choices that an architecture is made of."""
        raise self._no_choices()

    def parse(self, text: str) -> dict:
        """The choices of a canonical text."""
        raise self._no_choices()

    def text(self, choices: Mapping) -> str:
        """The canonical text of choices."""
        raise self._no_choices()

    def places(self, architecture: str | Mapping) -> list:
        """For each parameter the place of its value, from 0."""
        raise self._no_choices()

    def one_hot(self, architecture: str | Mapping) -> np.ndarray:
        """A slot for each value of each parameter, 1 for the chosen ones."""
        raise self._no_choices()

    def _no_choices(self) -> UnsupportedSpace:
        return UnsupportedSpace(f"an architecture of {self.name} is not made of independent choices; spaces that are: "
                                f"{', '.join(CHOICES)}, and every grid", known=list(CHOICES),
                                remedy="ask with canonical texts, ids or places instead")


def _is_whole(given, least: int) -> bool:
    return isinstance(given, (int, np.integer)) and not isinstance(given, bool) and least <= given < 1 << 64


def _nothing_drawn(what: str, given, least: int) -> WrongArgument:
    return WrongArgument(f"a {what} of {given!r} draws nothing",
                         remedy=f"give a whole number from {least} on, such as sample(5, seed=1)")


def _generator(seed, purpose: str) -> SeededGenerator:
    """The random numbers of a purpose; raises WrongArgument for other seeds than whole numbers."""
    if not _is_whole(seed, 0):
        raise _nothing_drawn("seed", seed, 0)
    return SeededGenerator(int(seed)).stream(purpose)
