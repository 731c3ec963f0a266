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


class Encoder(torch.nn.Module):
    """Tokens to steps of length 1, and to their mean of length 1."""

    def __init__(self, tokens, width):
        super().__init__()
        self.embedding = torch.nn.Embedding(tokens, width)
        self.rnn = torch.nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.project = torch.nn.Linear(2 * width, width)

    def forward(self, codes):
        embedded = self.embedding(codes)
        steps = F.normalize(embedded + self.project(self.rnn(embedded)[0]), dim=-1)
        return steps, F.normalize(steps.mean(1), dim=-1)


class Attention(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query = torch.nn.Linear(width, width, bias=False)
        self.project = torch.nn.Linear(2 * width, width, bias=False)

    def forward(self, x, steps):
        mix = torch.softmax(self.query(x) @ steps.mT, -1) @ steps
        return torch.tanh(self.project(torch.cat([mix, x], -1)))


class Decoder(torch.nn.Module):
    def __init__(self, tokens, width):
        super().__init__()
        self.embedding = torch.nn.Embedding(tokens, width)
        self.rnn = torch.nn.LSTM(width, width, batch_first=True)
        self.attention = Attention(width)
        self.out = torch.nn.Linear(width, tokens)

    def forward(self, before, steps, embedding):
        embedded = self.embedding(before)
        state = embedding.unsqueeze(0)
        x = (embedded + self.rnn(embedded, (state, state))[0]) * 0.5**0.5
        return self.out((x + self.attention(x, steps)) * 0.5**0.5)


class Value(torch.nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.add_module("0", torch.nn.Linear(width, hidden))
        self.add_module("1", torch.nn.Linear(hidden, width))
        self.out = torch.nn.Linear(width, 1)

    def forward(self, x):
        return self.out((x + F.relu(self.get_submodule("1")(F.relu(self.get_submodule("0")(x))))) * 0.5**0.5)


def autoencoder(tokens, positions, width, hidden):
    """The loss of NAO's auto-encoder without dropout, 0.8 squared error and 0.2 negative log-likelihood; without a value
    head, the likelihood alone."""
    case = Case(f"autoencoder.m{width}.{'value' if hidden else 'plain'}", "autoencoder", batch=5, steps=positions,
                width=width, classes=tokens, **({"hidden": hidden} if hidden else {}))
    modules = {"encoder": Encoder(tokens, width), "decoder": Decoder(tokens, width)}
    if hidden:
        modules["value"] = Value(width, hidden)
    module = case.module(torch.nn.ModuleDict(modules), "")
    codes = case.codes("input.tokens", (5, positions), tokens)
    before = torch.cat([torch.zeros_like(codes[:, :1]), codes[:, :-1]], 1)
    steps, embedding = module["encoder"](codes)
    logits = module["decoder"](before, steps, embedding)
    loss = F.nll_loss(torch.log_softmax(logits, -1).reshape(-1, tokens), codes.reshape(-1))
    if not hidden:
        return case.finish(loss, embedding=embedding)
    value = module["value"](embedding).squeeze(-1)
    error = F.mse_loss(value, case.input("input.target", (5,), gradient=False))
    return case.finish(0.8 * error + 0.2 * loss, embedding=embedding, value=value)


def cases():
    yield from (token_embedding(*shape) for shape in ((4, 5), (9, 16)))
    yield from (lstm(*shape) for shape in ((3, 5), (5, 16), (17, 4)))
    yield from (lstm(*shape, initial=True) for shape in ((3, 5), (16, 16)))
    yield from (lstm(*shape, bidirectional=True) for shape in ((4, 3), (5, 16)))
    yield from (step_linear(*shape) for shape in ((5, 3, True), (17, 4, False)))
    yield from (step_normalisation(width) for width in (1, 5))
    yield from (step_attention(*shape) for shape in ((3, 4), (5, 7)))
    yield token_loss(5)
    yield autoencoder(5, 4, 6, 3)
    yield autoencoder(4, 5, 3, None)


if __name__ == "__main__":
    fill.write_cases(PATH, {"oracle": f"torch {torch.__version__.split('+')[0]}"}, list(cases()))
