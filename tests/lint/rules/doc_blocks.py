"""Every code block in the docs is a region of a file that is built or run.

Above the block stands `<!-- region: path#name -->`, and in that file `region: name` and
`end: name`, each in a comment on a line of its own; `<!-- file: path -->` takes the whole file. The
file must be named in a CMakeLists.txt, so that it is built or run. After a change of the file,
`python3 tests/lint/update_doc_blocks.py` rewrites the blocks.

Two other ways: `<!-- run by program -->`, when a test of that program reads the document itself and
runs the block; and `json` or `text` that shows the form of a format, with `<placeholders>` in it.
"""

import re
import textwrap

BLOCK = re.compile(
    r"(?:<!-- (?P<kind>region:|file:|run by) (?P<path>[^#\s]+)(?:#(?P<name>\S+))? -->\n)?"
    r"^(?P<fence>```+)(?P<language>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[ ]*$", re.MULTILINE | re.DOTALL)


def region(file, name):
    """The lines between the marks of region `name`, without their common indentation."""
    match = re.search(rf"^[^\n]*\bregion: {re.escape(name)}\n(.*?)^[^\n]*\bend: {re.escape(name)}$",
                      file.text, re.MULTILINE | re.DOTALL)
    return textwrap.dedent(match.group(1)) if match else None


def is_run_by(tree, program, document):
    """Whether a test of `program` reads `document`."""
    lists = [file for file in tree.files
             if file.name == "CMakeLists.txt" and f"knhk_test({program}" in file.text]
    return any(test.path.startswith(file.path.rsplit("/", 1)[0]) and test.name.endswith("_test.cpp")
               and f'"{document}"' in test.text for file in lists for test in tree.cpp())


def source_of(tree, document, match):
    """(text the block must have, None) or (None, what is wrong)."""
    body = match.group("body")
    if match.group("kind") == "run by":
        program = match.group("path")
        if is_run_by(tree, program, document.path):
            return body, None
        return None, f"no test of {program} reads \"{document.path}\""
    if not match.group("kind"):
        if match.group("language") in ("json", "text") and re.search(r"<[^<>\n]+>", body):
            return body, None
        return None, "a code block of its own: put it into a file that is built or run, and write " \
                     "<!-- region: path#name --> above the block"
    path, name = match.group("path"), match.group("name")
    file = tree.find(path)
    if file is None:
        return None, f"there is no {path}"
    if not any(file.name in lists.text for lists in tree.files if lists.name == "CMakeLists.txt"):
        return None, f"{path} is in no CMakeLists.txt, so nothing builds or runs it"
    if match.group("kind") == "file:":
        return file.text, None
    text = region(file, name or "")
    if text is None:
        return None, f"{path} has no region {name}"
    return text, None


def check(tree):
    for file in tree.files:
        if not file.path.endswith(".md"):
            continue
        for match in BLOCK.finditer(file.text):
            wanted, problem = source_of(tree, file, match)
            if problem:
                yield file.at(match.start("fence"), problem)
            elif wanted.rstrip("\n") != match.group("body").rstrip("\n"):
                yield file.at(match.start("fence"), f"differs from {match.group('path')}; run "
                                                    "python3 tests/lint/update_doc_blocks.py")
