#!/usr/bin/env python3
"""Types a transcript into a shell and compares what comes back: run_transcript.py FILE [--write]

In the transcript a line `$ command` is typed; the lines after it are what it must print on standard
output and standard error. `...` in a line stands for any text, a line that is only `...` for any
lines. All commands run in one shell, in a folder of their own that holds the files of
examples/retail_catalogue; knhk is in its PATH, and keys are kept there too. With --write, the output
of commands that have none in the file yet is filled in.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MARK = "--- end of command {} ---"


def parse(text):
    """[(command, expected lines)], in their order."""
    steps = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps:
            steps[-1][1].append(line)
    return steps


def run(steps, folder, binary):
    """What each command printed, as lists of lines."""
    script = "".join(f"{command}\nstatus=$?; echo; echo '{MARK.format(number)}'; (exit $status)\n"
                     for number, (command, _) in enumerate(steps))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNHK_")}
    environment |= {"PATH": f"{binary.parent}:{environment['PATH']}", "HOME": str(folder),
                    "XDG_CONFIG_HOME": str(folder / ".config"), "KNHK_ACTOR": "you",
                    "LC_ALL": "C.UTF-8"}
    printed = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
    outputs = []
    for number in range(len(steps)):
        before, _, printed = printed.partition(f"\n{MARK.format(number)}\n")
        outputs.append(before.rstrip("\n").splitlines())
    return outputs


VARYING = [(re.compile(r"\b\d{4}-\d{2}-\d{2}T[\d:.]+Z"), "TIME"),
           (re.compile(r"\b\d[\d.,]*(e-?\d+)? (?:ns|us|µs|ms|s|min)\b"), "DURATION"),
           (re.compile(r" {2,}"), "  ")]


def steady(line):
    """The line without what differs from run to run."""
    for pattern, word in VARYING:
        line = pattern.sub(word, line.rstrip())
    return line


def matches(expected, printed):
    expected, printed = [steady(line) for line in expected], [steady(line) for line in printed]
    pattern = "\n".join("(?:.*\n)*?.*" if line.strip() == "..." else
                        ".*".join(re.escape(part) for part in line.split("..."))
                        for line in expected)
    return re.fullmatch(pattern, "\n".join(printed)) is not None


def main():
    path = pathlib.Path(sys.argv[1])
    binary = pathlib.Path(os.environ.get("KNHK_BINARY", SOURCE / "build/release/bin/knhk"))
    text = path.read_text(encoding="utf-8")
    steps = parse(text)
    with tempfile.TemporaryDirectory(prefix="knhk-readme-") as folder:
        folder = pathlib.Path(folder)
        for file in (SOURCE / "examples" / "retail_catalogue").glob("*.ttl"):
            shutil.copy(file, folder)
        outputs = run(steps, folder, binary)
    if sys.argv[2:] == ["--write"]:
        filled = [(command, expected or printed)
                  for (command, expected), printed in zip(steps, outputs)]
        path.write_text("".join("\n".join([f"$ {command}", *lines]) + "\n"
                                for command, lines in filled), encoding="utf-8")
        return 0
    failures = 0
    for (command, expected), printed in zip(steps, outputs):
        if not matches(expected, printed):
            failures += 1
            print(f"$ {command}\nexpected:", *expected, "printed:", *printed, "", sep="\n")
    print(f"{len(steps) - failures} passed, {failures} failed")
    return 1 if failures or not steps else 0


if __name__ == "__main__":
    sys.exit(main())
