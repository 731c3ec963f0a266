"""The size space of NATS-Bench: five channel counts."""

from __future__ import annotations

from collections.abc import Mapping

from nasatlas.spaces.choices import ChoiceSpace
from nasatlas.spaces.parameters import Parameter


class NATSSizeSpace(ChoiceSpace):
    """32,768 networks, each a channel count of 8, 16, …, 64 for each of five stages."""

    kind = "size"
    published_index = "nats"

    def __init__(self):
        parameters = [Parameter(f"channels_{stage}", tuple(range(8, 65, 8)), True) for stage in range(1, 6)]
        super().__init__("nats-sss", parameters, ["", ":", ":", ":", ":", ""], "[^:]+")

    def identifiers(self, architecture: str | Mapping) -> dict[str, str]:
        return {"nats": str(int("".join(map(str, self.places(architecture))), 8))}
