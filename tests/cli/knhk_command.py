"""Runs the knhk command in a folder of its own, with keys and a store of its own."""

import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CATALOGUE = SOURCE / "examples" / "retail_catalogue"
BINARY = pathlib.Path(os.environ.get("KNHK_BINARY", SOURCE / "build/release/bin/knhk"))
NOBODY = 65534

# Exit codes.
DONE, CONTENT, USAGE, MACHINE = 0, 1, 2, 3

SKIPPED = 77  # what ctest takes for "skipped"


@dataclasses.dataclass
class Outcome:
    code: int
    out: str
    err: str

    @property
    def error_code(self):
        """The kebab-case code at the end of the error line; "" when there is none."""
        match = re.search(r"\[([a-z0-9-]+)\]\n\Z", self.err)
        return match.group(1) if match else ""


class Workplace:
    """A folder with a configuration folder; `store` is made by `init()`."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="knhk-cli-"))
        self.config = self.folder / "config"
        self.store = self.folder / "store"
        self.private_key = self.config / "knhk" / "shop.key.pem"
        self.variables = {}  # of the environment, beside those that are always set
        self.public_key = self.config / "knhk" / "trusted" / "shop.pub.pem"

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("KNHK_", "OTEL_"))}
        return {**kept, "XDG_CONFIG_HOME": str(self.config), "HOME": str(self.folder),
                "KNHK_STORE": str(self.store), "KNHK_ACTOR": "tester", "LC_ALL": "C.UTF-8",
                **self.variables}

    def run(self, *arguments, user=None, stdout=subprocess.PIPE, timeout=240):
        command = [str(BINARY), *map(str, arguments)]
        extra = {"user": user, "group": user, "extra_groups": []} if user is not None else {}
        done = subprocess.run(command, cwd=self.folder, env=self.environment(), timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, **extra)
        return Outcome(done.returncode, (done.stdout or b"").decode("utf-8", "replace"),
                       done.stderr.decode("utf-8", "replace"))

    def must(self, *arguments):
        outcome = self.run(*arguments)
        if outcome.code != DONE:
            raise AssertionError(f"knhk {' '.join(map(str, arguments))}: exit {outcome.code}\n"
                                 f"{outcome.out}{outcome.err}")
        return outcome

    def init(self):
        self.must("init", "--name", "shop")

    def admit(self, version):
        """Admits a version of the catalogue; gives its snapshot id."""
        self.must("admit", CATALOGUE / f"{version}.ttl", "--shapes", CATALOGUE / "shapes.ttl")
        return self.must("id", CATALOGUE / f"{version}.ttl").out.split()[0]

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


def state_of(folder):
    """Every path under `folder` with its kind, mode and bytes; the lock's own content aside."""
    state = {}
    for path in sorted(folder.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        name = path.relative_to(folder).as_posix()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        if name != "lock":
            state[name] = (mode, content)
    return state


class CommandTest(unittest.TestCase):
    """A test of the command; `self.place` is fresh for each test."""

    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.remove)

    def assert_refused(self, outcome, exit_code, *error_codes, where=None):
        """One clear line on standard error, the right code in it, the right exit code."""
        shown = f"exit {outcome.code}, stderr: {outcome.err[:2000]!r}"
        self.assertEqual(outcome.code, exit_code, shown)
        self.assertEqual(outcome.err.count("\n"), 1, f"one line is wanted; {shown}")
        self.assertTrue(outcome.err.startswith("knhk: "), shown)
        self.assertLess(len(outcome.err), 1000, "the line repeats the input")
        self.assertTrue(outcome.err.rstrip("\n").isprintable(), shown)
        self.assertIn(outcome.error_code, error_codes, shown)
        if where is not None:
            self.assertIn(str(where), outcome.err)

    def assert_store_unchanged_by(self, action):
        before = state_of(self.place.store)
        result = action()
        self.assertEqual(state_of(self.place.store), before, "the store is not as it was")
        return result


def main():
    """Runs the tests of the calling module; exit code 77 when all were skipped."""
    if not BINARY.is_file():
        print(f"{BINARY} is not built")
        return 1
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    skipped = len(result.skipped)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
    for test, reason in result.skipped:
        print(f"skipped: {test}: {reason}")
    if failed or result.testsRun == 0:
        return 1
    return SKIPPED if skipped == result.testsRun else 0


def run_main():
    sys.exit(main())
