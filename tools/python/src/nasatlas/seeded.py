"""The random numbers of the program, bit for bit: xoshiro256** (Blackman and Vigna, 2018), seeded through SplitMix64.

Sources/Records/SeededGenerator.swift is the same in the program; tests/golden/spaces.json has the expected
results of both.
"""

from __future__ import annotations

from collections.abc import Sequence

_BITS = (1 << 64) - 1


class SeededGenerator:
    """The same seed gives the same numbers on every machine."""

    def __init__(self, seed: int):
        self.seed = seed
        mixed, self._state = seed, []
        for _ in range(4):
            mixed, found = _mixed(mixed)
            self._state.append(found)

    def stream(self, label: str) -> SeededGenerator:
        """A generator for the purpose `label`, independent of this one's position and of other labels."""
        number = 0xCBF29CE484222325
        for byte in label.encode():
            number = (number ^ byte) * 0x100000001B3 & _BITS
        return SeededGenerator(_mixed(self.seed ^ number)[1])

    def next(self) -> int:
        """64 random bits."""
        a, b, c, d = self._state
        found = _turned(b * 5 & _BITS, 7) * 9 & _BITS
        c ^= a
        d ^= b
        self._state = [a ^ d, b ^ c, c ^ (b << 17 & _BITS), _turned(d, 45)]
        return found

    def uniform(self) -> float:
        """A uniform number in [0, 1) with 53 random bits."""
        return (self.next() >> 11) * 2.0 ** -53

    def below(self, bound: int) -> int:
        """A uniform whole number from 0 to `bound` - 1, without bias (Lemire, 2019)."""
        product = self.next() * bound
        if product & _BITS < bound:
            threshold = ((1 << 64) - bound) % bound
            while product & _BITS < threshold:
                product = self.next() * bound
        return product >> 64

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.uniform() < probability

    def pick(self, choices: Sequence):
        """One of the choices, each with the same chance."""
        return choices[self.below(len(choices))]


def _mixed(state: int) -> tuple:
    """The next state of SplitMix64 (Steele, Lea and Flood, 2014), and its number."""
    state = state + 0x9E3779B97F4A7C15 & _BITS
    found = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _BITS
    found = (found ^ found >> 27) * 0x94D049BB133111EB & _BITS
    return state, found ^ found >> 31


def _turned(value: int, by: int) -> int:
    return (value << by | value >> 64 - by) & _BITS
