"""Whether two validators found the same, by lines `focus node, component, value`."""

import collections
import re

LANGUAGE = re.compile(r'"@([A-Za-z0-9-]+)$', re.MULTILINE)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\([tbnrf])")
NAMED = {"t": "\t", "b": "\b", "n": "\\n", "r": "\\r", "f": "\f"}


def normal(line):
    """The same text for what RDF takes for the same: escapes, and the case of language tags."""
    def plain(match):
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else NAMED[match.group(3)]
    # A tab inside a value is no separator; those are the first two of a line.
    parts = line.rstrip("\n").split("\t", 2)
    return "\t".join(LANGUAGE.sub(lambda m: '"@' + m.group(1).lower(), ESCAPE.sub(plain, part))
                     for part in parts)


def results(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return collections.Counter(normal(line) for line in file)


def components(lines):
    """The three commonest constraint components of some results, with their counts."""
    found = collections.Counter()
    for line, count in lines.items():
        found[line.split("\t")[1].rsplit("#", 1)[-1].rstrip(">")
              .removesuffix("ConstraintComponent")] += count
    return [[name, count] for name, count in found.most_common(3)]


def difference(own_path, other_path):
    """What the other lacks and what it has beyond, counted with repetitions."""
    own, other = results(own_path), results(other_path)
    missing, extra = own - other, other - own
    return {"missing": missing.total(), "extra": extra.total(),
            "of_missing": components(missing), "of_extra": components(extra)}
