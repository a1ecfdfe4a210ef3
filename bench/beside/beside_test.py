#!/usr/bin/env python3
"""Tests what rdf_bench and shacl_bench do with figures, answers, processes and peers that are missing."""

import os
import pathlib
import sys
import tempfile
import unittest
import unittest.mock
import xml.etree.ElementTree

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from beside import agreement, graphs, judge, page, peers, rdf_page, runs, shacl_page  # noqa: E402
from beside.figures import OWN, Figures  # noqa: E402
from report.page import MARK  # noqa: E402

DOCS = HERE.parent.parent / "docs"
PAGES = {"performance-rdf.md": rdf_page, "performance-shacl.md": shacl_page}


def took(seconds, steps=None, **answer):
    return {"whole": runs.figure([seconds]), "peak_bytes": 1 << 20, "answer": answer,
            "steps": {name: runs.figure([time]) for name, time in (steps or {}).items()}}


def case(group, title, **contestants):
    return {"group": group, "title": title, "facts": {"bytes": 1000},
            "contestants": {rdf_page.UNLIMITED if name == "unlimited" else name: found
                            for name, found in contestants.items()}}


def of(*cases):
    return Figures({"host": {"processor": "p", "cores": 2, "kernel": "k", "architecture": "a"},
                    "versions": {"a peer": "1.0"}, "run_s": 1,
                    "skipped": [{"what": "another", "reason": "it is not there"}],
                    "cases": list(cases)})


def verdict(aims, key, figures):
    return judge.verdict(next(aim for aim in aims if aim.key == key), figures)


SAME = {"missing": 0, "extra": 0, "of_missing": [], "of_extra": []}
OTHER = {"missing": 2, "extra": 0, "of_missing": [["Class", 2]], "of_extra": []}
STEPS = {"load": 1.0, "canonicalize": 2.0, "load shapes": 0.1, "compile": 0.1, "validate": 0.5}
FULL = of(
    case("load", "N-Triples, large",
         knhk=took(2, STEPS, quads=200_000, text_bytes=0, peak_bytes=2_000_000, dataset_bytes=10 ** 6),
         serdi=took(4), n3=took(20, STEPS)),
    case("load", "Turtle, large", knhk=took(2, STEPS), serdi=took(1)),
    case("id", "large", knhk=took(1, STEPS, id="a"), unlimited=took(12, STEPS, id="a")),
    case("hard", "a circle", knhk=took(1, id="b"),
         unlimited={"answer": {}, "failure": "stopped after 20 s", "stopped_s": 20.0}),
    case("hard", "the poison graph", knhk=took(0.5, refused={"code": "work-limit"})),
    case("shacl", "small", knhk=took(1, STEPS, results=5, quads=9),
         Jena=took(12, {"validate": 12.0}, difference=SAME),
         hasty=took(2, {"validate": 2.0}, difference=OTHER)))


