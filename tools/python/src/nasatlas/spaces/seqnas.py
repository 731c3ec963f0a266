"""SeqNAS: architectures for sequences of events, of stem, time encoding, encoder, decoder and head."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from nasatlas.errors import NotInSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces.base import BLANKS, Space

KERNELS = ("k1", "k3", "k5", "kwide")
HEADS = (1, 2, 4, 8)
SUBSETS = (("att",), ("gru",), ("conv",), ("att", "gru"), ("att", "conv"), ("gru", "conv"), ("att", "gru", "conv"))
"""Of operations of an encoder layer."""
ENCODER_LAYERS = tuple((subset, heads) for subset in SUBSETS for heads in (HEADS if "att" in subset else (None,)))
"""Pairs of operations and heads of attention."""
DECODER_LAYERS = tuple(itertools.product(HEADS, HEADS))
"""Pairs of heads: among the queries, and to the encoder's output."""
ENCODER_DEPTHS, DECODER_DEPTHS = (0, 1, 2, 4), (0, 1, 2)
POOLINGS = ("avg", "max", "mixed")


class _Architecture(NamedTuple):
    kernel: str | None
    """None without a stem."""
    stem_dropout: bool
    has_time: bool
    encoder: tuple
    decoder: tuple
    pooling: str
    has_spatial_dropout: bool

    @property
    def text(self) -> str:
        stem = "none" if self.kernel is None else self.kernel + "+dropout" * self.stem_dropout
        encoder = ",".join(map(_encoder_text, self.encoder)) or "off"
        decoder = ",".join(map(_decoder_text, self.decoder)) or "off"
        head = self.pooling + "+spatial" * self.has_spatial_dropout
        return f"stem:{stem}/time:{'on' if self.has_time else 'off'}/encoder:{encoder}/decoder:{decoder}/head:{head}"


def _encoder_text(layer: tuple) -> str:
    operations, heads = layer
    return "+".join(f"att{heads}" if one == "att" else one for one in operations)


def _decoder_text(layer: tuple) -> str:
    return f"self{layer[0]}+cross{layer[1]}"


_STEMS = {"none": (None, False),
          **{one + "+dropout" * is_on: (one, is_on) for one in KERNELS for is_on in (False, True)}}
_TIMES = {"off": False, "on": True}
_ENCODERS = {_encoder_text(one): one for one in ENCODER_LAYERS}
_DECODERS = {_decoder_text(one): one for one in DECODER_LAYERS}
_POOLED = {one + "+spatial" * is_on: (one, is_on) for one in POOLINGS for is_on in (False, True)}


class SeqNASSpace(Space):
    """Architectures with or without a stem. Draws have a stem; neighbors have one exactly where their origin does."""

    name = "seqnas"

    @property
    def size(self) -> int:
        return 3_853_617_768

    def canonical(self, text: str) -> str:
        return _read(text).text

    def neighbors(self, architecture: str) -> list[str]:
        return [one.text for one in _neighbors(_read(architecture))]

    def _draw(self, generator: SeededGenerator) -> str:
        kernel = generator.pick(KERNELS)
        stem_dropout, has_time = generator.chance(0.5), generator.chance(0.5)
        depth = generator.pick(ENCODER_DEPTHS[1:]) if generator.chance(0.5) else 0
        encoder = tuple(_encoder_layer(generator) for _ in range(depth))
        depth = generator.pick(DECODER_DEPTHS[1:]) if generator.chance(0.5) else 0
        decoder = tuple((generator.pick(HEADS), generator.pick(HEADS)) for _ in range(depth))
        has_spatial_dropout = generator.chance(0.5)
        return _Architecture(kernel, stem_dropout, has_time, encoder, decoder, generator.pick(POOLINGS),
                             has_spatial_dropout).text


def layers(text: str) -> tuple:
    """The operations of each layer of the encoder, and the heads of each layer of the decoder."""
    found = _read(text)
    return [operations for operations, _ in found.encoder], list(found.decoder)


