"""Those who watch the demo can tell the whole story of its rollback, and say so when they can't."""

import pathlib
import shutil
import sys
import tempfile
import unittest

from collector import attributes_of
from observed_demo import NotReceived, missing, text_about, watch
from trial_story import WIDTH, duration, story_of
from unittests import run_unless

SECONDS = 0.5  # windows of 100 ms, so that even a busy machine has enough outcomes in each


def make_folder(cleanup):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="knhk-observed-"))
    cleanup(shutil.rmtree, folder, ignore_errors=True)
    return folder


class ObservedDemo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.observed = watch(make_folder(cls.addClassCleanup), SECONDS, quiet=True)
        cls.story, cls.figures = cls.observed.story, cls.observed.figures

    def test_the_rollback_links_to_the_promotion_that_was_rejected(self):
        promotion, rollback = self.story.promotion, self.story.rollback
        self.assertEqual([(link["traceId"], link["spanId"]) for link in rollback.span["links"]],
                         [(promotion.span["traceId"], promotion.span["spanId"])])
        self.assertNotEqual(promotion.span["traceId"], rollback.span["traceId"])
        self.assertEqual((promotion.facts["knhk.epoch"], rollback.facts["knhk.epoch"]), ("4", "5"))
        self.assertEqual(rollback.facts["knhk.snapshot.previous.id"],
                         promotion.facts["knhk.snapshot.id"])
        self.assertEqual(rollback.facts["knhk.snapshot.id"],
                         promotion.facts["knhk.snapshot.previous.id"])
        for attempt in (promotion, rollback):
            self.assertEqual([span["name"].removeprefix(attempt.span["name"] + ".")
                              for span in attempt.phases],
                             ["guard_creation", "ready", "atomic_promotion", "verification"])

    def test_the_trial_has_two_bad_windows_and_its_end_with_the_figures_that_are_the_reason(self):
        names = [event["eventName"] for event in self.story.trial]
        self.assertEqual(names[-3:], ["knhk.slo.breached"] * 2 + ["knhk.bake.rejected"])
        end = attributes_of(self.story.trial[-1])
        reason = self.story.rollback.facts["knhk.reason"]
        self.assertEqual(self.story.trial[-1]["body"]["stringValue"], reason)
        self.assertRegex(reason, r"^SLO violated in epoch 4: \d+ outcomes: error rate [\d.]+ % exceeds "
                                 r"the objective of 0\.1 %")
        self.assertTrue(reason.endswith(f"; {end['knhk.health.outcomes']} outcomes served, "
                                        f"{end['knhk.health.failed']} failed"), reason)

    def test_prometheus_has_the_same_story_in_figures(self):
        last = self.figures.last
        attempts = last["knhk_attempts_total"]
        self.assertEqual(attempts, {
            ("admission", "succeeded"): 3, ("admission", "failed"): 1, ("promotion", "succeeded"): 3,
            ("promotion", "failed"): 2, ("rollback", "succeeded"): 2, ("rollback", "failed"): 0})
        self.assertGreaterEqual(last["knhk_slo_verdicts_total"][("breached",)], 2)
        self.assertEqual(last["knhk_quarantine"], {(): 1})
        failed = attributes_of(self.story.trial[-1])["knhk.health.failed"]
        self.assertGreaterEqual(last["knhk_health_outcomes_total"][("failed",)], int(failed))
        self.assertGreater(last["knhk_reads_total"][("demo",)], 0)
        epochs = [one.epoch for one in self.figures.active]
        self.assertEqual(epochs, sorted(set(epochs)))
        self.assertEqual(epochs[-1], 5)
        self.assertEqual(self.figures.active[-1].snapshot,
                         self.story.rollback.facts["knhk.snapshot.id"])

    def test_both_watched_the_same_process(self):
        self.assertEqual(self.observed.service["service.instance.id"],
                         self.figures.service["service_instance_id"])
        self.assertEqual(self.observed.service["service.name"], "shop")

    def test_what_is_printed_names_all_of_it_and_fits(self):
        lines = text_about(self.observed, None)
        text = "\n".join(lines)
        for line in lines:
            self.assertLessEqual(len(line), WIDTH, line)
        for attempt in (self.story.promotion, self.story.rollback):
            self.assertIn(attempt.span["traceId"], text)
            self.assertIn(f"└─ {attempt.span['name']}.verification", text)
        for word in ("knhk.bake.rejected", "knhk_quarantine", "knhk_active_snapshot",
                     self.observed.collector_url, self.observed.prometheus_url):
            self.assertIn(word, text)

    def test_a_part_that_is_missing_is_named(self):
        spans, events = self.observed.spans, self.observed.events
        rollback = self.story.rollback.span
        promotion = self.story.promotion.span
        unlinked = [{**span, "links": []} if span is rollback else span for span in spans]
        for message, some_spans, some_events in (
                ("no event knhk.bake.rejected", spans,
                 [one for one in events if one["eventName"] != "knhk.bake.rejected"]),
                ("no span of the promotion", [one for one in spans if one is not promotion], events),
                ("no span of a rollback that links", unlinked, events),
                ("no phase of knhk.rollback",
                 [one for one in spans if one.get("parentSpanId") != rollback["spanId"]], events)):
            with self.subTest(message), self.assertRaisesRegex(NotReceived, message):
                story_of(some_spans, some_events)


class Unobserved(unittest.TestCase):
    def test_nothing_is_made_up_for_a_process_that_tells_no_collector(self):
        with self.assertRaisesRegex(NotReceived, "the collector received no spans"):
            watch(make_folder(self.addCleanup), 0.05, quiet=True, OTEL_SDK_DISABLED="true")

    def test_durations_have_three_digits_at_most(self):
        self.assertEqual([duration(value) for value in (0, 80, 1_290, 33_400_000, 909_000_000, 2e9)],
                         ["0 s", "80 ns", "1.29 µs", "33.4 ms", "909 ms", "2.00 s"])


if __name__ == "__main__":
    sys.exit(run_unless(missing()))
