"""Forward values and every gradient of the layers over steps -> Tests/NetsTests/Golden/sequence-models.json.

The same rules and the same file format as `layers.py`. Run: python sequence_models.py
"""

import pathlib

import torch
import torch.nn.functional as F

import fill
from layers import Case

PATH = pathlib.Path(__file__).parents[2] / "Tests" / "NetsTests" / "Golden" / "sequence-models.json"


def token_embedding(tokens, width):
    case = Case(f"tokenembedding.v{tokens}.m{width}", "tokenembedding", batch=3, steps=4, classes=tokens, width=width)
    table = case.module(torch.nn.ModuleDict({"embedding": torch.nn.Embedding(tokens, width)}), "")
    return case.finish(table["embedding"](case.codes("input.tokens", (3, 4), tokens)))


def lstm(inputs, width, bidirectional=False, initial=False):
    kind = "bilstm" if bidirectional else "lstm"
    case = Case(f"{kind}.{inputs}.{width}{'.from' if initial else ''}", kind, batch=3, steps=5, fan_in=inputs,
                width=width)
    module = case.module(torch.nn.LSTM(inputs, width, batch_first=True, bidirectional=bidirectional), "rnn.")
    x = case.input("input", (3, 5, inputs))
    if not initial:
        return case.finish(module(x)[0])
    state, cell = case.input("state", (3, width)), case.input("cell", (3, width))
    return case.finish(module(x, (state.unsqueeze(0), cell.unsqueeze(0)))[0])


def step_linear(inputs, outputs, bias):
    case = Case(f"steplinear.{inputs}.{outputs}.{'bias' if bias else 'plain'}", "steplinear", batch=3, steps=4,
                fan_in=inputs, fan_out=outputs, time=bias)
    module = case.module(torch.nn.Linear(inputs, outputs, bias=bias), "linear.")
    return case.finish(module(case.input("input", (3, 4, inputs))))


def step_normalisation(width):
    case = Case(f"stepnormalisation.m{width}", "stepnormalisation", batch=3, steps=4, width=width)
    return case.finish(F.normalize(case.input("input", (3, 4, width)), dim=-1))


def step_attention(width, steps):
    case = Case(f"stepattention.m{width}.t{steps}", "stepattention", batch=3, steps=steps, width=width)
    queries, source = case.input("input", (3, steps, width), 3), case.input("memory", (3, steps, width))
    return case.finish(torch.softmax(queries @ source.transpose(1, 2), -1) @ source)


def token_loss(tokens):
    case = Case(f"tokenloss.v{tokens}", "tokenloss", batch=3, steps=4, classes=tokens)
    logits, codes = case.input("input", (3, 4, tokens), 4), case.codes("input.tokens", (3, 4), tokens)
    return case.finish(F.nll_loss(torch.log_softmax(logits, -1).reshape(-1, tokens), codes.reshape(-1)))


def cases():
    yield from (token_embedding(*shape) for shape in ((4, 5), (9, 16)))
    yield from (lstm(*shape) for shape in ((3, 5), (5, 16), (17, 4)))
    yield from (lstm(*shape, initial=True) for shape in ((3, 5), (16, 16)))
    yield from (lstm(*shape, bidirectional=True) for shape in ((4, 3), (5, 16)))
    yield from (step_linear(*shape) for shape in ((5, 3, True), (17, 4, False)))
    yield from (step_normalisation(width) for width in (1, 5))
    yield from (step_attention(*shape) for shape in ((3, 4), (5, 7)))
    yield token_loss(5)


if __name__ == "__main__":
    fill.write_cases(PATH, {"oracle": f"torch {torch.__version__.split('+')[0]}"}, list(cases()))
