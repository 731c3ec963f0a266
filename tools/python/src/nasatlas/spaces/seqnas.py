"""SeqNAS: architectures for sequences of events, of stem, time encoding, encoder, decoder and head."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple

from nasatlas.errors import NotInSpace
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces import seqnas_encodings as encodings
from nasatlas.spaces.base import BLANKS, Space
from nasatlas.spaces.configurations import Choice, Choices
from nasatlas.spaces.seqnas_encodings import HEADS, KERNELS, POOLINGS, SUBSETS

ENCODER_LAYERS = tuple((subset, heads) for subset in SUBSETS for heads in (HEADS if "att" in subset else (None,)))
"""Pairs of operations and heads of attention."""
DECODER_LAYERS = tuple(itertools.product(HEADS, HEADS))
"""Pairs of heads: among the queries, and to the encoder's output."""
ENCODER_DEPTHS, DECODER_DEPTHS = (0, 1, 2, 4), (0, 1, 2)


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


_SWITCHED = ("off", "on")


def _ending(name: str, word: str, *condition) -> Choice:
    """Something that is at the end of a part or not."""
    return Choice(name, _SWITCHED, False, *condition, words={"off": "", "on": word})


def _stack_choices(name: str, depths: tuple, layer) -> list:
    """A part that is on or off, its depth, and the choices of its layers, the first of which spells the layer."""
    deepest = max(depths)
    layers = [layer(number, f"{name}_depth", tuple(depth for depth in depths if depth >= number))
              for number in range(1, deepest + 1)]
    words = {depth: ",".join(f"{{{choices[0].name}}}" for choices in layers[:depth]) for depth in depths[1:]}
    return [Choice(name, _SWITCHED, words={"on": f"{{{name}_depth}}"}),
            Choice(f"{name}_depth", depths[1:], True, name, ("on",), words),
            *itertools.chain(*layers)]


def _encoder_choices(number: int, *condition) -> list:
    operations, heads = f"encoder_{number}_operations", f"encoder_{number}_heads"
    words = {"+".join(subset): "+".join(subset).replace("att", f"att{{{heads}}}")
             for subset in SUBSETS if "att" in subset}
    return [Choice(operations, tuple(map("+".join, SUBSETS)), False, *condition, words=words),
            Choice(heads, HEADS, True, operations, tuple(words))]


def _decoder_choices(number: int, *condition) -> list:
    among, across = f"decoder_{number}_self_heads", f"decoder_{number}_cross_heads"
    return [Choice(among, HEADS, True, *condition, words={count: f"self{count}+cross{{{across}}}" for count in HEADS}),
            Choice(across, HEADS, True, *condition)]


_CHOICES = Choices(
    "seqnas", [Choice("stem_kernel", ("none", *KERNELS), words={one: f"{one}{{stem_dropout}}" for one in KERNELS}),
               _ending("stem_dropout", "+dropout", "stem_kernel", KERNELS), Choice("time_encoding", _SWITCHED),
               *_stack_choices("encoder", ENCODER_DEPTHS, _encoder_choices),
               *_stack_choices("decoder", DECODER_DEPTHS, _decoder_choices),
               Choice("pooling", POOLINGS), _ending("spatial_dropout", "+spatial")],
    "stem:{stem_kernel}/time:{time_encoding}/encoder:{encoder}/decoder:{decoder}/head:{pooling}{spatial_dropout}",
    operations={word: {f"encoder_{number}_operations": tuple("+".join(one) for one in SUBSETS if operation in one)
                       for number in range(1, max(ENCODER_DEPTHS) + 1)}
                for word, operation in (("attention", "att"), ("gru", "gru"), ("conv", "conv"))})
"""Uniform choices are the authors' draw. `stem_kernel` is `none` for data without numeric features, and only for
these."""


