#!/usr/bin/env python3
"""Reads the object code of functions and refuses what a fast path must not contain.

object_code_test.py OBJECT PREFIX             every function named PREFIX... must be a fast path
object_code_test.py --refused OBJECT PREFIX   every one must be refused, so that a check which no
                                              longer finds anything is noticed
object_code_test.py --same OBJECT HANDWRITTEN every plain_NAME of HANDWRITTEN must be the same
                                              instructions as fast_NAME of OBJECT
object_code_test.py --different OBJECT HANDWRITTEN   no plain_NAME may be
object_code_test.py --counts FILE COMPILER OBJECT PREFIX...   the fast paths must be as long as FILE
                                              has it; exits with 77 when FILE doesn't know COMPILER

The fast path of a function is the straight line from its first instruction to its first return:
compilers lay out the likely side of a branch in line. On it there may be no locked instruction, no
exchange with memory, no fence, no call and no jump; branches that are not taken must lead forward,
or out of line. Prints the number of instructions on each.

Two paths are the same when each instruction does the same with the same values: which register holds
a value, and which side of an equality stands first, are left to the compiler.
"""

import itertools
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


def fast_path(body):
    """The instructions up to the first return, without padding."""
    path = []
    for _, instruction in body:
        if instruction.startswith(PADDING):
            continue
        path.append(instruction)
        if instruction.startswith(("ret", "repz ret")):
            break
    return path


REGISTER = re.compile(r"%(?:r?(?:[abcd])[xhl]|e[abcd]x|[re]?(?:si|di|bp|sp)l?|r\d+[dwb]?|xmm\d+)")
CALLEE_SAVED = re.compile(r"(?:push|pop) |(?:sub|add) +\$0x[0-9a-f]+,%rsp")
# The only operand, or the last one, is written without being read.
WRITES = re.compile(r"(?:mov|movq|movz\w+|movs[bwl]\w+|movups|movaps|lea|movabs)$")


def whole(register):
    """The register that `register` is a part of."""
    name = register[1:]
    if numbered := re.match(r"(r\d+|xmm\d+)", name):
        return numbered[1]
    stem = re.sub(r"^[re]|l$", "", name) if len(name) > 2 else name
    return stem[0] if stem[-1] in "xhl" and stem[0] in "abcd" and len(stem) == 2 else stem


def by_values(path):
    """`path` with values in the place of registers, numbered as they come up."""
    value_of, lines, count, compared = {}, [], 0, set()

    def value(register):
        nonlocal count
        name = whole(register[0])
        if name not in value_of:
            value_of[name] = count
            count += 1
        return f"v{value_of[name]}"

    for instruction in path:
        instruction = re.sub(r"\s*[#<].*", "", instruction)
        if CALLEE_SAVED.match(instruction):
            continue  # which registers are saved follows from which are used
        operation, _, operands = instruction.partition(" ")
        if operation.startswith("j"):
            if operation == "jne" and len(compared) == 2:  # not taken: they are one value from here
                one, other = sorted(compared)
                value_of = {name: one if held == other else held for name, held in value_of.items()}
            lines.append(operation)
            continue
        parts = re.split(r",(?![^(]*\))", operands.strip())
        target = parts[-1] if REGISTER.fullmatch(parts[-1]) else None
        if operation.startswith(("cmp", "test")):
            target = None
            read = sorted(REGISTER.sub(value, part) for part in parts)
            compared = {value_of[whole(part)] for part in parts if REGISTER.fullmatch(part)}
        elif target and WRITES.match(operation):
            read = [REGISTER.sub(value, part) for part in parts[:-1]]
        else:
            read = [REGISTER.sub(value, part) for part in parts]
        if target:
            value_of[whole(target)] = count
            read.append(f"v{count}")
            count += 1
        lines.append(f"{operation} {','.join(read)}")
    return lines


def compare(object_file, handwritten, must_differ):
    ours, plain = functions(object_file), functions(handwritten)
    names = sorted(name.removeprefix("plain_") for name in plain if name.startswith("plain_")
                   and not name.endswith(".cold"))
    failed = not names
    for name in names:
        mine, theirs = (by_values(fast_path(found.get(prefix + name, [])))
                        for found, prefix in ((ours, "fast_"), (plain, "plain_")))
        is_same = bool(mine) and mine == theirs
        print(f"{name}: {'the same' if is_same else 'DIFFERENT'}, {len(mine)} instructions")
        if is_same == must_differ:
            failed = True
            print(*(f"    {a:40} {b}" for a, b in itertools.zip_longest(mine, theirs, fillvalue="")),
                  sep="\n")
    return 1 if failed else 0


def check_counts(counts_file, compiler, object_files_and_prefixes):
    recorded = {}
    with open(counts_file, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                known, name, count = (part.strip() for part in line.split("|"))
                recorded.setdefault(known, {})[name] = int(count)
    if compiler not in recorded:
        print(f"skipped: no counts are recorded for {compiler}")
        return 77
    found = {}
    for object_file, prefix in zip(*[iter(object_files_and_prefixes)] * 2):
        found |= {name: len(fast_path(body)) for name, body in functions(object_file).items()
                  if name.startswith(prefix) and not name.endswith(".cold")}
    failed = False
    for name in sorted(found.keys() | recorded[compiler].keys()):
        now, before = found.get(name), recorded[compiler].get(name)
        if now == before:
            continue
        failed = True
        if before is None or now is None:
            print(f"{name}: {'is gone from the code' if now is None else 'is not recorded'}; "
                  f"{counts_file} should {'not have it' if now is None else f'say {now}'}")
        elif now > before:
            print(f"{name}: {now} instructions, {before} are recorded: take them out again, or say in "
                  f"docs/decisions why they are worth it and record {now} in {counts_file}")
        else:
            print(f"{name}: {now} instructions, {before} are recorded: record {now} in {counts_file}")
    return 1 if failed else 0


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
    if arguments[:1] in (["--same"], ["--different"]):
        return compare(*arguments[1:], must_differ=arguments[0] == "--different")
    if arguments[:1] == ["--counts"]:
        return check_counts(*arguments[1:3], arguments[3:])
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
