"""Charts as SVG: bars and lines on a logarithmic axis, on a light ground of their own so that they
can be read on any page."""

import math
from xml.sax.saxutils import escape

from report.figures import ticks

INK, GREY, GRID, GROUND = "#1f2933", "#616e7c", "#d9e2ec", "#ffffff"
COLOURS = ("#2f6db5", "#e08a1e", "#3a9d5d", "#b0413e", "#7a5bb0", "#4d7c8a")
OWN = ("HotPath", "Reader::", "StickyReader::", "knhk")
FONT = "font-family='Helvetica, Arial, sans-serif'"


def text(x, y, words, size=13, anchor="start", colour=INK, weight="normal"):
    return (f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' "
            f"fill='{colour}' font-weight='{weight}'>{escape(words)}</text>")


def line(x1, y1, x2, y2, colour=GRID, width=1.0, dashes=""):
    dashed = f" stroke-dasharray='{dashes}'" if dashes else ""
    return (f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}' "
            f"stroke-width='{width}'{dashed}/>")


def page(width, height, title, body):
    head = (f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' "
            f"width='{width}' height='{height}' role='img' {FONT}>")
    ground = f"<rect width='{width}' height='{height}' rx='6' fill='{GROUND}'/>"
    return "\n".join([head, f"<title>{escape(title)}</title>", ground, *body, "</svg>"]) + "\n"


