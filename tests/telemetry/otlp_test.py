"""What is exported is OTLP to OpenTelemetry's own definitions, and none of it is lost or made up."""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from collector import FOLDER, Collector, attributes_of, install
from unittests import run_unless

PROGRAM = os.environ["KNHK_EXPORTING_PROGRAM"]
PROMOTIONS = 3
TIMEOUT_S = 120


def environment(**variables):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("OTEL_") and not name.lower().endswith("_proxy")}
    return {**kept, **variables}


def run(**variables):
    done = subprocess.run([PROGRAM, str(PROMOTIONS)], env=environment(**variables), text=True,
                          capture_output=True, check=False, timeout=TIMEOUT_S,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


class Otlp(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="knhk-otlp-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def collector(self, *mode):
        running = Collector(self.folder, *mode)
        self.addCleanup(running.stop)
        return running

    def test_the_collector_itself_refuses_what_is_not_otlp(self):
        done = subprocess.run(["node", "--test", "strict.test.mjs"], cwd=FOLDER, text=True,
                              capture_output=True, check=False, timeout=TIMEOUT_S)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"pass 2\d\b")

    def test_each_attempt_is_a_trace_with_its_phases(self):
        collector = self.collector()
        figures = run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        spans = collector.spans()
        names = collections.Counter(span["name"] for span in spans)
        for name, count in (("knhk.admission", PROMOTIONS + 1), ("knhk.promotion", PROMOTIONS),
                            ("knhk.rollback", 1), ("knhk.promotion.atomic_promotion", PROMOTIONS)):
            self.assertEqual(names[name], count, names)
        self.assertEqual(figures["exported"]["traces"], len(spans))
        self.assertEqual(figures["dropped"], 0)
        roots = {span["spanId"]: span for span in spans if "parentSpanId" not in span}
        self.assertEqual(len({span["traceId"] for span in roots.values()}), len(roots))
        for span in spans:
            parent = roots.get(span.get("parentSpanId", span["spanId"]))
            self.assertEqual(parent["traceId"], span["traceId"])
            self.assertLessEqual(int(parent["startTimeUnixNano"]), int(span["startTimeUnixNano"]))
        promoted = [span for span in spans if span["name"] == "knhk.promotion"]
        epochs = sorted(int(attributes_of(span)["knhk.epoch"]) for span in promoted)
        self.assertEqual(epochs, list(range(1, PROMOTIONS + 1)))

    def test_a_refusal_is_an_event_in_its_trace(self):
        collector = self.collector()
        run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        [event] = collector.events()
        self.assertEqual((event["eventName"], event["severityNumber"]),
                         ("knhk.admission.failed", 17))
        self.assertEqual(attributes_of(event)["error.type"], "invariant-failed")
        [failed] = [span for span in collector.spans() if "status" in span]
        self.assertEqual((failed["spanId"], failed["traceId"]), (event["spanId"], event["traceId"]))
        self.assertEqual(failed["status"]["code"], 2)

    def test_metrics_say_what_happened(self):
        collector = self.collector()
        run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        metrics = collector.metrics()
        counts = {tuple(sorted(attributes_of(point).values())): point["asInt"]
                  for point in metrics["knhk.attempts"]["sum"]["dataPoints"]}
        self.assertEqual(counts[("promotion", "succeeded")], str(PROMOTIONS))
        self.assertEqual(counts[("admission", "failed")], "1")
        self.assertEqual(counts[("rollback", "succeeded")], "1")
        self.assertTrue(metrics["knhk.attempts"]["sum"]["isMonotonic"])
        phases = {attributes_of(point)["knhk.phase"]: point["count"]
                  for point in metrics["knhk.phase.duration"]["histogram"]["dataPoints"]}
        self.assertEqual(phases["atomic_promotion"], str(PROMOTIONS + 1))
        self.assertIn("knhk.telemetry.exported", metrics)

    def test_every_request_names_the_service_and_the_exporter(self):
        collector = self.collector()
        run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
            OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20x",
            OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=test,service.name=lost",
            OTEL_SERVICE_NAME="shop")
        received = collector.received()
        self.assertEqual({line["signal"] for line in received}, {"traces", "logs", "metrics"})
        for line in received:
            self.assertEqual(line["headers"]["content-encoding"], "gzip")
            self.assertEqual(line["headers"]["authorization"], "Bearer x")
            self.assertTrue(line["headers"]["user-agent"].startswith("knhk-otlp-exporter/"))
            for outer in line["request"].values():
                resource = attributes_of(outer[0]["resource"])
                self.assertEqual(resource["service.name"], "shop")
                self.assertEqual(resource["deployment.environment.name"], "test")
                self.assertTrue(re.fullmatch(r"[0-9a-f-]{36}", resource["service.instance.id"]))

    def test_a_busy_collector_gets_everything_once(self):
        collector = self.collector("busy", 2)
        figures = run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        self.assertEqual([line["status"] for line in collector.received()],
                         [503, 503, 200, 200, 200])
        spans = collector.spans()
        self.assertEqual(len({span["spanId"] for span in spans}), len(spans))
        self.assertEqual(figures["exported"]["traces"], len(spans))
        self.assertEqual(sum(figures["failed"].values()), 0)

    def test_what_was_taken_in_part_is_not_sent_again(self):
        collector = self.collector("partial", 1)
        figures = run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        self.assertEqual(len(collector.received()), 3)
        self.assertEqual(figures["failed"], {"traces": 1, "metrics": 1, "logs": 1})
        self.assertEqual(figures["exported"]["traces"], len(collector.spans()) - 1)

    def test_each_signal_can_go_elsewhere_or_nowhere(self):
        collector = self.collector()
        run(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=collector.url + "/v1/traces",
            OTEL_METRICS_EXPORTER="none")
        self.assertEqual({line["signal"] for line in collector.received()}, {"traces"})

    def test_nothing_is_sent_unasked(self):
        figures = run()
        self.assertEqual(sum(figures["exported"].values()) + sum(figures["failed"].values()), 0)


if __name__ == "__main__":
    sys.exit(run_unless(install()))