def _encoder_layer(generator: SeededGenerator) -> tuple:
    subset = generator.pick(SUBSETS)
    return subset, generator.pick(HEADS) if "att" in subset else None


def _neighbors(own: _Architecture):
    """Yields the architectures that differ in one choice, choice by choice."""
    def switched(name):
        return own._replace(**{name: not getattr(own, name)})

    if own.kernel is not None:
        yield from (own._replace(kernel=one) for one in KERNELS if one != own.kernel)
        yield switched("stem_dropout")
    yield switched("has_time")
    yield from (own._replace(encoder=one) for one in _stacks(own.encoder, ENCODER_DEPTHS, ENCODER_LAYERS))
    for place, (subset, heads) in enumerate(own.encoder):
        # Heads stay where both subsets have attention, and are any where only the other one has.
        others = [layer for layer in ENCODER_LAYERS
                  if layer[0] != subset and (None in (heads, layer[1]) or heads == layer[1])]
        if heads is not None:
            others += [(subset, one) for one in HEADS if one != heads]
        yield from (own._replace(encoder=_changed(own.encoder, place, layer)) for layer in others)
    yield from (own._replace(decoder=one) for one in _stacks(own.decoder, DECODER_DEPTHS, DECODER_LAYERS))
    for place, (among, across) in enumerate(own.decoder):
        others = [(one, across) for one in HEADS if one != among] + [(among, one) for one in HEADS if one != across]
        yield from (own._replace(decoder=_changed(own.decoder, place, layer)) for layer in others)
    yield switched("has_spatial_dropout")
    yield from (own._replace(pooling=one) for one in POOLINGS if one != own.pooling)


def _changed(stack: tuple, place: int, layer: tuple) -> tuple:
    return (*stack[:place], layer, *stack[place + 1:])


def _stacks(stack: tuple, depths: tuple, layers: tuple):
    """Yields the stack without its last layers at the depth below, and with any layers appended at the depth above."""
    at = depths.index(len(stack))
    if at:
        yield stack[:depths[at - 1]]
    if at + 1 < len(depths):
        yield from (stack + added for added in itertools.product(layers, repeat=depths[at + 1] - len(stack)))


def _read(text: str) -> _Architecture:
    sections = [part.partition(":") for part in text.strip(BLANKS).lower().split("/")]
    names = ["stem", "time", "encoder", "decoder", "head"]
    if [name for name, _, _ in sections] != names:
        raise NotInSpace(f"{text!r} is not an architecture of seqnas; the form is stem:k5+dropout/time:on/"
                         "encoder:att4+gru,conv/decoder:self2+cross8/head:max+spatial", known=names,
                         remedy="give a text of this form; `off` is an encoder or a decoder without layers")
    values = {name: value for name, _, value in sections}
    encoder = () if values["encoder"] == "off" else tuple(
        _value("encoder", one, _ENCODERS) for one in values["encoder"].split(","))
    decoder = () if values["decoder"] == "off" else tuple(
        _value("decoder", one, _DECODERS) for one in values["decoder"].split(","))
    for name, stack, depths in (("encoder", encoder, ENCODER_DEPTHS), ("decoder", decoder, DECODER_DEPTHS)):
        if len(stack) not in depths:
            raise NotInSpace(f"the {name} has {len(stack)} layers; allowed: off, {', '.join(map(str, depths[1:]))}",
                             known=list(depths), remedy="add or remove layers")
    pooling, has_spatial_dropout = _value("head", values["head"], _POOLED)
    return _Architecture(*_value("stem", values["stem"], _STEMS), _value("time", values["time"], _TIMES), encoder,
                         decoder, pooling, has_spatial_dropout)


def _value(name: str, word: str, spellings: dict):
    if word not in spellings:
        raise NotInSpace(f"{name} cannot be {word!r}; allowed: {', '.join(spellings)}", known=list(spellings),
                         remedy="choose one of them")
    return spellings[word]