class LogScale:
    """Places values between `start` and `end`, by their logarithm."""

    def __init__(self, values, start, end):
        self.low = math.floor(math.log10(min(values) * 0.8) * 2) / 2  # the least is a bar, too
        self.high = math.ceil(math.log10(max(values)) * 1.0001 * 4) / 4
        if self.high <= self.low:
            self.high = self.low + 1
        self.start, self.end = start, end

    def __call__(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + max(0.0, share) * (self.end - self.start)

    def marks(self):
        for power in range(math.ceil(self.low), math.floor(self.high) + 1):
            yield 10.0 ** power


def mark_name(value):
    return f"{value:g}" if value < 1e3 else f"{value:,.0f}"


def legend(names, x, y):
    body = []
    for index, name in enumerate(names):
        body.append(f"<rect x='{x:.1f}' y='{y - 10}' width='12' height='12' rx='2' "
                    f"fill='{COLOURS[index % len(COLOURS)]}'/>")
        body.append(text(x + 17, y, name, 12))
        x += 34 + 7 * len(name)
    return body


def bars(title, axis, series, reference=None):
    """Horizontal bars, the shortest on top. `series`: {name of a series: {row: figure}}; rows are
    ordered by the first. `reference`: (name, value) of a dashed line. The whiskers are the spread."""
    rows = sorted({row for figures in series.values() for row in figures},
                  key=lambda row: next(f[row]["median"] for f in series.values() if row in f))
    values = [max(f["median"], 0.01) for figures in series.values() for f in figures.values()]
    thick, gap = 13, 9
    step = thick * len(series) + gap
    left, top, width = 260, 84, 900
    height = top + step * len(rows) + 56
    bottom = top + step * len(rows)
    scale = LogScale(values + ([reference[1]] if reference else []), left, width - 90)
    body = [text(20, 32, title, 17, weight="bold")]
    body += legend(series, 20, 58)
    for mark in scale.marks():
        body.append(line(scale(mark), top - 6, scale(mark), bottom))
        body.append(text(scale(mark), bottom + 18, mark_name(mark), 12, "middle", GREY))
    body.append(text((left + width - 90) / 2, bottom + 40, f"{axis} (logarithmic)", 13, "middle"))
    for number, row in enumerate(rows):
        y = top + number * step
        weight = "bold" if row.startswith(OWN) else "normal"
        body.append(text(left - 10, y + step / 2, row, 13, "end", weight=weight))
        for index, figures in enumerate(series.values()):
            if row not in figures:
                continue
            figure, at = figures[row], y + index * thick
            value = max(figure["median"], 0.01)
            colour = COLOURS[index % len(COLOURS)]
            middle = at + (thick - 2) / 2
            body.append(f"<rect x='{left}' y='{at:.1f}' width='{max(1.0, scale(value) - left):.1f}' "
                        f"height='{thick - 2}' fill='{colour}'/>")
            low, high = (scale(max(figure[key], 0.01)) for key in ("low", "high"))
            high = min(high, width - 60)
            body.append(line(low, middle, high, middle, INK, 1.2))
            words = ticks(figure["median"]) if figure["samples"] > 1 else f"{figure['median']:,.0f}"
            body.append(text(max(high, scale(value)) + 6, at + thick - 3, words, 11))
    if reference:
        at = scale(reference[1])
        body.append(line(at, top - 6, at, bottom, COLOURS[3], 1.4, "5 4"))
        body.append(text(at, top - 12, reference[0], 11, "middle", COLOURS[3]))
    return page(width, height, title, body)


def lines(title, across, axis, series):
    """Lines over logarithmic axes. `series`: {name: [(x, figure), ...]}."""
    width, height, left, right, top, bottom = 900, 460, 90, 640, 60, 396
    xs = [x for points in series.values() for x, _ in points]
    ys = [f["median"] for points in series.values() for _, f in points]
    place_x, place_y = LogScale(xs, left, right), LogScale(ys, bottom, top)
    body = [text(20, 32, title, 17, weight="bold")]
    for mark in place_y.marks():
        body.append(line(left, place_y(mark), right, place_y(mark)))
        body.append(text(left - 8, place_y(mark) + 4, mark_name(mark), 12, "end", GREY))
    for mark in place_x.marks():
        body.append(line(place_x(mark), top, place_x(mark), bottom))
        body.append(text(place_x(mark), bottom + 18, mark_name(mark), 12, "middle", GREY))
    body.append(text((left + right) / 2, bottom + 42, f"{across} (logarithmic)", 13, "middle"))
    body.append(text(left, top - 10, f"{axis} (logarithmic)", 12, colour=GREY))
    ends = []
    for index, (name, points) in enumerate(series.items()):
        colour = COLOURS[index % len(COLOURS)]
        path = " ".join(f"{place_x(x):.1f},{place_y(f['median']):.1f}" for x, f in points)
        body.append(f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2'/>")
        for x, figure in points:
            body.append(f"<circle cx='{place_x(x):.1f}' cy='{place_y(figure['median']):.1f}' r='3' "
                        f"fill='{colour}'/>")
        ends.append([place_y(points[-1][1]["median"]), name, colour])
    ends.sort()
    for previous, end in zip(ends, ends[1:]):
        end[0] = max(end[0], previous[0] + 17)  # names that would lie on each other
    for y, name, colour in ends:
        body.append(text(right + 12, y + 4, name, 13, colour=colour, weight="bold"))
    return page(width, height, title, body)


def by_build(builds, figure, part=None, setting=None):
    return {build.compiler: build.of(figure, part, setting) for build in builds}


def draw(builds):
    """{file name: SVG} of all charts."""
    first = builds[0]
    limit = first.median("throughput", "physical limit", "id")
    charts = {
        "throughput.svg": bars(
            "What a read adds: the way to the artifacts", "ticks per read",
            by_build(builds, "throughput", "address")),
        "throughput-id.svg": bars(
            "What a read adds: with a copy of the id", "ticks per read",
            by_build(builds, "throughput", "id"), ("physical limit", limit)),
        "latency.svg": bars(
            "How long a read takes: with a copy of the id", "ticks per read",
            by_build(builds, "latency", "id"),
            ("physical limit", first.median("latency", "physical limit", "id"))),
        "promotion.svg": bars(
            "A whole promotion, readers idle", "ticks per promotion",
            by_build(builds, "promotion", "", "readers idle")),
        "garbage.svg": bars(
            "Replaced snapshots alive beside a stalled reader", "snapshots",
            by_build(builds, "garbage", "", "at the end")),
    }
    paces = first.settings("batch p99.9")
    charts["tail.svg"] = bars(
        f"p99.9 of batches of reads beside a promoter, {first.compiler}", "ticks per batch",
        {pace: first.of("batch p99.9", None, pace) for pace in paces})
    counts = first.settings("registered readers")
    series = {}
    for name in first.of("registered readers"):
        points = [(int(setting.split()[0].replace(",", "")),
                   first.get("registered readers", name, "", setting)) for setting in counts]
        series[name] = [point for point in points if point[1] is not None]
    if series:
        charts["registered.svg"] = lines(
            f"A promotion as the registered readers grow, {first.compiler}", "registered readers",
            "ticks per promotion", series)
    return charts
