"""Runs the tests of a file that may lack what they need: other programs, packages, a network."""

import unittest

SKIPPED = 77  # what ctest takes for a skip


def run_unless(problem):
    """Exit status: of the tests, or SKIPPED with `problem`, if that is something."""
    if problem:
        print(f"skipped: {problem}")
        return SKIPPED
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    return 1 if failed or result.testsRun == 0 else 0
