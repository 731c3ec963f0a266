"""The base of all spaces: canonical texts, draws, neighbors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nasatlas.errors import UnsupportedSpace, WrongArgument
from nasatlas.seeded import SeededGenerator

BLANKS = " \t\n\v\f\r"
CHOICES = ("nasbench201", "spikenas", "nats-sss")
"""Built-in spaces of independent choices."""


class Space:
    """A set of architectures. An architecture is a canonical text, which every question takes.

    Only a ChoiceSpace has `parameters`, `parse`, `text`, `places` and `one_hot`; others raise UnsupportedSpace.
    """

    name: str

    def __repr__(self):
        return f"<Space {self.name} of {self.size} architectures>"

    @property
    def size(self) -> int:
        """The number of architectures."""
        raise NotImplementedError

    def canonical(self, text: str) -> str:
        """The one spelling of the architecture that a text spells, in any case and with blanks around it. Raises
        NotInSpace."""
        raise NotImplementedError

    def neighbors(self, architecture: str) -> list[str]:
        """The architectures at one elementary change, each once, in the order of the program. Raises NotInSpace."""
        raise NotImplementedError

    def sample(self, count: int = 1, seed: int = 1) -> list[str]:
        """Architectures drawn as the authors of the space do; `nasatlas sample` draws the same with this seed.

            >>> from nasatlas import spaces
            >>> spaces.space("nasbench101").sample(2, seed=7)
            ['v3:1/2:maxpool', 'v5:1.2.3.4/4/3/4:conv1x1,maxpool,maxpool']
        """
        for what, given, least in (("count", count, 1), ("seed", seed, 0)):
            if not isinstance(given, (int, np.integer)) or isinstance(given, bool) or not least <= given < 1 << 64:
                raise WrongArgument(f"a {what} of {given!r} draws nothing",
                                    remedy=f"give a whole number from {least} on, such as sample(5, seed=1)")
        generator = SeededGenerator(int(seed)).stream("sample")
        return [self._draw(generator) for _ in range(count)]

    def _draw(self, generator: SeededGenerator) -> str:
        raise NotImplementedError

    # Choices

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
