"""`knhk demo`, told by those who watched it: a collector of OpenTelemetry's data and a Prometheus.

    observed_demo.py [--seconds S] [--quiet] [--keep FOLDER]

Starts both, runs the demo, and prints the trace of a promotion, its trial, the trace of the automatic
rollback and some figures: all from what these two received, nothing from the process that sent it.
Exits with 0; 1 when a part of that was not received; 77 when something to run it with is missing.
`--keep` leaves what was received in FOLDER. KNHK_BINARY is the command.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import collector
import prometheus_server
from collector import Collector, attributes_of
from prometheus_server import Prometheus, free_port
from scraped_figures import RANGE, figures_of, last_query, table_of
from trial_story import WIDTH, NotReceived, story_of, text_of

BINARY = pathlib.Path(os.environ.get(
    "KNHK_BINARY", pathlib.Path(__file__).resolve().parents[2] / "build/release/bin/knhk"))
SKIPPED = 77
INTERVAL_MS = 50  # of Prometheus's looks, and of what is sent to the collector


class Observed:
    """What was received during one run of the demo, and from whom."""

    def __init__(self, receiver, server):
        received = receiver.received()
        spans, events = receiver.spans(), receiver.events()
        if not spans:
            raise NotReceived("the collector received no spans")
        self.story = story_of(spans, events)
        self.figures = figures_of(server)
        self.service = attributes_of(next(
            line for line in received if line["signal"] == "traces"
        )["request"]["resourceSpans"][0]["resource"])
        self.spans, self.events, self.requests = spans, events, len(received)
        self.collector_url, self.prometheus_url = receiver.url, server.url


def missing():
    """Why the demo can't be watched; nothing when it can be."""
    if problem := prometheus_server.missing():
        return problem
    if problem := collector.install():
        return f"there can be no collector: {problem}; scripts/bootstrap --observe installs node and npm"
    return None


def environment(**variables):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("KNHK_", "OTEL_")) and not name.lower().endswith("_proxy")}
    return {**kept, **variables}


def watch(folder, seconds, quiet, **variables):
    """Runs the demo between a collector and a Prometheus whose data goes to `folder`.

    Returns: what they received. Errors: NotReceived; also when the demo fails.
    `variables` come on top of those that make the demo tell the collector.
    """
    with contextlib.ExitStack() as running:
        receiver = Collector(folder)
        running.callback(receiver.stop)
        port = free_port()
        server = Prometheus(folder, port, INTERVAL_MS)
        running.callback(server.stop)
        server.until_looking()
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_SERVICE_NAME": "shop",
                "OTEL_BSP_SCHEDULE_DELAY": str(INTERVAL_MS),
                "OTEL_METRIC_EXPORT_INTERVAL": str(INTERVAL_MS), **variables}
        command = [str(BINARY), "demo", "--scrape", f"127.0.0.1:{port}", "--seconds", str(seconds)]
        sys.stdout.flush()
        done = subprocess.run(command, env=environment(**told), stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.DEVNULL if quiet else None)
        if done.returncode != 0:
            raise NotReceived(f"knhk demo ended with exit code {done.returncode}")
        return Observed(receiver, server)


def heading(text):
    return ["", f"== {text} ".ljust(WIDTH, "="), ""]


def text_about(observed, folder):
    figures = observed.figures
    lines = heading("what the collector received")
    lines += [f"{len(observed.spans)} spans and {len(observed.events)} events in {observed.requests}"
              f" requests to {observed.collector_url}, each decoded by",
              "OpenTelemetry's own definitions, from service.instance.id"
              f" {observed.service['service.instance.id']}", "", *text_of(observed.story)]
    lines += heading("what Prometheus has")
    lines += [f"{figures.looks} looks, one each {INTERVAL_MS} ms, from {observed.prometheus_url}",
              f"at service_instance_id {figures.service['service_instance_id']};",
              "figures are " + last_query("METRIC"), "", *table_of(figures)]
    if folder:
        lines += ["", f"All that was received: {folder / 'received.jsonl'}; Prometheus's data: "
                      f"{folder / 'data'}"]
    return lines


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0,
                        help="how long each snapshot of the demo is read (2)")
    parser.add_argument("--quiet", action="store_true", help="hide what the demo itself prints")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER",
                        help="leave what was received here")
    return parser.parse_args()


def main():
    wanted = arguments()
    if problem := missing():
        print(f"skipped: {problem}")
        return SKIPPED
    for number in (signal.SIGINT, signal.SIGTERM):  # so that what was started is stopped
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with contextlib.ExitStack() as left:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="knhk-observed-"))
        left.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            observed = watch(folder, wanted.seconds, wanted.quiet)
            problem = None
        except NotReceived as not_received:
            problem = not_received
        if wanted.keep:
            shutil.rmtree(wanted.keep, ignore_errors=True)
            shutil.copytree(folder, wanted.keep)
        if problem:
            print(f"observed_demo: {problem}", file=sys.stderr)
            return 1
        print("\n".join(text_about(observed, wanted.keep)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
