#!/usr/bin/env python3
"""Tests of what makes docs/performance.md out of figures."""

import pathlib
import sys
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from report import aims, charts, figures, page, tables  # noqa: E402

PERFORMANCE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def figure(name, contestant, part, setting, median, spread=0.0):
    return {"figure": name, "contestant": contestant, "part": part, "setting": setting,
            "unit": "ticks", "median": median, "low": median - spread, "high": median + spread,
            "samples": 9}


def build(*found):
    def contestant(name, is_peer, garbage="bounded", nests=True):
        return {"name": name, "library": "a library", "way": "a way", "garbage": garbage,
                "peer": is_peer, "nests": nests, "gives_artifacts": True}
    return figures.Build([{
        "compiler": "a compiler", "counter": "a counter", "counter_step_ticks": 1.0,
        "ticks_per_second": 1e9, "skipped": [{"what": "a peer", "reason": "it is not there"}],
        "host": {"processor": "p", "cores": 2, "kernel": "k", "architecture": "a"},
        "contestants": [contestant(aims.LIMIT, False), contestant(aims.PIN, False),
                        contestant(aims.QSBR, True, "unbounded"),
                        contestant("never lets go", True, "unbounded", nests=False),
                        contestant("bounded", True, nests=False)],
        "figures": list(found)}])


def aim(key):
    return next(one for one in aims.AIMS if one.key == key)


class Aims(unittest.TestCase):
    def test_a_limit_is_within_the_aim_unless_the_aim_is_strict(self):
        on_it = build(figure("throughput", aims.PIN, "address", "", 3.0))
        self.assertEqual(aims.verdict(aim("pin-ticks"), on_it), ("holds: 3.00 ≤ 3.00", False))
        beside = build(figure("throughput", aims.PIN, "address", "", 3.0),
                       figure("throughput", "bounded", "address", "", 3.0))
        self.assertEqual(aims.verdict(aim("pin-all"), beside), ("**missed**: 3.00 ≥ 3.00", True))

    def test_what_was_not_measured_is_not_judged(self):
        self.assertEqual(aims.verdict(aim("pin-ticks"), build()), ("not measured here", False))

    def test_only_peers_that_nest_or_bound_their_garbage_are_to_be_beaten(self):
        one = build(figure("throughput", aims.PIN, "address", "", 2.0),
                    figure("throughput", aims.QSBR, "address", "", 1.0),
                    figure("throughput", "never lets go", "address", "", 1.0),
                    figure("throughput", "bounded", "address", "", 2.5))
        self.assertEqual(aims.verdict(aim("pin-all"), one), ("holds: 2.00 < 2.50", False))

    def test_a_reason_is_shown_only_while_its_aim_is_missed(self):
        reason = aims.reasons()["publish-bracket"]
        fast, slow = (build(*(figure("publish step", name, "", "beside a reader", ticks)
                              for name, _ in aims.OWN)) for ticks in (2.0, 20.0))
        self.assertIn(reason, tables.aims_table([slow]))
        self.assertNotIn(reason, tables.aims_table([fast]))


class Page(unittest.TestCase):
    def test_every_region_of_the_page_is_filled_and_prose_is_kept(self):
        text = PERFORMANCE.read_text(encoding="utf-8")
        filled = page.fill(text, [FULL], "a date", "a command")
        self.assertIn("a compiler", filled)
        self.assertIn("Left out: a peer", filled)
        self.assertEqual(page.MARK.sub("", filled), page.MARK.sub("", text))
        self.assertEqual(page.fill(filled, [FULL], "a date", "a command"), filled)

    def test_a_page_with_an_unknown_or_a_missing_region_is_refused(self):
        unknown = "<!-- figures: nothing -->\n<!-- end of figures -->"
        with self.assertRaisesRegex(SystemExit, "no figures called nothing"):
            page.fill(unknown, [FULL], "a date", "a command")
        with self.assertRaisesRegex(SystemExit, "no place for"):
            page.fill("", [FULL], "a date", "a command")


class Charts(unittest.TestCase):
    def test_every_chart_is_well_formed_and_shows_every_median(self):
        drawings = charts.draw([FULL])
        self.assertIn("registered.svg", drawings)
        for name, drawing in drawings.items():
            xml.etree.ElementTree.fromstring(drawing)
            self.assertIn(aims.PIN, drawing, name)
        self.assertIn(">1.25<", drawings["throughput.svg"])

    def test_longer_bars_stand_for_larger_values(self):
        scale = charts.LogScale([0.3, 100], 0, 600)
        self.assertLess(0, scale(0.3))
        self.assertLess(scale(0.3), scale(1))
        self.assertLess(scale(1), scale(100))
        self.assertEqual(list(scale.marks())[-1], 100)


def everything():
    found = []
    for name in (aims.LIMIT, aims.PIN):
        for part in ("address", "id"):
            found += [figure("throughput", name, part, "", 1.25), figure("latency", name, part, "", 4)]
            found += [figure("readers", name, part, f"{n} reader{'s' * (n > 1)}", 1) for n in (1, 2)]
        for pace in ("idle", "1 kHz", "back to back"):
            found += [figure(f"batch {p}", name, "address", pace, 90) for p in ("p50", "p99", "p99.9", "worst")]
        for setting in ("alone", "beside a reader"):
            found += [figure(of, name, "", setting, 7) for of in
                      ("publish step", "publish step, bracketed", "publish step, empty bracket")]
        found += [figure("promotion", name, "", "readers idle", 700),
                  figure("garbage", name, "", "most at once", 9),
                  figure("garbage", name, "", "at the end", 1),
                  figure("garbage bytes", name, "", "at the end", 1024),
                  figure("visibility", name, "", "", 600),
                  figure("registered readers", name, "", "1 reader", 700),
                  figure("registered readers", name, "", "1,000 readers", 9000)]
    return build(*found)


FULL = everything()

if __name__ == "__main__":
    unittest.main()
