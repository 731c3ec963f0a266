"""The pruned event-sequence network of SeqNAS in PyTorch, written to be read: literal per-head layers, no fusion.

Letters: B batch, T events, C categorical features, M numeric features, d embedding width, h hidden width, n heads,
m the width of one part of an encoder layer, L length of the decoder's query.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

OPERATIONS = ("attention", "gru", "convolution")


class MaskedBatchNorm(nn.Module):
    """Batch norm over the real events only. input B×T×M, mask B×T -> B×T×M, zero at padding."""

    def __init__(self, features, epsilon=1e-5, momentum=0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_variance", torch.ones(features))

    def forward(self, values, mask):
        if self.training:
            real = values[mask]
            mean, variance = real.mean(0), real.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_variance.lerp_(real.var(0, unbiased=True), self.momentum)
        else:
            mean, variance = self.running_mean, self.running_variance
        normalised = (values - mean) / torch.sqrt(variance + self.epsilon) * self.weight + self.bias
        return torch.where(mask.unsqueeze(-1), normalised, torch.zeros_like(normalised))


class Stem(nn.Module):
    """codes B×T×C, numeric B×T×M, mask B×T -> B×T×d; categorical features first, then the numeric convolution."""

    def __init__(self, rows, embedding, features, numeric_embedding, kernel, dropout=0.0):
        super().__init__()
        self.embedding = nn.ModuleList(nn.Embedding(count, embedding) for count in rows)
        self.features = features
        if features:
            self.norm = MaskedBatchNorm(features)
            self.conv = nn.Conv1d(
                features, features * numeric_embedding, kernel, padding=kernel // 2, groups=features)
            self.dropout = nn.Dropout(dropout)

    def forward(self, codes, numeric, mask):
        parts = [table(codes[..., feature]) for feature, table in enumerate(self.embedding)]
        if self.features:
            normalised = self.norm(numeric, mask)
            parts.append(self.dropout(self.conv(normalised.transpose(1, 2)).transpose(1, 2)))
        return torch.cat(parts, -1) * mask.unsqueeze(-1)


def time_encoding(times, width):
    """times B×T, padded with 1 -> B×T×width: sine and cosine interleaved."""
    low, high = times.amin(1, keepdim=True), times.amax(1, keepdim=True)
    span = high - low
    scaled = torch.where(span > 0, (times - low) / torch.where(span > 0, span, torch.ones_like(span)), 0 * times)
    even = 2 * (width // 2) + 2
    frequencies = torch.exp(torch.arange(0, even, 2, dtype=times.dtype) * (-math.log(10000.0) / even))
    angles = scaled.unsqueeze(-1) * frequencies
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(-2)[..., :width]


class AttentionHead(nn.Module):
    """scale * softmax(q kᵀ / sqrt(h)) v: queries B×L×m, memory B×T×m -> B×L×h."""

    def __init__(self, width, hidden):
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(width, hidden) for _ in range(3))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, queries, memory):
        q, k, v = self.q(queries), self.k(memory), self.v(memory)
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
        return self.scale * (torch.softmax(scores, -1) @ v)


class Attention(nn.Module):
    """n heads side by side -> layer norm -> one projection back to the width m."""

    def __init__(self, width, hidden, heads):
        super().__init__()
        self.heads = heads
        for head in range(heads):
            self.add_module(f"head{head}", AttentionHead(width, hidden))
        self.norm = nn.LayerNorm(heads * hidden)
        self.project = nn.Linear(heads * hidden, width)

    def forward(self, queries, memory):
        outputs = [getattr(self, f"head{head}")(queries, memory) for head in range(self.heads)]
        return self.project(self.norm(torch.cat(outputs, -1)))


class FeedForward(nn.Module):
    """Layer norm, linear d -> h, dropout, Mish, layer norm, linear h -> d, dropout."""

    def __init__(self, width, hidden, dropout):
        super().__init__()
        self.norm1, self.linear1 = nn.LayerNorm(width), nn.Linear(width, hidden)
        self.norm2, self.linear2 = nn.LayerNorm(hidden), nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        x = F.mish(self.dropout(self.linear1(self.norm1(x))))
        return self.dropout(self.linear2(self.norm2(x)))


class EncoderLayer(nn.Module):
    """Channels cut by the rule of torch.chunk, one operation a part, then the feed-forward block. B×T×d -> B×T×d."""

    def __init__(self, width, hidden, operations, heads=0, dropout=0.1):
        super().__init__()
        self.operations = [name for name in OPERATIONS if name in operations]
        parts = torch.empty(width).chunk(len(self.operations))
        self.norm1 = nn.LayerNorm(width)
        for name, part in zip(self.operations, (len(part) for part in parts), strict=True):
            if name == "attention":
                self.attention = Attention(part, hidden, heads)
            elif name == "gru":
                self.gru = nn.GRU(part, part, batch_first=True)
            else:
                self.convolution = nn.Conv1d(part, part, 3, padding=1)
        self.norm2 = nn.LayerNorm(width)
        self.feedforward = FeedForward(width, hidden, dropout)
        self.dropout = nn.Dropout(dropout)

    def apply_operation(self, name, x):
        if name == "attention":
            return self.attention(x, x)
        if name == "gru":
            return self.gru(x)[0]
        return self.convolution(x.transpose(1, 2)).transpose(1, 2)

    def forward(self, x):
        parts = self.norm1(x).chunk(len(self.operations), -1)
        mixed = torch.cat([self.apply_operation(*pair) for pair in zip(self.operations, parts, strict=True)], -1)
        y = self.dropout(mixed) + x
        return self.feedforward(self.norm2(y)) + y


class DecoderLayer(nn.Module):
    """queries B×L×d, memory B×T×d -> B×L×d."""

    def __init__(self, width, hidden, self_heads, cross_heads, dropout=0.1):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.selfattention = Attention(width, hidden, self_heads)
        self.normquery, self.normmemory = nn.LayerNorm(width), nn.LayerNorm(width)
        self.crossattention = Attention(width, hidden, cross_heads)
        self.norm2 = nn.LayerNorm(width)
        self.feedforward = FeedForward(width, hidden, dropout)
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, memory):
        normalised = self.norm1(queries)
        y = self.dropout(self.selfattention(normalised, normalised)) + queries
        z = self.dropout(self.crossattention(self.normquery(y), self.normmemory(memory))) + y
        return self.feedforward(self.norm2(z)) + z


def pool(x, kind):
    """B×L×d -> B×d: the mean, the maximum or the mean of both over the L positions."""
    if kind == "avg":
        return x.mean(1)
    largest = x.max(1).values
    return largest if kind == "max" else (x.mean(1) + largest) / 2


class Decoder(nn.ModuleList):
    """The learnable query (L×d) and the layers that it passes through."""

    def __init__(self, length, width, layers):
        super().__init__(layers)
        self.query = nn.Parameter(torch.zeros(length, width))

    def forward(self, memory):
        x = self.query.expand(memory.shape[0], -1, -1)
        for layer in self:
            x = layer(x, memory)
        return x


class Head(nn.Module):
    """Mish, optional dropout of whole positions, pooling, linear. B×L×d -> B×classes."""

    def __init__(self, width, classes, pooling, spatial_dropout):
        super().__init__()
        self.pooling, self.spatial_dropout = pooling, spatial_dropout
        self.linear = nn.Linear(width, classes)

    def forward(self, x):
        x = F.mish(x)
        if self.spatial_dropout:
            x = F.dropout1d(x, 0.2, self.training)
        return self.linear(pool(x, self.pooling))


class EventSequenceNet(nn.Module):
    """One architecture of the space.

    encoder: a list of (operations, heads); decoder: a list of (self heads, cross heads); both may be empty.
    """

    def __init__(self, rows, embedding, features, numeric_embedding, hidden, classes, *, kernel=3, stem_dropout=0.0,
                 time=True, encoder=(), decoder=(), query_length=None, pooling="avg", spatial_dropout=False,
                 dropout=0.1):
        super().__init__()
        width = len(rows) * embedding + features * numeric_embedding
        self.time = time
        self.stem = Stem(rows, embedding, features, numeric_embedding, kernel, stem_dropout)
        self.encoder = nn.ModuleList(
            EncoderLayer(width, hidden, operations, heads, dropout) for operations, heads in encoder)
        self.decoder = None
        if decoder:
            layers = [DecoderLayer(width, hidden, own, cross, dropout) for own, cross in decoder]
            self.decoder = Decoder(query_length or classes, width, layers)
        self.head = Head(width, classes, pooling, spatial_dropout)

    def forward(self, codes, numeric, times, lengths):
        mask = torch.arange(times.shape[1]) < lengths.unsqueeze(1)
        x = self.stem(codes, numeric, mask)
        if self.time:
            x = x + time_encoding(times, x.shape[-1])
        for layer in self.encoder:
            x = layer(x)
        if self.decoder is not None:
            x = self.decoder(x)
        return self.head(x)


def distillation_loss(logits, labels, class_weights, teachers):
    """0.8 CE + 0.2 * mean over teachers of 0.5 * MSE; a teacher's rows that hold NaN are skipped.

    logits B×C, labels B, teachers a list of B×C. A teacher without any row contributes 0; without teachers the loss
    is the cross entropy alone.
    """
    entropy = F.cross_entropy(logits, labels, weight=class_weights)
    if not teachers:
        return entropy
    terms = []
    for teacher in teachers:
        known = ~teacher.isnan().any(1)
        terms.append(0.5 * F.mse_loss(logits[known], teacher[known]) if known.any() else logits.sum() * 0)
    return 0.8 * entropy + 0.2 * torch.stack(terms).mean()
