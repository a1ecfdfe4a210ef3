"""The command tells a collector what it did, when the environment asks for it, and nothing else
changes."""

import json
import pathlib
import re
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "telemetry"))
from collector import Collector, attributes_of, install  # noqa: E402
from knhk_command import CATALOGUE, CONTENT, DONE, SKIPPED, CommandTest, main  # noqa: E402

SHAPES = ("--shapes", CATALOGUE / "shapes.ttl")
V1, V2 = CATALOGUE / "v1.ttl", CATALOGUE / "v2.ttl"


def steady(outcome):
    """What an outcome says, without times, which differ, and digests that depend on them."""
    text = re.sub(r"took [0-9.]+ \S+", "took", outcome.out)
    return outcome.code, re.sub(r"manifest sha256:\w+", "manifest", text)


class Telemetry(CommandTest):
    def setUp(self):
        super().setUp()
        self.place.init()

    def collector(self, *mode):
        running = Collector(self.place.folder, *mode)
        self.addCleanup(running.stop)
        self.place.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = running.url
        return running

    def test_a_promotion_is_told_with_what_it_promoted(self):
        collector = self.collector()
        outcome = self.place.must("promote", V1, *SHAPES, "--channel", "beta", "--reason", "new",
                                  "--json")
        report = json.loads(outcome.out)
        self.assertEqual(outcome.err, "")
        roots = {span["name"]: attributes_of(span) for span in collector.spans()
                 if "parentSpanId" not in span}
        self.assertEqual(set(roots), {"knhk.admission", "knhk.promotion"})
        told = roots["knhk.promotion"]
        self.assertEqual(told["knhk.snapshot.id"], report["snapshot"])
        self.assertEqual(told["knhk.manifest.digest"], report["manifest"])
        self.assertEqual((told["knhk.channel"], told["knhk.actor"], told["knhk.reason"]),
                         ("beta", "tester", "new"))
        self.assertEqual(told["knhk.epoch"], str(report["epoch"]))
        self.assertIn("knhk.attempts", collector.metrics())
        service = attributes_of(collector.received()[0]["request"]["resourceSpans"][0]["resource"])
        self.assertEqual(service["service.name"], "unknown_service:knhk")

    def test_an_admission_that_is_refused_is_told_as_an_event(self):
        collector = self.collector()
        self.place.file("bad.ttl", "@prefix e: <https://example.org/> . e:a a e:C ; e:p 1, 2 .")
        self.place.file("shapes.ttl", "@prefix e: <https://example.org/> . @prefix sh: "
                        "<http://www.w3.org/ns/shacl#> . e:S sh:targetClass e:C ; "
                        "sh:property [ sh:path e:p ; sh:maxCount 1 ] .")
        outcome = self.place.run("admit", "bad.ttl", "--shapes", "shapes.ttl")
        self.assertEqual(outcome.code, CONTENT)
        [event] = collector.events()
        self.assertEqual(event["eventName"], "knhk.admission.failed")
        self.assertIn("Q3", event["body"]["stringValue"])

    def test_an_attempt_that_fails_and_a_rollback_are_told(self):
        self.place.must("promote", V1, *SHAPES)
        self.place.must("promote", V2, *SHAPES)
        collector = self.collector()
        self.place.must("rollback", "--reason", "bad")
        outcome = self.place.run("rollback", "--to", "77", "--reason", "bad")
        self.assertNotEqual(outcome.code, DONE)
        [event] = collector.events()
        self.assertEqual((event["eventName"], attributes_of(event)["error.type"]),
                         ("knhk.rollback.failed", "unknown-epoch"))
        rollbacks = [span for span in collector.spans() if span["name"] == "knhk.rollback"]
        self.assertEqual([span.get("status", {}).get("code", 0) for span in rollbacks], [0, 2])

    def test_nothing_is_sent_unasked_and_verbs_that_only_read_send_nothing(self):
        collector = self.collector()
        self.place.must("validate", V1, *SHAPES)
        self.place.must("status")
        del self.place.variables["OTEL_EXPORTER_OTLP_ENDPOINT"]
        self.place.must("admit", V1, *SHAPES)
        self.place.variables.update(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
                                    OTEL_SDK_DISABLED="true")
        self.place.must("admit", V1, *SHAPES)
        self.assertEqual(collector.received(), [])

    def test_a_collector_that_is_dead_or_hangs_changes_neither_answer_nor_exit_code(self):
        expected = steady(self.place.must("admit", V1, *SHAPES))
        hanging = self.collector("hangs")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            dead = f"http://127.0.0.1:{free.getsockname()[1]}"
        for url in (dead, hanging.url):
            with self.subTest(url=url):
                self.place.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
                outcome = self.place.run("admit", V1, *SHAPES)
                self.assertEqual(steady(outcome),
                                 (expected[0], expected[1].replace("admitted,", "admitted before,")))
                self.assertRegex(outcome.err,
                                 r"\Aknhk: warning: telemetry was not delivered: .*\n\Z")
        self.assertEqual(len(hanging.received("traces")), 1)

    def test_settings_that_cannot_be_used_are_warnings_on_standard_error(self):
        collector = self.collector()
        self.place.variables.update(OTEL_EXPORTER_OTLP_PROTOCOL="grpc",
                                    OTEL_BSP_SCHEDULE_DELAY="soon",
                                    OTEL_EXPORTER_OTLP_HEADERS="secret")
        outcome = self.place.must("admit", V1, *SHAPES)
        lines = outcome.err.splitlines()
        self.assertEqual(len(lines), 3, outcome.err)
        for line in lines:
            self.assertTrue(line.startswith("knhk: warning: OTEL_"), line)
            self.assertNotIn("secret", line)
        self.assertNotEqual(collector.spans(), [])


if __name__ == "__main__":
    problem = install()
    if problem:
        print(f"skipped: no collector to export to: {problem}")
        sys.exit(SKIPPED)
    sys.exit(main())
