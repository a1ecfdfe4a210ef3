"""The files that a rule looks at."""

import dataclasses
import functools
import pathlib
import re
import subprocess

FIXTURES = "tests/lint/fixtures/"


@dataclasses.dataclass(frozen=True)
class File:
    path: str  # relative to the root, with slashes
    text: str

    @property
    def name(self):
        return self.path.rsplit("/", 1)[-1]

    @property
    def is_cpp(self):
        return self.path.endswith((".hpp", ".cpp"))

    @property
    def is_test_program(self):
        folders = self.path.split("/")[:-1]
        stem = self.name.rsplit(".", 1)[0]
        return (stem.endswith(("_test", "_bench", "_fuzz")) or folders[:1] == ["tests"]
                or "<gtest/" in self.text or "compile_tests" in folders)

    @functools.cached_property
    def included(self):
        return re.findall(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', self.text, re.MULTILINE)

    @functools.cached_property
    def code(self):
        """The text with comments and the contents of literals blanked; lines keep their numbers."""
        return blank_comments_and_literals(self.text)

    def at(self, offset, message):
        """A finding at that offset of the text."""
        return f"{self.path}:{self.text.count(chr(10), 0, offset) + 1}: {message}"


class Tree:
    """The tracked text files under `root`; all files where there is no checkout (a fixture)."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.files = [self._read(path) for path in self._paths()]
        self.files = [file for file in self.files if file]

    def cpp(self, *folders):
        return [file for file in self.files
                if file.is_cpp and (not folders or file.path.startswith(folders))]

    @functools.cached_property
    def tests(self):
        """Paths of test programs, of sources that only they are made of, and of the headers that
        only they include and nobody installs."""
        includers = {}
        for file in self.cpp():
            for path in file.included:
                includers.setdefault(path, set()).add(file.path)
        installed = {f"{lists.path.rsplit('/', 1)[0]}/{name}" for lists in self.files
                     if lists.name == "CMakeLists.txt"
                     for call in re.findall(r"^knhk_layer\(([^)]*)\)", lists.text, re.MULTILINE)
                     for name in call.split() if name.endswith(".hpp")}
        tests = {file.path for file in self.cpp() if file.is_test_program} | self._test_sources()
        while True:
            more = {path for path, users in includers.items() if users <= tests} - tests - installed
            if not more:
                return tests
            tests |= more

    def _test_sources(self):
        call = re.compile(r"^[ \t]*knhk_test\(([^)]*)\)", re.MULTILINE)
        found = set()
        for lists in self.files:
            if lists.name != "CMakeLists.txt":
                continue
            elsewhere = set(re.split(r"[\s()]+", call.sub("", lists.text)))
            found |= {f"{lists.path.rsplit('/', 1)[0]}/{name}" for words in call.findall(lists.text)
                      for name in words.split() if name.endswith(".cpp") and name not in elsewhere}
        return found

    def find(self, path):
        return next((file for file in self.files if file.path == path), None)

    def allowed(self, rule):
        """{path: (limit or needle, reason)} of this rule's lines in the root's allowed.txt."""
        entries = {}
        listing = self.find("tests/lint/allowed.txt") or self.find("allowed.txt")
        for line in listing.text.splitlines() if listing else []:
            if line.strip() and not line.startswith("#"):
                name, path, needle, reason = (field.strip() for field in line.split("|"))
                if name == rule:
                    entries.setdefault(path, []).append((needle, reason))
        return entries

    def _paths(self):
        if (self.root / ".git").exists():
            listing = subprocess.run(["git", "-C", str(self.root), "ls-files", "-z"],
                                     check=True, capture_output=True, text=True).stdout
            return [path for path in listing.split("\0") if path and not path.startswith(FIXTURES)]
        paths = (path.relative_to(self.root).as_posix()
                 for path in self.root.rglob("*") if path.is_file())
        return sorted(path for path in paths
                      if path != "expected.txt" and not path.startswith(("build/", FIXTURES)))

    def _read(self, path):
        try:
            return File(path, (self.root / path).read_text(encoding="utf-8"))
        except (UnicodeDecodeError, FileNotFoundError):
            return None  # not text, or deleted but not yet committed


_LITERALS = re.compile(
    r'(?P<raw>R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)")'
    r'|(?P<string>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<char>(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)*')"
    r"|(?P<block>/\*.*?\*/)|(?P<line>//[^\n]*)", re.DOTALL)


def blank_comments_and_literals(text):
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return _LITERALS.sub(blank, text)
