#!/usr/bin/env python3
"""Searches the model of the hot path exhaustively, and its mutants until they are caught.

run_models.py                      the quick configurations
run_models.py --mutants            the mutants
run_models.py --all                the quick and the other configurations, and the mutants
run_models.py --deep               the deep configurations (minutes, some gigabytes)
run_models.py --only NAME ...      these configurations and mutants, or all whose name starts so
run_models.py --list               names and what each defines

Options: --jobs N (2 at most), --keep FOLDER (models and trails stay there).

Prints a line for each search: name, states, seconds, what came out. Exits with 1 when the protocol
breaks a promise, a search is incomplete, a mutant is caught by something else than the catalogue
says or not at all, or a survivor is caught. Needs spin and a C compiler; without spin it exits 77.
"""

import argparse
import concurrent.futures
import contextlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from catalogue import CONFIGURATIONS, MEMORIES, MODES, MUTANTS

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = ("hot_path.pml", "store_buffers.pml", "views.pml")
MEMORY_LIMIT_MB = 3000
SKIPPED = 77

# The promise without an assertion: in a state that nobody leaves, every thread has ended or stopped.
NOBODY_WAITS = "nobody_waits_for_a_thread_that_stopped"
ASSERTION = re.compile(r"^pan:\d+: assertion violated \(*(\w+)\)*\|\|", re.MULTILINE)
VIOLATION = re.compile(r"^pan:\d+: (.*?)(?: \(at depth \d+\))?$", re.MULTILINE)
INCOMPLETE = re.compile(r"out of memory|max search depth too small|Search not completed|truncated"
                        r"|VECTORSZ", re.IGNORECASE)
STATES = re.compile(r"^\s*(\d+) states, stored", re.MULTILINE)
ERRORS = re.compile(r"errors: (\d+)")


class Unusable(Exception):
    """A search that says nothing about the protocol."""


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unusable(f"{command[0]} exits with {done.returncode}: "
                       f"{(done.stdout + done.stderr).strip()[:500]}")
    return done.stdout


def outcome_of(report):
    """(states, None) of a complete search without errors, (states, broken promise) of another."""
    states, errors = STATES.search(report), ERRORS.search(report)
    if states is None or errors is None:
        raise Unusable(f"pan reports neither states nor errors: {report.strip()[:500]}")
    count = int(states[1])
    if errors[1] != "0":
        promise, violation = ASSERTION.search(report), VIOLATION.search(report)
        if violation and violation[1] == "invalid end state":
            return count, NOBODY_WAITS
        if promise is None:
            raise Unusable(f"not a promise: {violation[1] if violation else report[:500]}")
        return count, promise[1]
    if match := INCOMPLETE.search(report):
        raise Unusable(f"the search is incomplete: {match[0]}")
    return count, None


def search(defines, folder):
    """Searches hot_path.pml with `defines` in `folder`."""
    head = "".join(f"#define {name} {value}\n" for name, value in defines.items())
    for source in SOURCES:
        text = (HERE / source).read_text(encoding="utf-8")
        is_first = source == SOURCES[0]
        name = "model.pml" if is_first else source
        (folder / name).write_text(head + text if is_first else text, encoding="utf-8")
    run(["spin", "-a", "model.pml"], folder)
    optimise = "-O2" if defines.get("DEEP") else "-O0"
    run(["cc", optimise, "-w", "-DSAFETY", "-DNOCLAIM", "-DCOLLAPSE", f"-DMEMLIM={MEMORY_LIMIT_MB}",
         "-DVECTORSZ=8192", "-o", "pan", "pan.c"], folder)
    return outcome_of(run(["./pan", "-m100000", "-w18"], folder))


def documented_states():
    """{name of a configuration: its states} as docs/models.md has them."""
    page = (HERE.parent / "docs" / "models.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|.*?\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", page,
                      re.MULTILINE)
    columns = [f"{memory}.{mode}" for memory in MEMORIES for mode in MODES]
    return {f"{row[0]}.{column}": int(count.replace(",", ""))
            for row in rows for column, count in zip(columns, row[1:])}


def check(name, defines, expected, keep):
    """Runs one search; (line to print, whether it came out as expected)."""
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        if keep:
            folder = keep / name.replace(" ", "_")
            folder.mkdir(parents=True, exist_ok=True)
        else:
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            states, broken = search(defines, folder)
        except Unusable as unusable:
            return f"{name}: UNUSABLE: {unusable}", False
    seconds = time.monotonic() - started
    found = f"breaks {broken}" if broken else "all promises kept"
    line = f"{name}: {states} states, {seconds:.1f} s, {found}"
    documented = documented_states().get(name, states)
    if documented != states:
        return f"{line} -- UNEXPECTED, docs/models.md has {documented} states", False
    if broken == expected:
        return line, True
    return f"{line} -- UNEXPECTED, should {f'break {expected}' if expected else 'keep them'}", False


def searches():
    """(name, size, defines, expected promise to break) of all there is."""
    by_name = {configuration.name: configuration for configuration in CONFIGURATIONS}
    for configuration in CONFIGURATIONS:
        deep = {"DEEP": 1} if configuration.size == "deep" else {}
        yield configuration.name, configuration.size, {**configuration.defines, **deep}, None
    for mutant in MUTANTS:
        for name in mutant.configurations:
            yield (f"{mutant.name} in {name}", "mutant",
                   {**by_name[name].defines, **mutant.defines}, mutant.caught_by)


def chosen(options):
    sizes = ({"deep"} if options.deep else {"mutant"} if options.mutants
             else {"quick", "all", "mutant"} if options.all else {"quick"})
    found = [entry for entry in searches()
             if (entry[0].startswith(tuple(options.only)) if options.only else entry[1] in sizes)]
    if not found:
        sys.exit(f"run_models.py: nothing is named {' or '.join(options.only)}; see --list")
    return found


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    if options.list:
        for name, size, defines, expected in searches():
            print(f"{name} ({size}): {defines} -> {expected or 'all promises kept'}")
        return 0
    if shutil.which("spin") is None:
        print("skipped: spin is not installed, so the model of the hot path was not searched")
        return SKIPPED
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        checks = [pool.submit(check, name, defines, expected, options.keep)
                  for name, _, defines, expected in chosen(options)]
        for done in checks:
            line, as_expected = done.result()
            failed += not as_expected
            print(line, flush=True)
    print(f"{len(checks)} searches, {failed} not as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
