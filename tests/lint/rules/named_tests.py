"""Each test that a document names exists, and the page of the hot path's tests has every pitfall.

A name stands in backquotes: `Suite.name` of GoogleTest (`Errors/Suite.name` with the prefix of a
parametrised suite), or the ctest name that a CMakeLists.txt gives. A `*` at the end stands for the
rest. Only PAGES are read; the first table column of HOT_PATH_PAGE numbers the pitfalls.
"""

import re

HOT_PATH_PAGE = "docs/hot-path-tests.md"
PAGES = (HOT_PATH_PAGE, "docs/memory-model.md")
PITFALLS = range(1, 34)

NAMED = re.compile(r"`((?:[A-Z]\w*/)?[A-Z]\w*\.(?:[a-z_]\w*\*?|\*)|(?:compile|hot_path|model)\.[\w.]+\*?)`")
DEFINED = re.compile(r"^(?:TYPED_)?TEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.MULTILINE)
ROW = re.compile(r"^\| P(\d+) \|", re.MULTILINE)


CTEST = re.compile(r"^[ \t]*(?:add_test\(NAME[ ]+|knhk_(compile|model)_test\()([\w.${}]+)", re.MULTILINE)


def ctest_names(text):
    """The tests that a CMakeLists.txt names; one in a loop over words that it doesn't have, with a *."""
    for match in CTEST.finditer(text):
        name = f"{match.group(1)}.{match.group(2)}" if match.group(1) else match.group(2)
        variable = re.search(r"\$\{(\w+)\}", name)
        loops = variable and re.findall(rf"foreach\({variable[1]} ([^)]*)\)", text[:match.start()])
        if loops:
            yield from (name.replace(variable[0], word) for word in loops[-1].split())
        else:
            yield name[:variable.start()] + "*" if variable else name


def exists(name, tests, ctests):
    if name.startswith(("compile.", "hot_path.", "model.")):
        known = ctests
    else:
        name, known = name.rsplit("/", 1)[-1], tests
    stem = name.rstrip("*")
    return any(one == name or name.endswith("*") and one.startswith(stem)
               or one.endswith("*") and stem.startswith(one[:-1]) for one in known)


def check(tree):
    tests = {f"{suite}.{name}" for file in tree.cpp() for suite, name in DEFINED.findall(file.text)}
    ctests = {name for file in tree.files if file.name == "CMakeLists.txt"
              for name in ctest_names(file.text)}
    for file in tree.files:
        if file.path not in PAGES:
            continue
        for match in NAMED.finditer(file.text):
            if not exists(match.group(1), tests, ctests):
                yield file.at(match.start(), f"there is no test {match.group(1)}; name the one that "
                                             "shows this, or write it")
    page = tree.find(HOT_PATH_PAGE)
    rows = [int(number) for number in ROW.findall(page.text)] if page else []
    for number in PITFALLS:
        if rows.count(number) != 1:
            yield f"{HOT_PATH_PAGE}:1: P{number} has {rows.count(number)} rows; give it one, with a " \
                  "test or with the reason why there is nothing to test"
