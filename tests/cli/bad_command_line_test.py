"""Ids that don't exist, options that don't fit, keys and stores that aren't there."""

import fcntl
import hashlib
import json
import os
import unittest

from knhk_command import (CATALOGUE, CONTENT, DONE, MACHINE, NOBODY, USAGE, CommandTest, run_main)

UNKNOWN = "sha256:" + "01" * 32
V1 = CATALOGUE / "v1.ttl"


class CommandLine(CommandTest):
    def setUp(self):
        super().setUp()
        self.place.init()
        self.v1 = self.place.admit("v1")

    def refuse(self, arguments, exit_code, *error_codes, where=None):
        outcome = self.assert_store_unchanged_by(lambda: self.place.run(*arguments))
        self.assert_refused(outcome, exit_code, *error_codes, where=where)

    def test_an_unknown_id(self):
        for arguments in (["promote", UNKNOWN], ["show", UNKNOWN], ["artifacts", UNKNOWN],
                          ["count", "--snapshot", UNKNOWN]):
            with self.subTest(arguments=arguments):
                self.refuse(arguments, USAGE, "unknown-id", where="0101")

    def test_a_malformed_id(self):
        for text in ("sha256:xyz", "sha256:", "sha256:" + "0" * 65, "md5:00"):
            for verb in ("show", "artifacts"):
                with self.subTest(text=text, verb=verb):
                    self.refuse([verb, text], USAGE, "malformed-id")
        self.refuse(["promote", "sha256:xyz"], USAGE, "malformed-id", where="sha256:xyz")
        self.refuse(["count", "--snapshot", "sha256:xyz"], USAGE, "malformed-id")

    def test_a_manifest_that_is_not_there(self):
        self.refuse(["promote", self.v1, "--manifest", UNKNOWN], USAGE, "unknown-id")
        self.refuse(["promote", self.v1, "--manifest", "zzz"], USAGE, "malformed-id")

    def test_an_unknown_channel_or_epoch(self):
        self.place.must("promote", self.v1, "--reason", "first")
        self.refuse(["rollback", "--channel", "nowhere", "--reason", "x"], USAGE, "unknown-channel",
                    where="nowhere")
        self.refuse(["history", "--channel", "nowhere"], USAGE, "unknown-channel", where="nowhere")
        self.refuse(["rollback", "--to", "77", "--reason", "x"], USAGE, "unknown-epoch", where="77")

    def test_a_channel_whose_name_is_a_path(self):
        self.refuse(["promote", self.v1, "--channel", "../../elsewhere"], USAGE, "usage")

    def test_a_rollback_without_a_promotion_or_a_reason(self):
        self.refuse(["rollback"], USAGE, "usage", where="--reason")
        outcome = self.place.run("rollback", "--reason", "x")
        self.assertIn(outcome.code, (CONTENT, USAGE))
        self.assert_refused(outcome, outcome.code, "nothing-to-roll-back", "unknown-channel")

    def test_a_rollback_when_there_was_one_promotion(self):
        self.place.must("promote", self.v1, "--reason", "first")
        outcome = self.place.run("rollback", "--reason", "x")
        if outcome.code != DONE:  # back to nothing at all is a way to read it
            self.assert_refused(outcome, CONTENT, "nothing-to-roll-back")

    def test_verbs_and_options_that_do_not_exist(self):
        self.refuse(["frobnicate"], USAGE, "usage")
        self.refuse([], USAGE, "usage")
        self.refuse(["status", "--colour"], USAGE, "usage")
        self.refuse(["admit"], USAGE, "usage")
        self.refuse(["validate", V1, "--format", "yaml"], USAGE, "usage", where="yaml")

    def test_numbers_of_readers_and_seconds_that_make_no_sense(self):
        for option, values in (("--readers", ("0", "-1", "100000", "18446744073709551617", "two")),
                               ("--seconds", ("0", "-1", "1e9", "1e999", "inf", "nan", "soon"))):
            for verb in ("bench", "demo"):
                for value in values:
                    with self.subTest(verb=verb, option=option, value=value):
                        self.refuse([verb, option, value], USAGE, "usage", where=option)

    def test_terms_that_are_not_n_triples(self):
        self.place.must("promote", self.v1, "--reason", "first")
        for term in ("<https://unclosed", '"unclosed', "_:", "two words", "<a>"):
            with self.subTest(term=term):
                outcome = self.place.run("ask", term, "<https://example.org/b>", '"c"')
                self.assertIn(outcome.code, (CONTENT, USAGE), outcome.err)
                self.assert_refused(outcome, outcome.code, "syntax-error", "usage",
                                    "undefined-prefix", "relative-iri")

    def test_a_query_before_the_first_promotion(self):
        outcome = self.place.run("count")
        self.assert_refused(outcome, USAGE, "unknown-channel", "unknown-id")

    def test_standard_output_that_is_full(self):
        with open("/dev/full", "wb") as full:
            outcome = self.place.run("status", stdout=full)
        self.assert_refused(outcome, MACHINE, "io-error", "disk-full")