class Aims(unittest.TestCase):
    def test_a_figure_on_the_limit_holds_and_one_beyond_is_missed(self):
        def serdi(seconds):
            return of(case("load", "N-Quads", knhk=took(2), serdi=took(seconds)))
        self.assertEqual(verdict(rdf_page.AIMS, "lines", serdi(2))[1], False)
        self.assertEqual(verdict(rdf_page.AIMS, "lines", serdi(1)),
                         ("**missed**: 2.00× > 1.00× (N-Quads)", True))

    def test_the_worst_input_is_judged(self):
        figures = of(case("id", "quick", knhk=took(1), unlimited=took(30)),
                     case("id", "slow", knhk=took(1), unlimited=took(3)))
        self.assertEqual(verdict(rdf_page.AIMS, "canonize", figures),
                         ("**missed**: 3.00× < 10.0× (slow)", True))

    def test_what_was_not_measured_is_not_judged(self):
        for aims in (rdf_page.AIMS, shacl_page.AIMS):
            for aim in aims:
                self.assertEqual(judge.verdict(aim, of()), ("not measured here", False))

    def test_a_graph_that_is_refused_or_never_solved_misses_the_aim_unless_it_is_poison(self):
        refused = took(0.1, refused={"code": "work-limit"})
        stopped = {"answer": {}, "failure": "stopped after 20 s", "stopped_s": 20.0}
        for found in (refused, stopped):
            self.assertTrue(verdict(rdf_page.AIMS, "hard", of(case("hard", "a chain", knhk=found)))[1])
        poison = of(case("hard", "the poison graph", knhk=refused))
        self.assertFalse(verdict(rdf_page.AIMS, "poison", poison)[1])
        solved = of(case("hard", "the poison graph", knhk=took(0.1, id="x")))
        self.assertTrue(verdict(rdf_page.AIMS, "poison", solved)[1])

    def test_a_peer_that_refused_is_not_one_to_compare_with(self):
        refused = took(0.1, refused={"code": "Error"})
        figures = of(case("id", "x", knhk=took(1), unlimited=refused))
        self.assertEqual(verdict(rdf_page.AIMS, "canonize", figures), ("not measured here", False))
        self.assertIn("refused after", rdf_page.seconds(figures, "id"))

    def test_ids_are_the_same_only_where_two_found_one(self):
        for other, said in (({"id": "a"}, "yes"), ({"id": "b"}, "**no**"), ({}, "–")):
            figures = of(case("hard", "x", knhk=took(1, id="a"), unlimited=took(1, **other)))
            self.assertEqual(rdf_page.same_id(figures.cases[0]), said)

    def test_a_peer_with_another_answer_is_not_the_one_to_beat(self):
        self.assertEqual(verdict(shacl_page.AIMS, "whole", FULL),
                         ("holds: 12.0× ≥ 10.0× (Jena, small)", False))

    def test_where_every_peer_was_stopped_the_lead_is_a_bound_and_no_aim_is_judged(self):
        stopped = {"answer": {}, "failure": "stopped after 60 s", "stopped_s": 60.0}
        figures = of(case("shacl", "large", knhk=took(2), Jena=stopped))
        self.assertIn("> 30.0×, all stopped", shacl_page.leads(figures))
        self.assertEqual(verdict(shacl_page.AIMS, "whole", figures), ("not measured here", False))

    def test_memory_is_what_lies_beyond_the_text(self):
        answer = {"quads": 200_000, "text_bytes": 10 ** 7, "dataset_bytes": 0}
        figures = of(case("load", "x", knhk=took(1, peak_bytes=10 ** 7 + 200_000 * 61, **answer)))
        self.assertEqual(verdict(rdf_page.AIMS, "memory", figures)[0],
                         "**missed**: 61.0 bytes > 60.0 bytes (x)")

    def test_every_reason_is_for_an_aim_that_exists(self):
        keys = {aim.key for aims in (rdf_page.AIMS, shacl_page.AIMS) for aim in aims}
        self.assertLessEqual(set(judge.notes()["aims"]), keys)

    def test_a_reason_is_shown_only_while_its_aim_is_missed(self):
        slow = of(case("load", "N-Quads", knhk=took(2), serdi=took(1)))
        with unittest.mock.patch.object(judge, "notes", return_value={"aims": {"lines": "because"}}):
            self.assertIn("because", judge.aims_table(rdf_page.AIMS, slow))
            self.assertNotIn("because", judge.aims_table(rdf_page.AIMS, FULL))


class Pages(unittest.TestCase):
    def test_every_region_is_filled_and_prose_is_kept(self):
        for name, about in PAGES.items():
            text = (DOCS / name).read_text(encoding="utf-8")
            made = {"run": page.run_facts(FULL.document, "a date", "a command")} | about.sections(FULL)
            filled = page.fill(name, text, made)
            self.assertIn("Left out: another", filled)
            self.assertEqual(MARK.sub("", filled), MARK.sub("", text))
            self.assertEqual(page.fill(name, filled, made), filled)

    def test_a_page_with_an_unknown_or_a_missing_region_is_refused(self):
        unknown = "<!-- figures: nothing -->\n<!-- end of figures -->"
        with self.assertRaisesRegex(SystemExit, "no figures called nothing"):
            page.fill("a page", unknown, {})
        with self.assertRaisesRegex(SystemExit, "no place for some"):
            page.fill("a page", "", {"some": ""})

    def test_an_answer_that_differs_says_in_what(self):
        self.assertIn("**differs**: 2 missing (Class 2)", shacl_page.answers(FULL))

    def test_every_chart_is_well_formed_and_named_on_its_page(self):
        for name, about in PAGES.items():
            text = (DOCS / name).read_text(encoding="utf-8")
            for chart, drawing in about.draw(FULL).items():
                xml.etree.ElementTree.fromstring(drawing)
                self.assertIn(OWN, drawing)
                self.assertIn(f"(charts/{chart})", text)


