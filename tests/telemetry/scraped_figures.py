"""What a Prometheus has of a process that is over: the last it saw of each metric."""

import dataclasses

from prometheus_server import JOB
from trial_story import INDENT, NotReceived, duration

RANGE = "1h"

# What is asked for, and the labels that tell its rows apart.
LAST = (
    ("knhk_attempts_total", ("knhk_action", "knhk_outcome")),
    ("knhk_slo_verdicts_total", ("knhk_verdict",)),
    ("knhk_health_outcomes_total", ("knhk_outcome",)),
    ("knhk_quarantine", ()),
    ("knhk_reads_total", ("knhk_channel",)),
)
OLDEST = "knhk_pin_oldest_age_seconds"
ACTIVE = "knhk_active_snapshot"


@dataclasses.dataclass
class Sighting:
    """A snapshot that was current whenever Prometheus looked between two times."""

    epoch: int
    snapshot: str
    first: float
    last: float
    looks: int


@dataclasses.dataclass
class Figures:
    last: dict  # {metric: {(label's value, ...): number}}
    oldest_pin_s: float
    active: list  # of Sighting, by epoch
    looks: int
    service: dict  # labels of target_info


def last_query(metric):
    return f'last_over_time({metric}{{job="{JOB}"}}[{RANGE}])'


def figures_of(server):
    """Errors: NotReceived, when Prometheus lacks one of the metrics, or the trial's end."""
    last = {metric: {tuple(labels[name] for name in names): value
                     for labels, value in some(server.values(last_query(metric)), metric)}
            for metric, names in LAST}
    oldest = some(server.values(f'max_over_time({OLDEST}{{job="{JOB}"}}[{RANGE}])'), OLDEST)
    active = [Sighting(int(labels["knhk_epoch"]), labels["knhk_snapshot_id"], seen[0][0], seen[-1][0],
                       len(seen))
              for labels, seen in some(server.samples(f'{ACTIVE}{{job="{JOB}"}}[{RANGE}]'), ACTIVE)]
    looks = some(server.values(f'sum_over_time(up{{job="{JOB}"}}[{RANGE}])'), "up")
    service = some(server.values(last_query("target_info")), "target_info")
    if not last["knhk_quarantine"][()]:
        raise NotReceived("Prometheus has nothing in quarantine: it last looked before the rollback")
    return Figures(last, max(value for _, value in oldest),
                   sorted(active, key=lambda one: one.epoch), int(looks[0][1]), service[0][0])


def some(found, metric):
    if not found:
        raise NotReceived(f"Prometheus has no {metric}")
    return found


def table_of(figures):
    rows = [(metric, *" ".join(labels).split(" ", 1), f"{value:,.0f}")
            if len(labels) == 2 else (metric, " ".join(labels), "", f"{value:,.0f}")
            for metric, series in figures.last.items() for labels, value in sorted(series.items())]
    rows.append((OLDEST, "at most", "", duration(round(figures.oldest_pin_s * 1e9))))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = ["4. Figures"]
    before = None
    for row in rows:
        name = row[0] if row[0] != before else ""
        before = row[0]
        lines.append(f"{INDENT}{name:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:<{widths[2]}}"
                     f"  {row[3]:>{widths[3]}}")
    began = min(one.first for one in figures.active)
    lines.append(f"{INDENT}{ACTIVE:<{widths[0]}}  as it changed, from the first look that saw one")
    for one in figures.active:
        lines.append(f"{INDENT}{'':<{widths[0]}}  epoch {one.epoch}  {one.snapshot[:19]}"
                     f"  seen {one.looks:>3} times, {one.first - began:5.2f} s to"
                     f" {one.last - began:5.2f} s")
    return lines