class Keys(CommandTest):
    def setUp(self):
        super().setUp()
        self.place.init()
        self.v1 = self.place.admit("v1")

    def refuse_signing(self, *error_codes, user=None):
        """Both verbs that sign refuse and change nothing."""
        for arguments in (["admit", CATALOGUE / "v2.ttl"], ["promote", self.v1, "--reason", "x"]):
            with self.subTest(verb=arguments[0]):
                outcome = self.assert_store_unchanged_by(
                    lambda: self.place.run(*arguments, user=user))
                self.assert_refused(outcome, MACHINE, *error_codes, where="shop.key.pem")

    def test_the_private_key_is_for_its_owner_alone_and_not_in_the_store(self):
        self.assertEqual(self.place.private_key.stat().st_mode & 0o777, 0o600)
        for path in self.place.store.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"PRIVATE KEY", path.read_bytes(), path)

    def test_a_missing_key(self):
        self.place.private_key.unlink()
        self.refuse_signing("key-missing")

    def test_an_unreadable_key(self):
        self.place.private_key.chmod(0)
        user = None
        if os.getuid() == 0:  # modes don't stop root, so somebody else has to try
            user = NOBODY
            for path in [self.place.folder, *self.place.folder.rglob("*")]:
                path.chmod(0o777 if path.is_dir() else 0o666)
            self.place.private_key.chmod(0)
        self.refuse_signing("key-unreadable", user=user)

    def test_a_key_that_is_a_folder(self):
        self.place.private_key.unlink()
        self.place.private_key.mkdir()
        self.refuse_signing("key-unreadable", "key-malformed", "not-a-file")

    def test_a_malformed_key(self):
        for content in (b"", b"not a key\n", self.place.public_key.read_bytes(), bytes(5000)):
            self.place.private_key.write_bytes(content)
            self.refuse_signing("key-malformed")

    def test_the_key_of_another_store(self):
        other = type(self.place)()
        self.addCleanup(other.remove)
        other.init()
        self.place.private_key.write_bytes(other.private_key.read_bytes())
        for arguments in (["admit", CATALOGUE / "v2.ttl"], ["promote", self.v1, "--reason", "x"]):
            outcome = self.assert_store_unchanged_by(lambda: self.place.run(*arguments))
            self.assert_refused(outcome, CONTENT, "untrusted-key", "signature-invalid", "log-damaged")

    def test_no_trusted_key(self):
        self.place.public_key.unlink()
        outcome = self.assert_store_unchanged_by(
            lambda: self.place.run("promote", self.v1, "--reason", "x"))
        self.assertIn(outcome.code, (CONTENT, MACHINE))
        self.assert_refused(outcome, outcome.code, "untrusted-key", "key-missing")


