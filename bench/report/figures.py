"""What the benchmark programs measured, read back from their JSON."""

import json


class Build:
    """All figures of one compiler's programs."""

    def __init__(self, documents):
        first = documents[0]
        self.compiler = first["compiler"]
        self.host = first["host"]
        self.counter = first["counter"]
        self.counter_step = first["counter_step_ticks"]
        self.ticks_per_second = first["ticks_per_second"]
        self.contestants = {c["name"]: c for c in first["contestants"]}
        self.skipped = []
        self._figures = {}
        for document in documents:
            for skip in document["skipped"]:
                if skip not in self.skipped:
                    self.skipped.append(skip)
            for figure in document["figures"]:
                key = (figure["figure"], figure["contestant"], figure["part"], figure["setting"])
                self._figures[key] = figure

    def get(self, figure, contestant, part="", setting=""):
        """The figure, or None where it wasn't measured."""
        return self._figures.get((figure, contestant, part, setting))

    def median(self, figure, contestant, part="", setting=""):
        found = self.get(figure, contestant, part, setting)
        return None if found is None else found["median"]

    def settings(self, figure):
        """The settings that the figure was measured in, in the order of measuring."""
        return list(dict.fromkeys(k[3] for k in self._figures if k[0] == figure))

    def of(self, figure, part=None, setting=None):
        """{contestant: figure} of all that match."""
        return {key[1]: value for key, value in self._figures.items()
                if key[0] == figure and part in (None, key[2]) and setting in (None, key[3])}

    def peers(self):
        return [c for c in self.contestants.values() if c["peer"]]


def load(paths):
    documents = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            documents.append(json.load(file))
    return Build(documents)


def ticks(value):
    """A number of ticks as one reads it: three digits, more only where they are before the point."""
    if value is None:
        return "–"
    if value < 9.995:
        return f"{value:.2f}"
    if value < 99.95:
        return f"{value:.1f}"
    return f"{value:,.0f}"


def with_spread(figure):
    """The median, and between which values four fifths of the samples lie."""
    if figure is None:
        return "–"
    low, median, high = (ticks(figure[key]) for key in ("low", "median", "high"))
    return median if low == high else f"{median} ({low}–{high})"
