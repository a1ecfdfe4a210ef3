"""knhk validate --lenient: what of the shapes can't be used is left out and named."""

import json
import unittest

from knhk_command import CONTENT, DONE, USAGE, CommandTest, run_main

SHAPES = """@prefix e: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
e:A sh:targetNode e:a ; sh:nodeKind sh:Literal ; sh:rule [] .
e:B sh:targetNode e:a ; sh:rule [] ; sh:sparql [] ; sh:property [ sh:path e:p ; sh:minCount "x" ] .
e:C sh:targetNode e:a ; sh:not e:B ; sh:flags "i" .
"""
NO_EFFECT = "sh:flags has no effect without sh:pattern: <https://example.org/C>"
LEFT_OUT = (
    "sh:rule is not supported: <https://example.org/A> and 1 more",
    "sh:sparql is not supported: <https://example.org/B>",
    'sh:minCount must be an integer of at least 0, found "x": '
    "<https://example.org/B> (property shape for <https://example.org/p>)",
    "sh:not can't be decided, as something of the shape <https://example.org/B> was left out: "
    "<https://example.org/C>",
)


class Lenient(CommandTest):
    def setUp(self):
        super().setUp()
        self.data = self.place.file("data.ttl", "<https://example.org/a> a <https://example.org/T> .\n")
        self.shapes = self.place.file("shapes.ttl", SHAPES)

    def validate(self, *arguments):
        return self.place.run("validate", self.data, "--shapes", self.shapes, *arguments)

    def test_without_it_the_shapes_are_refused(self):
        self.assert_refused(self.validate(), CONTENT, "unsupported-construct", where="sh:rule")

    def test_as_text_what_is_left_out_stands_before_the_report(self):
        outcome = self.validate("--lenient")
        self.assertEqual(outcome.code, CONTENT)
        head, _, report = outcome.out.partition("\n\n")
        self.assertEqual(head.split("\n"),
                         ["Left out of the shapes:"] + ["  " + line for line in LEFT_OUT])
        self.assertTrue(report.startswith("Does not conform: 1 result (1 violation)\n"), report)
        self.assertEqual(outcome.err, f"knhk: warning: {NO_EFFECT}\n")

    def test_as_json_it_is_an_array(self):
        for arguments in (["--json"], ["--format", "json"]):
            found = json.loads(self.validate("--lenient", *arguments).out)
            self.assertEqual(found["result_count"], 1)
            self.assertEqual([(one["kind"], one["property"], one["shape"])
                              for one in found["left_out"]],
                             [("unsupported", "sh:rule", "<https://example.org/A>"),
                              ("unsupported", "sh:rule", "<https://example.org/B>"),
                              ("unsupported", "sh:sparql", "<https://example.org/B>"),
                              ("ill-formed", "sh:minCount", "<https://example.org/B> (property shape "
                                                            "for <https://example.org/p>)"),
                              ("dependent", "sh:not", "<https://example.org/C>")])
            self.assertTrue(all(one["detail"] for one in found["left_out"]))

    def test_as_json_it_is_empty_where_nothing_is_left_out(self):
        self.shapes.write_text(SHAPES.split("e:A")[0])
        found = json.loads(self.validate("--lenient", "--json").out)
        self.assertEqual((found["conforms"], found["left_out"]), (True, []))
        self.assertNotIn("left_out", json.loads(self.validate("--json").out))

    def test_as_turtle_the_report_is_a_report_and_nothing_else(self):
        outcome = self.validate("--lenient", "--format", "turtle")
        self.assertTrue(outcome.out.startswith("@prefix sh:"), outcome.out)
        self.assertEqual(outcome.out.count("a sh:ValidationResult"), 1)
        self.assertEqual(outcome.err.splitlines(),
                         [f"knhk: warning: {NO_EFFECT}"] +
                         [f"knhk: warning: left out: {line}" for line in LEFT_OUT])
        self.place.file("report.ttl", outcome.out)
        self.place.must("id", "report.ttl")

    def test_evidence_is_never_lenient(self):
        self.place.init()
        outcome = self.place.run("admit", self.data, "--shapes", self.shapes, "--lenient")
        self.assert_refused(outcome, USAGE, "usage", where="--lenient")
        outcome = self.place.run("admit", self.data, "--shapes", self.shapes)
        self.assert_refused(outcome, CONTENT, "unsupported-construct", where="sh:rule")

    def test_shapes_that_are_whole_are_validated_as_without_it(self):
        self.shapes.write_text(SHAPES.split("e:A")[0] + "e:S sh:targetNode e:a ; sh:nodeKind sh:IRI .")
        self.assertEqual(self.validate("--lenient").out, "Conforms\n")
        self.assertEqual(self.validate("--lenient").code, DONE)


if __name__ == "__main__":
    run_main()
