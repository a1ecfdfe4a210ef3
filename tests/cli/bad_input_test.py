"""Files that are not what they should be: one clear line, exit code, the store as it was."""

import unittest

from knhk_command import (BINARY, CATALOGUE, CONTENT, DONE, MACHINE, USAGE, CommandTest, run_main)

EMPTY_ID = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
PREFIX = b"@prefix e: <https://example.org/> .\n"


class BadInput(CommandTest):
    # All of these read files; admit would change the store.
    VERBS = (["id"], ["canonicalize"], ["validate"], ["admit"])

    def setUp(self):
        super().setUp()
        self.place.init()

    def refuse(self, path, exit_code, *error_codes, verbs=VERBS, where=None):
        for verb in verbs:
            with self.subTest(verb=verb[0]):
                outcome = self.assert_store_unchanged_by(lambda: self.place.run(*verb, path))
                self.assert_refused(outcome, exit_code, *error_codes,
                                    where=path.name if where is None else where)
                self.assertEqual(outcome.out, "")

    def test_a_missing_file(self):
        self.refuse(self.place.folder / "nowhere.ttl", MACHINE, "file-missing")

    def test_missing_shapes(self):
        shapes = self.place.folder / "nowhere.ttl"
        for verb in ("validate", "admit"):
            outcome = self.assert_store_unchanged_by(
                lambda: self.place.run(verb, CATALOGUE / "v1.ttl", "--shapes", shapes))
            self.assert_refused(outcome, MACHINE, "file-missing", where="nowhere.ttl")

    def test_a_folder(self):
        folder = self.place.folder / "folder.ttl"
        folder.mkdir()
        self.refuse(folder, MACHINE, "not-a-file")

    def test_a_binary_file(self):
        path = self.place.folder / "program.ttl"
        path.write_bytes(BINARY.read_bytes()[:200_000])
        self.refuse(path, CONTENT, "invalid-encoding", "syntax-error")

    def test_every_byte_there_is(self):
        self.refuse(self.place.file("bytes.ttl", bytes(range(256)) * 100), CONTENT,
                    "invalid-encoding", "syntax-error")

    def test_truncated_turtle_says_file_and_line(self):
        whole = (CATALOGUE / "v1.ttl").read_bytes()
        for cut in (b'"Claw ham', b"shop:Categ", b"shop:box [ a shop:Dimensions ;"):
            end = whole.index(cut) + len(cut)
            line = whole.count(b"\n", 0, end) + 1
            with self.subTest(cut=cut):
                path = self.place.file("truncated.ttl", whole[:end])
                for verb in self.VERBS:
                    outcome = self.assert_store_unchanged_by(lambda: self.place.run(*verb, path))
                    self.assert_refused(outcome, CONTENT, "syntax-error", "undefined-prefix",
                                        where="truncated.ttl:")
                    said = int(outcome.err.split("truncated.ttl:")[1].split(":")[0])
                    self.assertLessEqual(abs(said - line), 1, outcome.err)

    def test_truncated_in_the_middle_of_a_character(self):
        self.refuse(self.place.file("cut.ttl", PREFIX + b'e:a e:b "K\xc3'), CONTENT,
                    "invalid-encoding", "syntax-error")

    def test_utf_16(self):
        text = (CATALOGUE / "v1.ttl").read_text(encoding="utf-8")
        self.refuse(self.place.file("wide.ttl", text.encode("utf-16")), CONTENT,
                    "invalid-encoding", "syntax-error")
        self.refuse(self.place.file("wide-le.ttl", text.encode("utf-16-le")), CONTENT,
                    "invalid-encoding", "syntax-error")

    def test_latin_1(self):
        self.refuse(self.place.file("latin.ttl", PREFIX + 'e:a e:b "Küche" .\n'.encode("latin-1")),
                    CONTENT, "invalid-encoding", where="latin.ttl:2")

    def test_ten_megabytes_of_nonsense_on_one_line(self):
        self.refuse(self.place.file("long.ttl", b"nonsense " * 1_200_000), CONTENT,
                    "syntax-error", "limit-exceeded")

    def test_ten_megabytes_of_letters_on_one_line(self):
        self.refuse(self.place.file("letters.ttl", b"x" * 10_000_000), CONTENT,
                    "syntax-error", "limit-exceeded")

    def test_ten_megabytes_of_sound_turtle_on_one_line_are_read(self):
        triples = b"".join(b"e:a e:b %d . " % number for number in range(650_000))
        path = self.place.file("line.ttl", b"@prefix e: <https://example.org/> . " + triples)
        self.assertGreater(path.stat().st_size, 10_000_000)
        outcome = self.place.run("id", path)
        self.assertEqual((outcome.code, outcome.err), (DONE, ""))

    def test_a_literal_of_ten_megabytes(self):
        path = self.place.file("literal.ttl", PREFIX + b'e:a e:b "' + b"x" * 10_000_000 + b'" .\n')
        outcome = self.place.run("id", path)
        if outcome.code != DONE:  # a limit on terms is fine, anything else isn't
            self.assert_refused(outcome, CONTENT, "limit-exceeded", where="literal.ttl:2")

    def test_a_million_brackets(self):
        for name, text in (("square.ttl", b"e:a e:b " + b"[ e:c " * 1_000_000),
                           ("round.ttl", b"e:a e:b " + b"(" * 1_000_000),
                           ("bare.ttl", b"[" * 1_000_000),
                           ("braces.trig", b"{" * 1_000_000)):
            self.refuse(self.place.file(name, PREFIX + text), CONTENT,
                        "limit-exceeded", "syntax-error")

    def test_a_million_closed_brackets(self):
        text = b"e:a e:b " + b"(" * 1_000_000 + b")" * 1_000_000 + b" ."
        self.refuse(self.place.file("closed.ttl", PREFIX + text), CONTENT, "limit-exceeded")

    def test_an_undefined_prefix(self):
        self.refuse(self.place.file("prefix.ttl", "shop:a shop:b shop:c .\n"), CONTENT,
                    "undefined-prefix", where="prefix.ttl:1")

    def test_a_relative_iri_where_an_id_is_made(self):
        path = self.place.file("relative.ttl", "<a> <https://example.org/b> <c> .\n")
        self.refuse(path, CONTENT, "relative-iri", verbs=(["id"], ["canonicalize"], ["admit"]))
        self.place.must("id", path, "--base", "https://example.org/")
        self.place.must("validate", path)

    def test_blank_nodes_that_are_all_alike(self):
        nodes = [f"_:n{number}" for number in range(12)]
        edges = "".join(f"{a} <https://example.org/knows> {b} .\n"
                        for a in nodes for b in nodes if a != b)
        outcome = self.place.run("id", self.place.file("clique.nt", edges))
        if outcome.code != DONE:  # all files together are too alike: no single one is to blame
            self.assert_refused(outcome, CONTENT, "work-limit")

    def test_shapes_with_an_unknown_construct_are_refused_by_name(self):
        shapes = self.place.file(
            "shapes.ttl", "@prefix sh: <http://www.w3.org/ns/shacl#> .\n" + PREFIX.decode() +
            "e:Rule a sh:NodeShape ; sh:targetClass e:Thing ;\n"
            "  sh:sparql [ sh:select \"SELECT $this WHERE {}\" ] .\n")
        for verb in ("validate", "admit"):
            outcome = self.assert_store_unchanged_by(
                lambda: self.place.run(verb, CATALOGUE / "v1.ttl", "--shapes", shapes))
            self.assert_refused(outcome, CONTENT, "unsupported-construct", where="sparql")
            self.assertIn("https://example.org/Rule", outcome.err)

    def test_an_empty_file_is_an_empty_dataset(self):
        outcome = self.place.must("id", self.place.file("empty.ttl", b""))
        self.assertEqual(outcome.out.split()[0], EMPTY_ID)

    def test_a_file_of_unknown_kind_is_named(self):
        path = self.place.file("data.docx", b"PK\x03\x04" + bytes(100))
        for verb in self.VERBS:
            outcome = self.place.run(*verb, path)
            self.assertIn(outcome.code, (CONTENT, USAGE), outcome.err)
            self.assertIn("data.docx", outcome.err)


if __name__ == "__main__":
    run_main()
