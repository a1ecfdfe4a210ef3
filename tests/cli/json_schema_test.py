"""What the command prints with --json is one object that its schema in docs/schemas describes."""

import json
import unittest
import warnings

import jsonschema

from knhk_command import CATALOGUE, CONTENT, DONE, MACHINE, SOURCE, USAGE, CommandTest, run_main

SCHEMAS = SOURCE / "docs" / "schemas"
V1, V3, SHAPES = CATALOGUE / "v1.ttl", CATALOGUE / "v3.ttl", CATALOGUE / "shapes.ttl"


def read_schemas():
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}


def unique_pairs(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice among {keys}")
    return dict(pairs)


class JsonOutput(CommandTest):
    schemas = read_schemas()

    def setUp(self):
        super().setUp()
        self.seen = set()

    def object_of(self, *arguments, exit_code=DONE, schema=None):
        outcome = self.place.run(*arguments, "--json")
        self.assertEqual(outcome.code, exit_code, outcome.err)
        self.assertEqual(outcome.out.count("\n"), 1, "one object on one line")
        found = json.loads(outcome.out, object_pairs_hook=unique_pairs)
        self.check(schema or arguments[0], found)
        return found

    def check(self, name, found):
        parts = SCHEMAS / "parts.json"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            resolver = jsonschema.RefResolver(
                base_uri="", referrer=self.schemas[name],
                store={"parts.json": self.schemas["parts"], str(parts): self.schemas["parts"]})
            errors = list(jsonschema.Draft202012Validator(self.schemas[name], resolver=resolver)
                          .iter_errors(found))
        self.assertEqual([f"{list(error.path)}: {error.message}" for error in errors], [], name)
        self.seen.add(name)

    def test_every_verb_prints_what_its_schema_describes(self):
        self.object_of("init", "--name", "shop")
        self.object_of("status")
        self.object_of("history")
        v1 = self.object_of("id", V1)["id"]
        canonical = self.object_of("canonicalize", V1)
        self.assertEqual(canonical["id"], v1)
        report = self.object_of("validate", V1, "--shapes", SHAPES)
        self.assertTrue(report["conforms"])
        report = self.object_of("validate", V3, "--shapes", SHAPES, exit_code=CONTENT)
        self.assertEqual(report["result_count"], len(report["results"]))
        admission = self.object_of("admit", V1, "--shapes", SHAPES)
        self.assertEqual(admission["snapshot"], v1)
        self.object_of("admit", V3, "--shapes", SHAPES, exit_code=CONTENT)
        v2 = self.object_of("admit", CATALOGUE / "v2.ttl", "--shapes", SHAPES)["snapshot"]
        self.object_of("promote", v1, "--reason", "first")
        self.object_of("promote", v2, "--reason", "second")
        self.object_of("rollback", "--reason", "the second was wrong")
        self.object_of("promote", V3, "--shapes", SHAPES, exit_code=CONTENT)
        self.assertEqual(self.object_of("status")["channels"][0]["snapshot"], v1)
        self.assertEqual(len(self.object_of("history")["entries"]), 3)
        self.assertEqual(self.object_of("quarantine")["quarantined"], [])
        quarantined = self.place.store / "quarantine" / v2.removeprefix("sha256:")
        quarantined.parent.mkdir(exist_ok=True)
        quarantined.write_text("until cleared\nSLO violated", encoding="utf-8")
        self.assertEqual(self.object_of("quarantine")["quarantined"],
                         [{"snapshot": v2, "reason": "SLO violated", "until": "cleared"}])
        self.object_of("promote", v2, exit_code=CONTENT, schema="error")
        self.assertEqual(self.object_of("quarantine", "--clear", v2)["cleared"], v2)
        self.object_of("quarantine", "--clear", v2, exit_code=USAGE, schema="error")
        good = self.place.store / "last-known-good" / "main"
        good.parent.mkdir(exist_ok=True)
        good.write_text(f"{v1} {admission['manifest']} 1\n", encoding="utf-8")
        self.assertEqual(self.object_of("status")["last_known_good"],
                         {"main": {"snapshot": v1, "epoch": 1}})
        self.object_of("show", v1)
        self.object_of("artifacts", v1)
        self.object_of("artifacts", v1, "--out", self.place.folder / "out")
        item, price = "<https://example.org/shop/catalogue/offer-0001>", "vocabulary#price>"
        price = f"<https://example.org/shop/{price}"
        value = self.object_of("objects", item, price)["objects"][0]
        self.assertTrue(self.object_of("ask", item, price, value)["answer"])
        self.assertIn(item, self.object_of("subjects", price, value)["subjects"])
        self.assertGreater(self.object_of("count")["count"], 1000)
        self.object_of("demo", "--seconds", "0.05")
        self.object_of("bench", "--seconds", "0.1", "--readers", "3")
        self.object_of("status", "--store", self.place.folder / "nowhere", exit_code=MACHINE,
                       schema="error")
        self.object_of("show", "sha256:xyz", exit_code=USAGE, schema="error")
        self.object_of("frobnicate", exit_code=USAGE, schema="error")
        missing = sorted(set(self.schemas) - self.seen - {"parts"})
        self.assertEqual(missing, [], "schemas that nothing was checked against")

    def test_a_validation_report_as_json_is_the_same_object(self):
        outcome = self.place.run("validate", V3, "--shapes", SHAPES, "--format", "json")
        self.assertEqual(outcome.code, CONTENT, outcome.err)
        whole = self.object_of("validate", V3, "--shapes", SHAPES, exit_code=CONTENT)
        whole.pop("command")
        self.assertEqual(json.loads(outcome.out), whole)

    def test_a_schema_refuses_what_it_does_not_describe(self):
        good = {"command": "id", "id": "sha256:" + "0" * 64, "quads": 1}
        self.check("id", good)
        for change in ({"id": "sha256:xyz"}, {"quads": -1}, {"command": "show"}):
            with self.assertRaises(AssertionError):
                self.check("id", {**good, **change})
        with self.assertRaises(AssertionError):
            self.check("count", {"command": "count", "count": 1, "probes": 0})

    def test_the_schemas_are_schemas(self):
        for schema in self.schemas.values():
            jsonschema.Draft202012Validator.check_schema(schema)


if __name__ == "__main__":
    run_main()
