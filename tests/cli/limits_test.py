"""Limits against hostile input, as options of each verb that reads files."""

import unittest

from knhk_command import CATALOGUE, CONTENT, DONE, USAGE, CommandTest, run_main

PREFIX = "@prefix e: <https://example.org/> .\n"
READERS = (["id"], ["canonicalize"], ["validate"], ["admit"], ["promote"])
IDENTIFIERS = (["id"], ["canonicalize"], ["admit"], ["promote"])


class Limits(CommandTest):
    def setUp(self):
        super().setUp()
        self.place.init()

    def refuse(self, path, option, too_little, enough, error_code, verbs, where):
        for verb in verbs:
            with self.subTest(verb=verb[0]):
                outcome = self.assert_store_unchanged_by(
                    lambda: self.place.run(*verb, path, option, too_little))
                self.assert_refused(outcome, CONTENT, error_code, where=where)
        for verb in verbs:
            with self.subTest(verb=verb[0], enough=enough):
                outcome = self.place.run(*verb, path, option, enough)
                self.assertEqual(outcome.code, DONE, outcome.err)

    def test_of_bytes(self):
        path = self.place.file("large.ttl", PREFIX + "e:a e:b e:c .\n" * 400)
        self.refuse(path, "--max-bytes", "5K", "6K", "limit-exceeded", READERS, "large.ttl")

    def test_of_bytes_of_shapes(self):
        for verb in ("validate", "admit"):
            outcome = self.assert_store_unchanged_by(
                lambda: self.place.run(verb, self.place.file("small.ttl", PREFIX), "--shapes",
                                       CATALOGUE / "shapes.ttl", "--max-bytes", 100))
            self.assert_refused(outcome, CONTENT, "limit-exceeded", where="shapes.ttl")

    def test_of_terms(self):
        path = self.place.file("long.ttl", PREFIX + f'e:a e:b "{"x" * 3000}" .\n')
        self.refuse(path, "--max-term-bytes", "2K", "4096", "limit-exceeded", READERS, "long.ttl:2")

    def test_of_nesting(self):
        path = self.place.file("deep.ttl", PREFIX + "e:a e:b " + "(" * 20 + ")" * 20 + " .\n")
        self.refuse(path, "--max-nesting", 19, 20, "limit-exceeded", READERS, "deep.ttl:2")

    def test_of_work(self):
        nodes = [f"_:n{number}" for number in range(6)]
        path = self.place.file("alike.nt", "".join(
            f"{a} <https://example.org/knows> {b} .\n" for a in nodes for b in nodes if a != b))
        self.refuse(path, "--max-work", 10, 1_000_000, "work-limit", IDENTIFIERS, "")

    def test_that_are_no_limits_are_refused(self):
        path = self.place.file("data.ttl", PREFIX)
        for option, value in (("--max-bytes", "0"), ("--max-bytes", "-1"), ("--max-bytes", "5T"),
                              ("--max-bytes", "K"), ("--max-bytes", "1.5G"), ("--max-bytes", "5KB"),
                              ("--max-bytes", "99999999999G"), ("--max-term-bytes", "x"),
                              ("--max-nesting", "0"), ("--max-nesting", "deep"),
                              ("--max-work", "-1")):
            with self.subTest(option=option, value=value):
                outcome = self.place.run("id", path, option, value)
                self.assert_refused(outcome, USAGE, "usage", where=option)

    def test_have_their_defaults_in_the_help(self):
        for verb in ("id", "canonicalize", "validate", "admit", "promote"):
            text = " ".join(self.place.must(verb, "--help").out.split())
            with self.subTest(verb=verb):
                self.assertIn("--max-bytes SIZE=8G", text)
                self.assertIn("--max-term-bytes SIZE=64M", text)
                self.assertIn("--max-nesting N=1000", text)
                self.assertEqual("--max-work N=0" in text, verb != "validate")


if __name__ == "__main__":
    run_main()
