"""Calls that end the process, or fail in a way that input can reach."""

import re

# (pattern, what to write instead). Everywhere:
ALWAYS = [
    (r"\.\s*value\s*\(\s*\)", "unchecked value(): test the result, then use *result"),
]

# In what users run:
SHIPPED = [
    (r"(?<![\w.>])(?:std\s*::\s*)?abort\s*\(", "abort(): return fail(Errc::..., where, detail)"),
    (r"(?<![\w.>])(?:std\s*::\s*)?terminate\s*\(", "terminate(): return fail(Errc::..., where, detail)"),
    (r"(?<![\w.>:])(?:std\s*::\s*)?_?_?(?:exit|_Exit|quick_exit)\s*\(",
     "exit(): return a Status; main alone turns it into an exit code"),
    (r"\b__builtin_(?:trap|unreachable|abort)\s*\(", "return fail(Errc::..., where, detail)"),
    (r"\bstd\s*::\s*sto(?:i|l|ll|ul|ull|f|d|ld)\s*\(", "it throws on bad input: use std::from_chars"),
    (r"\b(?:ato[ifl]|atoll|strtok|gets|sprintf|strcpy|strcat)\s*\(",
     "it hides bad input: use std::from_chars or std::string"),
    (r"\bstd\s*::\s*(?:basic_)?regex\b", "std::regex recurses for each character, so a long line "
                                         "overflows the stack: use PCRE2 or write the matcher"),
]

# An assertion is for a programmer's mistake, never for input, and says which: assert(x && "...").
ASSERT = re.compile(r"(?<!\w)assert\s*\(")
BARE_ASSERT = "a bare assert(): for input return fail(...); for a caller's mistake say which one, " \
              "assert(x && \"a pin outlives its reader\")"


def says_whose_mistake(file, start):
    end = file.code.find(";", start)
    return re.search(r'&&\s*"', file.text[start:end]) is not None


def matches(file, is_test):
    """(offset, message) of each call that is refused in `file`."""
    for pattern, message in ALWAYS + ([] if is_test else SHIPPED):
        for match in re.finditer(pattern, file.code):
            yield match.start(), message
    for match in ASSERT.finditer(file.code):
        if not is_test and not says_whose_mistake(file, match.start()):
            yield match.start(), BARE_ASSERT


def check(tree):
    allowed = tree.allowed("calls")
    used = set()
    for file in tree.cpp():
        for offset, message in matches(file, file.path in tree.tests):
            line = file.text.splitlines()[file.text.count("\n", 0, offset)]
            needle = next((needle for needle, _ in allowed.get(file.path, []) if needle in line), None)
            if needle is None:
                yield file.at(offset, message)
            used.add((file.path, needle))
    for path, entries in allowed.items():
        for needle, _ in entries:
            if (path, needle) not in used:
                yield f"allowed.txt: {path} no longer has {needle!r}; remove the line"
