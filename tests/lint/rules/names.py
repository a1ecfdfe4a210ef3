"""Names that say nothing."""

import re

INSTEAD = "name it after the one thing it holds"
EMPTY = ("util", "utils", "utility", "utilities", "helper", "helpers", "common", "manager", "misc",
         "impl")
DECLARED = re.compile(
    r"\b(?:(?:class|struct|union|concept)\s+(?P<type>[A-Z]\w*)|namespace\s+(?P<space>[\w:]+))")


def words(name):
    """The lowercase words of a snake_case, kebab-case or PascalCase name."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def empty_word(name):
    return next((word for word in words(name) if word in EMPTY), None)


def check(tree):
    for file in tree.files:
        for part in file.path.split("/"):
            if word := empty_word(part.rsplit(".", 1)[0]):
                yield f"{file.path}:1: \"{word}\" in a file or folder name; {INSTEAD}"
    for file in tree.cpp():
        for match in DECLARED.finditer(file.code):
            name = match.group("type") or match.group("space")
            if word := empty_word(name):
                yield file.at(match.start(), f"\"{word}\" in {name}; {INSTEAD}")
