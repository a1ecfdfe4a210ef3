"""What knhk aims at, as a table; and whether a build's figures hold it."""

import dataclasses
import json
import pathlib
import typing

from report.figures import ticks

ID, PIN, STICKY = "HotPath::current_id", "Reader::pin", "StickyReader::current"
LIMIT, CACHE, QSBR = "physical limit", "arc-swap, Cache", "liburcu, qsbr"
OWN = ((ID, "id"), (PIN, "address"), (STICKY, "address"))


@dataclasses.dataclass(frozen=True)
class Aim:
    key: str
    text: str
    value: typing.Callable   # of a Build: a number, or None where it wasn't measured
    limit: typing.Callable   # likewise
    is_strict: bool = False  # the value must lie below the limit, not on it


def ratio(above, below):
    return None if not above or not below else above / below


def worst(values):
    values = list(values)
    return None if not values or None in values else max(values)


def times(factor, value):
    return None if value is None else factor * value


def fastest_peer(build, admits):
    """Ticks of the fastest read to the artifacts among the peers that are admitted."""
    found = (build.median("throughput", peer["name"], "address") for peer in build.peers()
             if admits(peer))
    return min((value for value in found if value is not None), default=None)


def nests_or_is_bounded(peer):
    """qsbr apart: it nests, its reads cost nothing, and its garbage has no bound."""
    return peer["name"] != QSBR and (peer["nests"] or peer["garbage"] in ("bounded", "none: the promotion waits"))


def read(build, contestant, part):
    return build.median("throughput", contestant, part)


AIMS = (
    Aim("id-ticks", "The id alone: at most 3 ticks",
        lambda b: read(b, ID, "id"), lambda b: 3),
    Aim("id-limit", "The id alone: at most 1.3 times the physical limit with the same kind of copy",
        lambda b: read(b, ID, "id"), lambda b: times(1.3, read(b, LIMIT, "id"))),
    Aim("sticky-ticks", "`StickyReader::current`: at most 2 ticks",
        lambda b: read(b, STICKY, "address"), lambda b: 2),
    Aim("sticky-cache", "`StickyReader::current`: not slower than arc-swap's `Cache`",
        lambda b: read(b, STICKY, "address"), lambda b: read(b, CACHE, "address")),
    Aim("sticky-latency", "`StickyReader::current`: latency less than half of arc-swap's `Cache`",
        lambda b: b.median("latency", STICKY, "address"),
        lambda b: times(0.5, b.median("latency", CACHE, "address")), is_strict=True),
    Aim("pin-ticks", "`Reader::pin` with unpin and nesting test: at most 3 ticks",
        lambda b: read(b, PIN, "address"), lambda b: 3),
    Aim("pin-all", "`Reader::pin`: ahead of every peer that nests or bounds its garbage, liburcu's qsbr "
        "apart",
        lambda b: read(b, PIN, "address"), lambda b: fastest_peer(b, nests_or_is_bounded),
        is_strict=True),
    Aim("pin-scoped", "`Reader::pin`: the same among those that keep nothing between reads",
        lambda b: read(b, PIN, "address"),
        lambda b: fastest_peer(b, lambda p: nests_or_is_bounded(p) and p["name"] != CACHE),
        is_strict=True),
    Aim("two-readers", "Two readers: at most 1.4 times one, by id, pin or sticky",
        lambda b: worst(ratio(b.median("readers", name, part, "2 readers"),
                              b.median("readers", name, part, "1 reader")) for name, part in OWN),
        lambda b: 1.4),
    Aim("publish-row", "The publish step back to back: at most 3 ticks",
        lambda b: b.median("publish step", "Publication::publish", "", "back to back"),
        lambda b: 3),
    Aim("publish-bracket", "The publish step in a bracket, while a reader spins on the word: at most "
        "10 ticks more than the empty bracket",
        lambda b: worst(b.median("publish step", name, "", "beside a reader") for name, _ in OWN),
        lambda b: 10),
    Aim("garbage", "Beside a stalled pin one replaced snapshot is alive after a scan",
        lambda b: b.median("garbage", PIN, "", "at the end"), lambda b: 1),
    Aim("tail", "A reader's p99.9 beside a promoter at 1 kHz: at most 3 times that of an idle one",
        lambda b: worst(ratio(b.median("batch p99.9", name, part, "1 kHz"),
                              b.median("batch p99.9", name, part, "idle")) for name, part in OWN),
        lambda b: 3),
)


def verdict(aim, build):
    """(text, whether it is missed)."""
    value, limit = aim.value(build), aim.limit(build)
    if value is None or limit is None:
        return "not measured here", False
    holds = value < limit if aim.is_strict else value <= limit
    sign = ("<" if aim.is_strict else "≤") if holds else ("≥" if aim.is_strict else ">")
    return f"{'holds' if holds else '**missed**'}: {ticks(value)} {sign} {ticks(limit)}", not holds


def reasons():
    """{key of an aim: why it is missed}, written by hand."""
    path = pathlib.Path(__file__).with_name("reasons.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    unknown = set(found) - {aim.key for aim in AIMS}
    if unknown:
        raise SystemExit(f"{path.name}: no aim is called {', '.join(sorted(unknown))}")
    return found
