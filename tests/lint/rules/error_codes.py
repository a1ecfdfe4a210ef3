"""Every error code is explained in docs/errors.md and produced by a test."""

import re

CODE = re.compile(r'^\s*X\((\w+),\s*"([a-z0-9-]+)",\s*(\w+)\)', re.MULTILINE)
ROW = re.compile(r"^\|\s*`([a-z0-9-]+)`\s*\|\s*(\w+)\s*\|", re.MULTILINE)
ERRORS = "knhk/base/error.hpp"
DOC = "docs/errors.md"


def check(tree):
    header, doc = tree.find(ERRORS), tree.find(DOC)
    codes = {text: (enumerator, blame) for enumerator, text, blame in CODE.findall(header.text)}
    rows = dict(ROW.findall(doc.text)) if doc else {}
    tests = [file.text for file in tree.files
             if file.name.endswith("_test.cpp") and not file.path.startswith("knhk/base/")
             or file.path.startswith("tests/cli/")]
    untested = tree.allowed("error_codes")
    for text, (enumerator, blame) in codes.items():
        if text not in rows:
            yield f"{DOC}: {text} is missing; add a row: what happened, who acts, what to do"
        elif rows[text] != blame:
            yield f"{DOC}: {text} is for {rows[text]} there and for {blame} in {ERRORS}"
        tested = any(re.search(rf"\bErrc::{enumerator}\b|['\"\[]{text}['\"\]]", test)
                     for test in tests)
        if not tested and text not in untested:
            yield f"{ERRORS}: no test produces {text}; write one, or remove the code"
        if tested and text in untested:
            yield f"allowed.txt: {text} is produced by a test now; remove the line"
    for text in rows:
        if text not in codes:
            yield f"{DOC}: {text} is no error code; remove its row"