class Agreement(unittest.TestCase):
    def difference(self, own, other):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / name for name in ("own", "other")]
            for path, lines in zip(paths, (own, other)):
                path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            found = agreement.difference(*paths)
            return found["missing"], found["extra"]

    def test_escapes_and_the_case_of_language_tags_make_no_difference(self):
        self.assertEqual(self.difference(['<a>\t<c>\t"\\u00E9"@EN'], ['<a>\t<c>\t"é"@en']), (0, 0))

    def test_repetitions_count(self):
        self.assertEqual(self.difference(["<a>\t<c>\t"], ["<a>\t<c>\t"] * 2), (0, 1))
        self.assertEqual(self.difference(["<a>\t<c>\t"] * 3, ["<a>\t<c>\t<v>"]), (3, 1))


class Runs(unittest.TestCase):
    def test_each_has_its_turns_and_the_order_changes(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            names = "abc"
            runs.rounds([runs.Contestant(name, ("sh", "-c", f"echo {name} >>{log}"), 2 + (name == "a"))
                         for name in names])
            self.assertEqual(log.read_text(encoding="utf-8").split(), list("abc" "bca" "a"))

    def test_one_that_takes_too_long_is_stopped_and_has_no_more_turns(self):
        found = runs.rounds([runs.Contestant("x", ("sleep", "60"), 3, limit_s=0.05)])["x"]
        self.assertEqual(found["failure"], "stopped after 0 s")
        self.assertNotIn("whole", found)

    def test_one_that_fails_says_why(self):
        found = runs.rounds([runs.Contestant("x", ("sh", "-c", "echo SomeError: so >&2; exit 3"))])
        self.assertEqual(found["x"]["failure"], "SomeError: so")
        good = runs.rounds([runs.Contestant("x", ("sh", "-c", "exit 3"), good_codes=(3,))])
        self.assertNotIn("failure", good["x"])

    def test_steps_of_all_turns_are_gathered(self):
        said = """echo '{"quads": 7, "steps": {"load": [1, 3]}}'"""
        found = runs.rounds([runs.Contestant("x", ("sh", "-c", said), 2, is_json=True)])["x"]
        self.assertEqual(found["steps"]["load"]["samples"], 4)
        self.assertEqual(found["answer"], {"quads": 7})


class Inputs(unittest.TestCase):
    def test_hard_graphs_have_the_size_they_are_named_for(self):
        self.assertEqual(graphs.circle(5).count("\n"), 5)
        self.assertEqual(graphs.chain(5).count("\n"), 4)
        self.assertEqual(graphs.equal_list(5).count('"same"'), 5)
        self.assertEqual(graphs.cliques(8, 2).count("\n"), 2 * 8 * 7)

    def test_copies_share_no_blank_node_and_no_name_of_a_building(self):
        text = "_:c14n1 <urn:p> <http://buildsys.org/ontologies/bldg11#x> .\n"
        one, two = (graphs.renamed(text, copy) for copy in (1, 2))
        self.assertFalse(set(one.split()) & set(two.split()) - {"<urn:p>", "."})

    def test_every_fourth_type_is_left_out(self):
        lines = "".join(f"<a{i}> {graphs.TYPE} <c> .\n<a{i}> <urn:p> <b> .\n" for i in range(8))
        kept = graphs.with_fewer_types(lines)
        self.assertEqual((kept.count(graphs.TYPE), kept.count("<urn:p>")), (6, 8))


class Missing(unittest.TestCase):
    def test_a_peer_that_is_missing_is_named_with_a_reason(self):
        with tempfile.TemporaryDirectory() as folder, \
                unittest.mock.patch.dict(os.environ, {"PATH": folder}):
            found = peers.Peers(pathlib.Path(folder) / "peers", installs=True)
        self.assertEqual({skip["what"] for skip in found.skipped},
                         {"serdi", "rapper", "Jena", "n3, rdf-canonize, shacl-engine, rdf-validate-shacl"})
        self.assertTrue(all(skip["reason"] for skip in found.skipped))


if __name__ == "__main__":
    unittest.main()
