"""Figures as one reads them."""

from report.figures import ticks


def span(seconds):
    """A time with its unit, three digits."""
    if seconds is None:
        return "–"
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if seconds * factor >= 0.9995 or unit == "µs":
            return f"{ticks(seconds * factor)} {unit}"
    return None


def span_of(figure):
    """The median, and the least and the most where there is more than one."""
    if figure is None:
        return "–"
    text = span(figure["median"])
    if figure["samples"] < 2:
        return text
    return f"{text} ({span(figure['low'])}–{span(figure['high'])})"


def times(ratio):
    return "–" if ratio is None else f"{ticks(ratio)}×"


def size(count):
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= factor:
            return f"{ticks(count / factor)} {unit}"
    return f"{count} bytes"


def milliseconds(figure):
    """For charts: a figure in seconds as one in milliseconds."""
    return {key: value if key == "samples" else value * 1e3 for key, value in figure.items()}
