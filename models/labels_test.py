#!/usr/bin/env python3
"""The model speaks of the same operations as the code.

labels_test.py MODEL HEADERS...              every label of the code is in the model or listed below,
                                             and the model has no label that the code lacks
labels_test.py --refused MODEL HEADERS...    something must be wrong, so that a check which no longer
                                             finds anything is noticed
"""

import pathlib
import re
import sys

# Label: why the model leaves it out.
NOT_MODELLED = {
    "R8d": "what happens when a path ends, by its destructor; the checked schedules end paths",
    "R9a": "a reader that looks for a used record looks at one; the checked schedules have lists",
}

LABEL = re.compile(r"\[([RW]\d+[a-z]?)\]")


def labels(paths):
    return {label for path in paths
            for label in LABEL.findall(pathlib.Path(path).read_text(encoding="utf-8"))}


def findings(model, headers):
    in_code, in_model = labels(headers), labels([model])
    for label in sorted(in_code - in_model - set(NOT_MODELLED)):
        yield f"[{label}] is in the code and not in the model: model it, or list it with its reason"
    for label in sorted(in_model - in_code):
        yield f"[{label}] is in the model and no longer in the code"
    for label in sorted(set(NOT_MODELLED) & in_model):
        yield f"[{label}] is modelled now: take it off the list"
    for label in sorted(set(NOT_MODELLED) - in_code):
        yield f"[{label}] is listed and no longer in the code"
    if not in_code:
        yield "the code has no labels at all"


def main():
    arguments = sys.argv[1:]
    must_be_refused = arguments[:1] == ["--refused"]
    model, *headers = arguments[must_be_refused:]
    found = list(findings(model, headers))
    print(*found or ["every label of the code is in the model"], sep="\n")
    return 1 if bool(found) != must_be_refused else 0


if __name__ == "__main__":
    sys.exit(main())
