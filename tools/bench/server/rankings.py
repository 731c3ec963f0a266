"""Pages, fronts and rankings at 64 connections: repeated ones, and distinct ones that are all computed."""

import json
import random
import urllib.parse

from sides import packed

CONNECTIONS = 64
# Distinct questions for all rounds of one figure; a run that would need more fails.
DISTINCT = {"top": 150_000, "pareto": 40_000}


def get(path):
    return packed(("GET", path, None, {}))


def query(path, **words):
    return f"{path}?{urllib.parse.urlencode(words, doseq=True)}"


class Table:
    """What an atlas can be asked: for each setting its measures, the epochs of its curves, and fields with the range of
    their values."""

    def __init__(self, server, name):
        self.base = f"/v1/atlases/{name}"
        about = json.loads(server.ask("GET", self.base)[1])
        self.settings = []
        for setting in about["settings"]:
            words = {"dataset": setting["dataset"], "protocol": setting["protocolName"]}
            measures = [tuple(measure.rsplit(".", 1)) for measure in setting["measures"]]
            place = json.loads(server.ask("GET", query(f"{self.base}/sample", **words))[1])
            text = place["architectures"][0]["canonicalText"]
            epochs = {}
            for metric, split in measures:
                status, body = server.ask("GET", query(
                    f"{self.base}/curve", **words, architecture=text, metric=metric, split=split))
                epochs[metric, split] = json.loads(body)["runs"][0]["epochs"] if status == 200 else []
            fields = {}
            for field in self.fields(about, setting["dataset"], measures):
                values = self.range(server, words, field)
                if values:
                    fields[field] = values
            self.settings.append((words, measures, epochs, fields))

    @staticmethod
    def fields(about, dataset, measures):
        own = [q["name"] for q in about.get("quantities", []) if q.get("dataset") in (None, dataset)]
        return sorted(set(own)) + [f"{metric}.{split}" for metric, split in measures]

    def range(self, server, words, field):
        """The smallest and the largest mean of a field."""
        ends = []
        for direction in ("min", "max"):
            status, body = server.ask(
                "GET", query(f"{self.base}/top", **words, by=f"{field}:{direction}", count=1))
            places = json.loads(body)["places"] if status == 200 else []
            if not places:
                return None
            ends.append(places[0]["value"])
        return ends if ends[0] < ends[1] else None

    def condition(self, draw, fields):
        """One or two comparisons that leave most architectures in."""
        parts = []
        for field in draw.sample(sorted(fields), min(len(fields), draw.choice((1, 2)))):
            low, high = fields[field]
            share = draw.uniform(0.0, 0.3)
            if draw.random() < 0.5:
                parts.append(f"{field} < {high - share * (high - low):.9g}")
            else:
                parts.append(f"{field} > {low + share * (high - low):.9g}")
        return " and ".join(parts)

    def top(self, draw):
        setting, measures, epochs, fields = draw.choice(self.settings)
        metric, split = draw.choice(measures)
        words = {**setting, "metric": metric, "split": split, "where": self.condition(draw, fields)}
        if epochs[metric, split]:
            words["epoch"] = draw.choice(epochs[metric, split])
        return query(f"{self.base}/top", **words)

    def pareto(self, draw):
        setting, _, _, fields = draw.choice(self.settings)
        objectives = draw.sample(sorted(fields), min(len(fields), draw.choice((2, 3))))
        return query(f"{self.base}/pareto", **setting, objective=objectives, where=self.condition(draw, fields))


def distinct(tables, kind, seed):
    """Questions drawn by seed, none twice."""
    draw, seen = random.Random(seed), set()
    while len(seen) < DISTINCT[kind]:
        path = getattr(draw.choice(tables), kind)(draw)
        if path not in seen:
            seen.add(path)
            yield path


def pages(server, names):
    """Pages, tables and charts that a visitor of an atlas opens."""
    found = []
    for name in names:
        base = f"/atlases/{name}"
        text = json.loads(server.ask("GET", query(f"/v1{base}/architectures", limit=1))[1])["architectures"][0]
        found += [base, f"{base}?page=2", f"{base}?order=reversed", f"{base}/charts/distribution",
                  f"{base}/charts/trade-off", query(f"{base}/architecture", a=text["canonicalText"])]
    for path in found:
        status, body = server.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}: {body[:300]}")
    return found