class SeqNASSpace(Space):
    """Architectures with or without a stem. Draws have a stem; neighbors have one exactly where their origin does."""

    name = "seqnas"
    kind = "sequence"

    @property
    def size(self) -> int:
        return 3_853_617_768

    def _canonical(self, text: str) -> str:
        return _read(text).text

    @property
    def _choices(self) -> Choices:
        return _CHOICES

    def neighbors(self, architecture: str) -> list[str]:
        own = _read(architecture)
        return [one.text for gene in _genes(own) for one in _at(own, *gene)]

    def _draw(self, generator: SeededGenerator) -> str:
        kernel = generator.pick(KERNELS)
        stem_dropout, has_time = generator.chance(0.5), generator.chance(0.5)
        depth = generator.pick(ENCODER_DEPTHS[1:]) if generator.chance(0.5) else 0
        encoder = tuple(_encoder_layer(generator) for _ in range(depth))
        depth = generator.pick(DECODER_DEPTHS[1:]) if generator.chance(0.5) else 0
        decoder = tuple(_decoder_layer(generator) for _ in range(depth))
        has_spatial_dropout = generator.chance(0.5)
        return _Architecture(kernel, stem_dropout, has_time, encoder, decoder, generator.pick(POOLINGS),
                             has_spatial_dropout).text

    def _mutated(self, architecture: str, generator: SeededGenerator) -> str:
        """Draws one of the choices that have an effect, and another value for it. Appended layers are drawn as in
        `sample`; heads that appear with attention are uniform."""
        own = _read(architecture)
        name, place = generator.pick(_genes(own))
        if name in ("encoder", "decoder"):
            stack = getattr(own, name)
            depths, drawn = _STACKS[name]
            depth = generator.pick(_adjacent(len(stack), depths))
            added = tuple(drawn(generator) for _ in range(depth - len(stack)))
            return own._replace(**{name: stack[:depth] + added}).text
        if name == "operations":
            before, heads = own.encoder[place]
            subset = generator.pick([one for one in SUBSETS if one != before])
            if "att" not in subset:
                heads = None
            elif heads is None:
                heads = generator.pick(HEADS)
            return own._replace(encoder=_changed(own.encoder, place, (subset, heads))).text
        return generator.pick(_at(own, name, place)).text

    def _crossed(self, first: str, second: str, generator: SeededGenerator) -> str:
        """Takes each choice from either parent. Depths are choices; a layer takes its choices from the parents that
        have it. Raises NotInSpace where only one parent has a stem."""
        parents = [_read(first), _read(second)]
        if len({one.kernel is None for one in parents}) > 1:
            raise NotInSpace("only one of the parents has a stem (stem:none), so they are for different data",
                             code="spaces.numeric_features", remedy="give parents of the same kind")
        kernel, dropout = None, False
        if parents[0].kernel is not None:
            kernel, dropout = generator.pick(parents).kernel, generator.pick(parents).stem_dropout
        has_time = generator.pick(parents).has_time
        encoder = []
        for place in range(len(generator.pick(parents).encoder)):
            layers = [one.encoder[place] for one in parents if place < len(one.encoder)]
            subset = generator.pick(layers)[0]
            heads = [one for _, one in layers if one is not None]
            encoder.append((subset, generator.pick(heads) if "att" in subset else None))
        decoder = []
        for place in range(len(generator.pick(parents).decoder)):
            layers = [one.decoder[place] for one in parents if place < len(one.decoder)]
            decoder.append((generator.pick(layers)[0], generator.pick(layers)[1]))
        has_spatial_dropout = generator.pick(parents).has_spatial_dropout
        return _Architecture(kernel, dropout, has_time, tuple(encoder), tuple(decoder), generator.pick(parents).pooling,
                             has_spatial_dropout).text

    def identifiers(self, architecture: str) -> dict[str, str]:
        return {"avec": "".join(map(str, encodings.vector(_read(architecture))))}

    def _encoders(self) -> dict[str, Callable]:
        return {name: lambda architecture, function=function: function(_read(architecture))
                for name, function in encodings.ENCODERS.items()}


def layers(text: str) -> tuple:
    """The operations of each layer of the encoder, and the heads of each layer of the decoder."""
    found = _read(text)
    return [operations for operations, _ in found.encoder], list(found.decoder)


def _encoder_layer(generator: SeededGenerator) -> tuple:
    subset = generator.pick(SUBSETS)
    return subset, generator.pick(HEADS) if "att" in subset else None


def _decoder_layer(generator: SeededGenerator) -> tuple:
    return generator.pick(HEADS), generator.pick(HEADS)


_STACKS = {"encoder": (ENCODER_DEPTHS, _encoder_layer), "decoder": (DECODER_DEPTHS, _decoder_layer)}
"""Depths, and the draw of a layer."""


