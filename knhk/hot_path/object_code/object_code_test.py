#!/usr/bin/env python3
"""Reads the object code of functions and refuses what a fast path must not contain.

object_code_test.py OBJECT PREFIX            every function named PREFIX... must be a fast path
object_code_test.py --refused OBJECT PREFIX  every one must be refused, so that a check which no
                                             longer finds anything is noticed

The fast path of a function is the straight line from its first instruction to its first return:
compilers lay out the likely side of a branch in line. On it there may be no locked instruction, no
exchange with memory, no fence, no call and no jump; branches that are not taken must lead forward,
or out of line. Prints the number of instructions on each.
"""

import re
import subprocess
import sys

LINE = re.compile(r"^\s*([0-9a-f]+):\s+(.*?)\s*$")
FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
FENCES = ("mfence", "lfence", "sfence", "cpuid", "serialize")
PADDING = ("nop", "data16", "cs nop", "endbr64", "xchg %ax,%ax")


def functions(object_file):
    """Name -> list of (address, instruction), for every function in the object file."""
    text = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", object_file],
        check=True, capture_output=True, text=True).stdout
    found, body = {}, None
    for line in text.splitlines():
        if match := FUNCTION.match(line):
            body = found.setdefault(match[1], [])
        elif body is not None and (match := LINE.match(line)):
            body.append((int(match[1], 16), match[2]))
    return found


def reason_to_refuse(address, instruction):
    operation = instruction.split()[0]
    if operation == "lock" or instruction.startswith("lock"):
        return "a locked instruction"
    if operation.startswith("xchg") and "(" in instruction:
        return "an exchange with memory, which locks"
    if operation in FENCES:
        return "a fence"
    if operation.startswith("call") or operation in ("syscall", "int"):
        return "a call"
    if operation == "jmp":
        return "a jump"
    if operation.startswith("j"):
        target = re.search(r"\b([0-9a-f]+) <", instruction)
        if target and int(target[1], 16) <= address and ".cold" not in instruction:
            return "a branch backwards"
    return None


def examine(body):
    """The number of instructions on the fast path, and what is wrong with it."""
    count, wrong = 0, []
    for address, instruction in body:
        if instruction.startswith(PADDING):
            continue
        count += 1
        if reason := reason_to_refuse(address, instruction):
            wrong.append(f"{reason}: {instruction}")
        if instruction.startswith(("ret", "repz ret")):
            return count, wrong
    return count, wrong + ["there is no return"]


def main():
    arguments = sys.argv[1:]
    must_be_refused = arguments[:1] == ["--refused"]
    object_file, prefix = arguments[must_be_refused:]
    bodies = {name: body for name, body in functions(object_file).items()
              if name.startswith(prefix) and not name.endswith(".cold")}
    failed = not bodies
    for name, body in sorted(bodies.items()):
        count, wrong = examine(body)
        print(f"{name}: {count} instructions", *wrong, sep="\n    ")
        failed |= bool(wrong) != must_be_refused
    if not bodies:
        print(f"no function named {prefix}...")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
