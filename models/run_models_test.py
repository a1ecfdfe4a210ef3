#!/usr/bin/env python3
"""What run_models.py makes of pan's reports: an incomplete search must never pass for a proof."""

import re
import unittest

import run_models
from catalogue import CONFIGURATIONS, MUTANTS

COMPLETE = "State-vector 124 byte, depth reached 149, errors: 0\n    25267 states, stored\n"
STOPPED = ("Warning: Search not completed\n"
           "State-vector 124 byte, depth reached 149, errors: 1\n      186 states, stored\n"
           "\tinvalid end states\t+\n")
BROKEN = ("pan:1: assertion violated ((a_freed_snapshot_is_never_read)||(x)) (at depth 9)\n" + STOPPED)


class Outcome(unittest.TestCase):
    def test_a_complete_search_keeps_all_promises(self):
        self.assertEqual(run_models.outcome_of(COMPLETE), (25267, None))

    def test_a_broken_promise_is_named(self):
        self.assertEqual(run_models.outcome_of(BROKEN), (186, "a_freed_snapshot_is_never_read"))

    def test_an_incomplete_search_says_nothing(self):
        for sign in ("pan: out of memory", "error: max search depth too small",
                     "Warning: Search not completed"):
            with self.assertRaisesRegex(run_models.Unusable, "incomplete"):
                run_models.outcome_of(f"{sign}\n{COMPLETE}")

    def test_another_error_is_no_broken_promise(self):
        report = "pan:1: assertion violated (newest[0]<12) (at depth 7)\n" + STOPPED
        with self.assertRaisesRegex(run_models.Unusable, "not a promise"):
            run_models.outcome_of(report)

    def test_a_thread_that_waits_for_ever_is_a_broken_promise(self):
        report = "pan:1: invalid end state (at depth 7)\n" + STOPPED
        self.assertEqual(run_models.outcome_of(report), (186, run_models.NOBODY_WAITS))

    def test_an_empty_report_says_nothing(self):
        with self.assertRaises(run_models.Unusable):
            run_models.outcome_of("")


class Catalogue(unittest.TestCase):
    def test_every_promise_is_seen_to_break(self):
        text = (run_models.HERE / "hot_path.pml").read_text(encoding="utf-8")
        promises = {line.split()[2].rstrip(";") for line in text.splitlines()
                    if line.startswith("hidden byte ") and line.count("_") > 2}
        promises.add(run_models.NOBODY_WAITS)
        self.assertEqual(promises, {mutant.caught_by for mutant in MUTANTS} - {None})

    def test_names_are_unique(self):
        names = [entry.name for entry in (*CONFIGURATIONS, *MUTANTS)]
        self.assertEqual(len(names), len(set(names)))

    def test_the_document_names_every_configuration_and_mutant(self):
        document = (run_models.HERE.parent / "docs" / "models.md").read_text(encoding="utf-8")
        rows = set(re.findall(r"^\| `([\w-]+)` \| [^\n]*\|", document, re.MULTILINE))
        families = {configuration.name.split(".")[0] for configuration in CONFIGURATIONS
                    if configuration.size != "deep"}
        promises = {mutant.caught_by for mutant in MUTANTS} - {None}
        self.assertEqual(rows, families | {mutant.name for mutant in MUTANTS} | promises)

    def test_a_survivor_has_a_reason_and_a_caught_mutant_none(self):
        for mutant in MUTANTS:
            self.assertEqual(mutant.caught_by is None, bool(mutant.reason), mutant.name)


if __name__ == "__main__":
    unittest.main()