def _genes(own: _Architecture) -> list:
    """The choices that have an effect: pairs of a name and the place of a layer."""
    found = [] if own.kernel is None else [("kernel", None), ("stem_dropout", None)]
    found += [("has_time", None), ("encoder", None)]
    for place, (_, heads) in enumerate(own.encoder):
        found += [("operations", place)] if heads is None else [("operations", place), ("heads", place)]
    found.append(("decoder", None))
    for place in range(len(own.decoder)):
        found += [("self_heads", place), ("cross_heads", place)]
    return [*found, ("has_spatial_dropout", None), ("pooling", None)]


def _at(own: _Architecture, name: str, place: int | None) -> list:
    """The architectures that differ in one choice alone."""
    if name in ("encoder", "decoder"):
        layers = ENCODER_LAYERS if name == "encoder" else DECODER_LAYERS
        return [own._replace(**{name: one}) for one in _stacks(getattr(own, name), _STACKS[name][0], layers)]
    if name in ("operations", "heads"):
        subset, heads = own.encoder[place]
        # Heads stay where both subsets have attention, and are any where only the other one has.
        others = [(subset, one) for one in HEADS if one != heads] if name == "heads" else [
            layer for layer in ENCODER_LAYERS
            if layer[0] != subset and (None in (heads, layer[1]) or heads == layer[1])]
        return [own._replace(encoder=_changed(own.encoder, place, layer)) for layer in others]
    if name in ("self_heads", "cross_heads"):
        among, across = own.decoder[place]
        others = [(one, across) for one in HEADS if one != among] if name == "self_heads" \
            else [(among, one) for one in HEADS if one != across]
        return [own._replace(decoder=_changed(own.decoder, place, layer)) for layer in others]
    known = {"kernel": KERNELS, "pooling": POOLINGS}.get(name, (False, True))
    return [own._replace(**{name: one}) for one in known if one != getattr(own, name)]


def _changed(stack: tuple, place: int, layer: tuple) -> tuple:
    return (*stack[:place], layer, *stack[place + 1:])


def _adjacent(depth: int, depths: tuple) -> list:
    """The depths below and above."""
    at = depths.index(depth)
    return [*depths[max(at - 1, 0):at], *depths[at + 1:at + 2]]


def _stacks(stack: tuple, depths: tuple, layers: tuple):
    """Yields the stack without its last layers at the depth below, and with any layers appended at the depth above."""
    for depth in _adjacent(len(stack), depths):
        yield from (stack[:depth] + added for added in itertools.product(layers, repeat=max(depth - len(stack), 0)))


def _read(text: str) -> _Architecture:
    if len(text.strip(BLANKS)) in encodings.LENGTHS and not set(text.strip(BLANKS)) - {"0", "1"}:
        return _of_vector(text.strip(BLANKS))
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


def _of_vector(digits: str) -> _Architecture:
    """The architecture of an AVec; raises NotInSpace."""
    slots = digits if len(digits) == encodings.LENGTHS[0] else "00000" + digits
    encoder = [(encodings.choice(slots[10 + 7 * place:17 + 7 * place], SUBSETS),
                slots[38 + 8 * place:46 + 8 * place].count("1") or None) for place in range(slots[6:10].count("1"))]
    decoder = [tuple(slots[first + 8 * place:first + 8 + 8 * place].count("1") for first in (86, 102))
               for place in range(slots[70:72].count("1"))]
    found = _Architecture(
        encodings.choice(slots[:4], KERNELS) if len(digits) == encodings.LENGTHS[0] else None, slots[4] == "1",
        slots[5] == "1", tuple(encoder), tuple(decoder), encodings.choice(slots[119:], POOLINGS), slots[118] == "1")
    if None in (found.pooling, *(subset for subset, _ in encoder)) or len(encoder) not in ENCODER_DEPTHS or \
            "".join(map(str, encodings.vector(found))) != digits:
        raise NotInSpace(f"{digits} is not the vector of an architecture of seqnas",
                         remedy="give the vector of identifiers(...), or a canonical text")
    return found


def _value(name: str, word: str, spellings: dict):
    if word not in spellings:
        raise NotInSpace(f"{name} cannot be {word!r}; allowed: {', '.join(spellings)}", known=list(spellings),
                         remedy="choose one of them")
    return spellings[word]
