"""knhk validate --watch: validates again when a file changes, however it is changed."""

import json
import os
import select
import signal
import subprocess
import threading
import time
import unittest

from knhk_command import BINARY, DONE, CommandTest, run_main

PREFIXES = "@prefix e: <https://example.org/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPES = PREFIXES + "e:S sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:maxCount 1 ] .\n"
GOOD = PREFIXES + "e:a a e:C ; e:p 1 .\n"
BAD = PREFIXES + "e:a a e:C ; e:p 1, 2 .\n"
PATIENCE_S = 60  # until a test that gets no answer fails


class Watching:
    """A running `knhk validate --watch`, read line by line."""

    def __init__(self, place, *arguments):
        self.process = subprocess.Popen(
            [str(BINARY), "validate", *map(str, arguments), "--watch"], cwd=place.folder,
            env=place.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        self.kept = b""

    def line(self):
        end = time.monotonic() + PATIENCE_S
        while b"\n" not in self.kept:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise AssertionError(f"no further line; so far {self.kept!r}")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                raise AssertionError(f"it ended: {self.process.stderr.read()!r}")
            self.kept += piece
        line, _, self.kept = self.kept.partition(b"\n")
        return line.decode()

    def object(self):
        return json.loads(self.line())

    def until(self, wanted):
        """The first object for which `wanted` holds; those before are of changes under way."""
        while True:
            found = self.object()
            if wanted(found):
                return found

    def end(self, how):
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, self.kept + out, err.decode()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def conforms(found):
    return found.get("conforms") is True


def is_refused(found):
    return found.get("conforms") is False


def fails_with(code):
    return lambda found: found.get("error", {}).get("code") == code


class Watch(CommandTest):
    def setUp(self):
        super().setUp()
        self.data = self.place.file("data.ttl", GOOD)
        self.shapes = self.place.file("shapes.ttl", SHAPES)

    def watch(self, *arguments):
        running = Watching(self.place, *arguments)
        self.addCleanup(running.stop)
        return running

    def watch_json(self, data="data.ttl", shapes="shapes.ttl"):
        running = self.watch(data, "--shapes", shapes, "--json")
        first = running.object()
        self.assertEqual((first["command"], first["changed"]), ("validate", []))
        self.assertTrue(conforms(first), first)
        return running

    def replace(self, path, content):
        """As editors save: another file is written and takes the name."""
        path.with_name("." + path.name + ".new").write_text(content)
        os.replace(path.with_name("." + path.name + ".new"), path)

    def test_a_file_written_in_place(self):
        running = self.watch_json()
        self.data.write_text(BAD)
        found = running.until(is_refused)
        self.assertEqual(found["changed"], ["data.ttl"])
        self.assertRegex(found["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.data.write_text(GOOD)
        running.until(conforms)

    def test_a_file_written_in_pieces_ends_with_the_report_of_the_whole(self):
        running = self.watch_json()
        with open(self.data, "w", encoding="utf-8") as file:
            file.write(PREFIXES + "e:a a e:C ; e:p 1")
            file.flush()
            for number in range(2, 200):
                file.write(f", {number}")
                file.flush()
            file.write(" .\n")
        running.until(is_refused)

    def test_a_change_that_leaves_the_size_as_it_was(self):
        two = PREFIXES + "e:a a e:C ; e:p 1 . e:b e:p 2 .\n"
        self.data.write_text(two)
        running = self.watch_json()
        for _ in range(3):
            self.data.write_text(two.replace("e:b", "e:a"))
            running.until(is_refused)
            self.data.write_text(two)
            running.until(conforms)

    def test_a_file_replaced_by_rename(self):
        running = self.watch_json()
        self.replace(self.data, BAD)
        self.assertEqual(running.until(is_refused)["changed"], ["data.ttl"])
        self.replace(self.data, GOOD)
        self.assertEqual(running.until(conforms)["changed"], ["data.ttl"])

    def test_the_shapes_change(self):
        running = self.watch_json()
        self.replace(self.shapes, SHAPES.replace("maxCount 1", "maxCount 0"))
        self.assertEqual(running.until(is_refused)["changed"], ["shapes.ttl"])

    def test_a_file_that_goes_and_comes_back(self):
        running = self.watch_json()
        os.remove(self.data)
        found = running.until(fails_with("file-missing"))
        self.assertEqual((found["command"], found["changed"]), ("validate", ["data.ttl"]))
        self.data.write_text(BAD)
        running.until(is_refused)

    def test_a_folder_that_goes_and_comes_back(self):
        folder = self.place.folder / "deep" / "er"
        folder.mkdir(parents=True)
        (folder / "data.ttl").write_text(GOOD)
        running = self.watch_json(data="deep/er/data.ttl")
        os.rename(folder.parent, self.place.folder / "away")
        running.until(fails_with("file-missing"))
        folder.mkdir(parents=True)
        (folder / "data.ttl").write_text(BAD)
        running.until(is_refused)
        (folder / "data.ttl").write_text(GOOD)
        running.until(conforms)

    def test_a_link_that_is_turned_and_a_file_written_behind_it(self):
        for version, content in (("one", GOOD), ("two", BAD)):
            (self.place.folder / version).mkdir()
            (self.place.folder / version / "data.ttl").write_text(content)
        current = self.place.folder / "current"
        current.symlink_to("one")
        self.data.unlink()
        self.data.symlink_to("current/data.ttl")
        running = self.watch_json()
        (self.place.folder / "current.new").symlink_to("two")
        os.replace(self.place.folder / "current.new", current)
        running.until(is_refused)
        (self.place.folder / "two" / "data.ttl").write_text(GOOD)
        running.until(conforms)

    def test_a_broken_file_is_an_error_that_ends_nothing(self):
        running = self.watch_json()
        self.replace(self.data, GOOD + "broken")
        found = running.until(fails_with("syntax-error"))
        self.assertIn("data.ttl:4", found["error"]["where"])
        self.replace(self.data, GOOD)
        running.until(conforms)
        self.replace(self.shapes, SHAPES.replace("maxCount 1", "maxCount -1"))
        running.until(fails_with("ill-formed-shapes"))
        self.replace(self.shapes, SHAPES)
        running.until(conforms)

    def test_other_files_wake_nothing(self):
        running = self.watch_json()
        self.place.file("other.ttl", BAD)
        (self.place.folder / "other.ttl").unlink()
        self.data.write_text(BAD)
        found = running.object()
        self.assertEqual(found["changed"], ["data.ttl"], "the first round is of this change")

    def test_a_file_beside_that_is_written_without_end_holds_nothing_up(self):
        running = self.watch_json()
        done = threading.Event()

        def scribble():
            with open(self.place.folder / "busy.log", "w", encoding="utf-8") as log:
                while not done.is_set():
                    log.write("busy\n")
                    log.flush()

        writer = threading.Thread(target=scribble)
        writer.start()
        try:
            self.data.write_text(BAD)
            running.until(is_refused)
        finally:
            done.set()
            writer.join()

    def test_for_people_it_says_when_what_changed(self):
        running = self.watch("data.ttl", "--shapes", "shapes.ttl")
        self.assertEqual(running.line(), "Conforms")
        self.replace(self.data, BAD)
        self.assertEqual(running.line(), "")
        self.assertRegex(running.line(), r"^== \d\d:\d\d:\d\d  changed: data\.ttl$")
        self.assertEqual(running.line(), "Does not conform: 1 result (1 violation)")
        code, _, err = running.end(signal.SIGINT)
        self.assertEqual((code, err), (DONE, "knhk: watching 2 files, Ctrl-C ends\n"))

    def test_it_ends_on_either_signal_and_leaves_nothing(self):
        before = sorted(path.name for path in self.place.folder.iterdir())
        for how in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(how=how.name):
                running = self.watch_json()
                code, out, err = running.end(how)
                self.assertEqual((code, out), (DONE, b""), err)
        self.assertEqual(sorted(path.name for path in self.place.folder.iterdir()), before)

    def test_it_starts_with_a_file_that_is_not_there_yet(self):
        self.data.unlink()
        running = self.watch("data.ttl", "--shapes", "shapes.ttl", "--json")
        self.assertTrue(fails_with("file-missing")(running.object()))
        self.data.write_text(GOOD)
        running.until(conforms)


if __name__ == "__main__":
    run_main()
