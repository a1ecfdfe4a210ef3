#!/usr/bin/env python3
"""House rules that no compiler checks.

lint.py RULE [ROOT]      prints what breaks RULE under ROOT; exits 1 if anything does
lint.py --fixture RULE   the rule must find in fixtures/RULE exactly what its expected.txt says, so
                         that a rule which no longer finds anything is noticed

Each rule is a module in rules/ with a docstring and `check(tree)`, which yields findings.
"""

import importlib
import pathlib
import sys

from tree import Tree

HERE = pathlib.Path(__file__).resolve().parent


def findings(rule, root):
    check = importlib.import_module(f"rules.{rule}").check
    return sorted({str(finding) for finding in check(Tree(root))})


def lint(rule, root):
    found = findings(rule, root)
    print("\n".join(found) or f"{rule}: nothing found")
    return 1 if found else 0


def fixture(rule):
    folder = HERE / "fixtures" / rule
    expected = (folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    found = findings(rule, folder)
    missing = [line for line in expected if line not in found]
    unexpected = [line for line in found if line not in expected]
    for line in missing:
        print(f"not found: {line}")
    for line in unexpected:
        print(f"not expected: {line}")
    print(f"{len(expected)} findings expected, {len(found)} found")
    return 1 if missing or unexpected or not expected else 0


def main():
    arguments = sys.argv[1:]
    if len(arguments) == 2 and arguments[0] == "--fixture":
        return fixture(arguments[1])
    if len(arguments) in (1, 2) and not arguments[0].startswith("-"):
        return lint(arguments[0], pathlib.Path(*arguments[1:2] or [HERE.parents[1]]))
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
