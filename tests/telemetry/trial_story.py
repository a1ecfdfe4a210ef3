"""The story of a promotion that was rolled back by itself, from spans and events that were received.

Which promotion that is, what was received says: an event `knhk.bake.rejected` belongs to its span, and
the span of a rollback links to it. Nothing else is known of the process that told them.
"""

import dataclasses
import textwrap

from collector import attributes_of

WIDTH = 100
INDENT = " " * 2
SHOWN = ("knhk.channel", "knhk.epoch", "knhk.snapshot.id", "knhk.snapshot.previous.id", "knhk.actor",
         "error.type")


class NotReceived(Exception):
    """What should have been received and was not, in words."""


@dataclasses.dataclass
class Attempt:
    """A trace: the span of an attempt, and the spans of its phases in the order they began."""

    span: dict
    phases: list

    @property
    def facts(self):
        return attributes_of(self.span)


@dataclasses.dataclass
class Story:
    promotion: Attempt
    trial: list  # events, in the order they happened
    rollback: Attempt


def story_of(spans, events):
    """Errors: NotReceived, when a part of the story is not there."""
    rejected = {event["spanId"] for event in events if event.get("eventName") == "knhk.bake.rejected"}
    if not rejected:
        raise NotReceived("no event knhk.bake.rejected: no trial ended with a rollback")
    promotion = the_one("span of the promotion that was rejected",
                        [span for span in spans if span["spanId"] in rejected
                         and span["name"] == "knhk.promotion"])
    rollback = the_one("span of a rollback that links to the promotion that was rejected",
                       [span for span in spans if span["name"] == "knhk.rollback"
                        and place_of(promotion) in map(place_of, span.get("links", []))])
    trial = [event for event in events if event["spanId"] == promotion["spanId"]
             and event["eventName"].startswith(("knhk.slo.", "knhk.bake."))]
    return Story(attempt_of(promotion, spans),
                 sorted(trial, key=lambda event: int(event["timeUnixNano"])),
                 attempt_of(rollback, spans))


def place_of(span_or_link):
    return span_or_link["traceId"], span_or_link["spanId"]


def the_one(what, found):
    if len(found) != 1:
        raise NotReceived(f"{len(found) or 'no'} {what}; one was expected")
    return found[0]


def attempt_of(root, spans):
    phases = [span for span in spans if span["traceId"] == root["traceId"]
              and span.get("parentSpanId") == root["spanId"]]
    if not phases:
        raise NotReceived(f"no phase of {root['name']} in trace {root['traceId']}")
    return Attempt(root, sorted(phases, key=lambda span: int(span["startTimeUnixNano"])))


def duration(nanoseconds):
    """`nanoseconds` to three digits, in the unit that suits."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            value = nanoseconds / size
            return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"
    return f"{nanoseconds} ns" if nanoseconds else "0 s"


def fold(text, first=INDENT, rest=None):
    return textwrap.wrap(text, WIDTH, initial_indent=first, break_on_hyphens=False,
                         subsequent_indent=" " * len(first) if rest is None else rest)


def tree_of(attempt):
    """The lines of a trace: its spans with when they began and how long they took, and attributes."""
    begin = int(attempt.span["startTimeUnixNano"])
    names = [attempt.span["name"]]
    names += [("└─ " if span is attempt.phases[-1] else "├─ ") + span["name"]
              for span in attempt.phases]
    width = max(map(len, names))
    lines = [f"{INDENT}trace {attempt.span['traceId']}, span {attempt.span['spanId']}",
             f"{INDENT}{'span':<{width}}  {'begins after':>12}  {'takes':>8}"]
    for name, span in zip(names, [attempt.span, *attempt.phases]):
        after = int(span["startTimeUnixNano"]) - begin
        took = int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])
        lines.append(f"{INDENT}{name:<{width}}  {duration(after):>12}  {duration(took):>8}")
    facts = attempt.facts
    lines += [f"{INDENT}{name:<25}  {facts[name]}" for name in SHOWN if name in facts]
    return lines


def text_of(story):
    """The story in three numbered parts."""
    promotion, rollback = story.promotion.span, story.rollback.span
    lines = ["1. A promotion, as a trace", *tree_of(story.promotion), "",
             "2. What became of it on trial, as events of that span"]
    begin = int(promotion["startTimeUnixNano"])
    for event in story.trial:
        after = duration(int(event["timeUnixNano"]) - begin)
        facts = attributes_of(event)
        lines.append(f"{INDENT}{event['eventName']:<20}  {event['severityText']:<5}  after {after}:"
                     f" {int(facts['knhk.health.outcomes']):,} outcomes so far,"
                     f" {int(facts['knhk.health.failed']):,} failed")
        lines += fold(next(iter(event["body"].values())), INDENT + "  ")
    after = duration(int(rollback["startTimeUnixNano"]) - begin)
    lines += ["", f"3. The rollback that nobody asked for, as a trace; it began {after} after (1)",
              *tree_of(story.rollback),
              *fold(story.rollback.facts.get("knhk.reason", "none"),
                    f"{INDENT}{'knhk.reason':<25}  "),
              f"{INDENT}{'links to':<25}  trace {promotion['traceId']},",
              f"{INDENT}{'':<25}  span {promotion['spanId']}: the promotion (1),"
              f" epoch {story.promotion.facts['knhk.epoch']}"]
    return lines