class Stores(CommandTest):
    def test_no_store(self):
        for arguments in (["status"], ["history"], ["admit", V1], ["promote", UNKNOWN],
                          ["show", UNKNOWN], ["count"]):
            with self.subTest(arguments=arguments):
                self.assert_refused(self.place.run(*arguments), MACHINE, "store-missing",
                                    where=self.place.store)
                self.assertFalse(self.place.store.exists())

    def test_a_folder_that_is_no_store(self):
        self.place.store.mkdir()
        (self.place.store / "letter.txt").write_text("dear")
        for arguments in (["status"], ["admit", V1]):
            outcome = self.assert_store_unchanged_by(lambda: self.place.run(*arguments))
            self.assert_refused(outcome, MACHINE, "store-missing")
        outcome = self.assert_store_unchanged_by(lambda: self.place.run("init", "--name", "shop"))
        self.assert_refused(outcome, MACHINE, "io-error", "store-exists")
        self.assertFalse(self.place.private_key.exists(), "a failed init leaves no key behind")

    def test_init_twice(self):
        self.place.init()
        key = self.place.private_key.read_bytes()
        for name in ("shop", "other"):
            outcome = self.assert_store_unchanged_by(lambda: self.place.run("init", "--name", name))
            self.assert_refused(outcome, MACHINE, "store-exists")
        self.assertEqual(self.place.private_key.read_bytes(), key)

    def test_init_beside_a_trusted_key_of_the_same_name(self):
        self.place.public_key.parent.mkdir(parents=True)
        self.place.public_key.write_text("a colleague's key")
        outcome = self.place.run("init", "--name", "shop")
        self.assert_refused(outcome, MACHINE, "store-exists", where=self.place.public_key)
        self.assertEqual(self.place.public_key.read_text(), "a colleague's key")
        self.assertFalse(self.place.private_key.exists() or self.place.store.exists())

    def test_files_that_are_promoted_are_those_that_were_named(self):
        self.place.init()
        with_shapes = ["promote", V1, "--shapes", CATALOGUE / "shapes.ttl", "--reason", "x"]
        first = json.loads(self.place.must("--json", *with_shapes).out)["manifest"]
        self.place.must("admit", V1)  # a newer admission of the same snapshot, by no rules
        again = json.loads(self.place.must("--json", *with_shapes).out)["manifest"]
        self.assertEqual(again, first)

    def test_a_layer_that_calls_itself_a_receipt_is_not_vouched_for(self):
        self.place.init()
        v1 = self.place.admit("v1")
        index_path = self.place.store / "index.json"
        index = json.loads(index_path.read_text())
        manifest = json.loads(self.blob(index["manifests"][0]["digest"]).read_text())
        receipt = manifest["layers"].pop()
        forged = next(layer for layer in manifest["layers"]
                      if layer["annotations"]["org.opencontainers.image.title"] == "models.hpp")
        forged |= {"mediaType": receipt["mediaType"], **self.put(b"#error forged")}
        manifest["layers"].insert(0, receipt)
        index["manifests"][0] |= self.put(json.dumps(manifest).encode())
        index_path.write_text(json.dumps(index))
        out = self.place.folder / "out"
        outcome = self.place.run("artifacts", v1, "--out", out)
        self.assert_refused(outcome, CONTENT, "receipt-mismatch")
        self.assertFalse(out.exists())
        self.assertEqual(self.place.run("show", v1).code, CONTENT)

    def blob(self, digest):
        return self.place.store / "blobs" / "sha256" / digest.removeprefix("sha256:")

    def put(self, content):
        """Stores a blob; gives its part of a descriptor."""
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        self.blob(digest).write_bytes(content)
        return {"digest": digest, "size": len(content)}

    def test_a_locked_store(self):
        self.place.init()
        v1 = self.place.admit("v1")
        self.place.must("promote", v1, "--reason", "first")
        with open(self.place.store / "lock", "ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for arguments in (["admit", CATALOGUE / "v2.ttl"], ["promote", v1, "--reason", "x"],
                              ["rollback", "--reason", "x"]):
                with self.subTest(verb=arguments[0]):
                    outcome = self.assert_store_unchanged_by(lambda: self.place.run(*arguments))
                    self.assert_refused(outcome, MACHINE, "store-locked")
            self.place.must("status")  # reading needs no lock
        self.place.must("promote", v1, "--reason", "the lock is free again")

    def test_a_damaged_blob_is_named(self):
        self.place.init()
        v1 = self.place.admit("v1")
        blobs = [path for path in (self.place.store / "blobs" / "sha256").iterdir()
                 if path.stat().st_size > 2]
        for blob in blobs:
            sound = blob.read_bytes()
            os.chmod(blob, 0o644)
            blob.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
            with self.subTest(blob=blob.name):
                outcome = self.assert_store_unchanged_by(
                    lambda: self.place.run("promote", v1, "--reason", "x"))
                self.assert_refused(outcome, CONTENT, "digest-mismatch", where=blob.name)
            blob.write_bytes(sound)

    def test_a_missing_blob_is_named(self):
        self.place.init()
        v1 = self.place.admit("v1")
        for blob in list((self.place.store / "blobs" / "sha256").iterdir()):
            sound = blob.read_bytes()
            if len(sound) == 2:
                continue  # the empty configuration, which nothing reads
            blob.unlink()
            with self.subTest(blob=blob.name):
                outcome = self.assert_store_unchanged_by(
                    lambda: self.place.run("promote", v1, "--reason", "x"))
                self.assert_refused(outcome, CONTENT, "blob-missing", where=blob.name)
            blob.write_bytes(sound)

    def test_a_changed_log_is_refused(self):
        self.place.init()
        self.place.must("promote", self.place.admit("v1"), "--reason", "first")
        v2 = self.place.admit("v2")
        for path in [path for path in (self.place.store / "log").rglob("*") if path.is_file()]:
            sound = path.read_bytes()
            os.chmod(path, 0o644)
            path.write_bytes(sound[:-5] + bytes([sound[-5] ^ 1]) + sound[-4:])
            with self.subTest(file=path.name):
                for arguments in (["status"], ["promote", v2, "--reason", "x"]):
                    outcome = self.assert_store_unchanged_by(lambda: self.place.run(*arguments))
                    self.assert_refused(outcome, CONTENT, "log-damaged", "signature-invalid",
                                        "untrusted-key", "malformed-evidence")
            path.write_bytes(sound)

    def test_a_refused_snapshot_is_not_promoted(self):
        self.place.init()
        self.place.must("promote", self.place.admit("v1"), "--reason", "first")
        before = self.place.must("status", "--json").out
        outcome = self.place.run("promote", CATALOGUE / "v3.ttl",
                                 "--shapes", CATALOGUE / "shapes.ttl", "--reason", "x")
        self.assertEqual(outcome.code, CONTENT, outcome.err)
        for name in ("Q1", "Q2", "Q3", "product-0009", "offer-0003", "price"):
            self.assertIn(name, outcome.out + outcome.err)
        self.assertEqual(self.place.must("status", "--json").out, before)


if __name__ == "__main__":
    run_main()
