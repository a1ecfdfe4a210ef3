"""Files about one noun: headers within 250 lines, sources within 450.

Half as much again is printed as a warning and let through; beyond that the file needs a reason in
allowed.txt (`file_length | path | lines | reason`), which goes stale when the file shrinks.
"""

import sys

LIMITS = {".hpp": 250, ".cpp": 450}


def check(tree):
    allowed = tree.allowed("file_length")
    for file in tree.cpp():
        limit = LIMITS[file.path[-4:]]
        lines = file.text.count("\n")
        entry = allowed.get(file.path)
        if entry:
            ceiling = int(entry[0][0])
            if lines > ceiling:
                yield f"{file.path}:1: {lines} lines, allowed.txt lets it have {ceiling}; " \
                      "move the second noun out"
            elif lines <= limit:
                yield f"allowed.txt: {file.path} is within {limit} lines again; remove the line"
        elif lines > limit * 3 // 2:
            yield f"{file.path}:1: {lines} lines; a file is about one noun and stays within {limit}: " \
                  "move the second noun into its own file"
        elif lines > limit:
            print(f"warning: {file.path} has {lines} lines, more than {limit}", file=sys.stderr)
    for path in allowed:
        if not tree.find(path):
            yield f"allowed.txt: {path} is gone; remove the line"
