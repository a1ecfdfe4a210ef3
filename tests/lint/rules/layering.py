"""A layer includes only what the layer table of the design lets it."""

import re

# layer: what it may include; that brings along what those may include.
TABLE = {
    "base": [],
    "hot_path": ["base"],
    "telemetry": ["base"],
    "telemetry/export": ["telemetry"],
    "crypto": ["base"],
    "receipts": ["crypto"],
    "store": ["receipts"],
    "promotion": ["hot_path", "telemetry", "store"],
    "follow": ["promotion"],
    "rdf": ["crypto"],
    "shacl": ["rdf"],
    "projections": ["shacl"],
    "ontology": ["promotion", "projections"],
}

# Libraries that a public header must not pull into every program that includes it.
HEAVY = ("nlohmann/", "fmt/", "CLI/", "openssl/", "pcre2.h", "curl/", "prometheus/")

# What the layers that install alone may include besides the standard library.
FREE_STANDING = {"base": ("tl/",), "hot_path": ("tl/", "linux/", "sys/", "unistd.h", "immintrin.h",
                                                "x86intrin.h", "errno.h", "pthread.h", "cxxabi.h")}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def closure(layer):
    reached = {layer}
    for below in TABLE[layer]:
        reached |= closure(below)
    return reached


def layer_of(path):
    parts = path.split("/")
    if parts[0] != "knhk" or len(parts) < 3:
        return None
    nested = "/".join(parts[1:3])
    return nested if nested in TABLE else parts[1]


def check(tree):
    for file in tree.cpp("knhk/", "cli/"):
        layer = layer_of(file.path)
        if layer is not None and layer not in TABLE:
            yield f"{file.path}:1: folder {layer} is not in the layer table; use a layer that is, " \
                  "or add it to the table and to docs/decisions"
            continue
        for match in INCLUDE.finditer(file.text):
            for message in check_include(file, layer, match.group(1), match.group(2),
                                         file.path in tree.tests):
                yield file.at(match.start(2), message)
    yield from cycles(tree)


def check_include(file, layer, quote, path, is_test):
    if quote == '"':
        if not path.startswith(("knhk/", "cli/")):
            yield f'"{path}" is not a full path; include "{file.path.rsplit("/", 1)[0]}/{path}"'
            return
        if layer is None:
            return  # the command may include every layer
        target = layer_of(path)
        if target is None:
            yield f'{layer} includes "{path}"; a layer never includes the command'
        elif target not in closure(layer):
            yield f"{layer} must not include {target}; it may include " \
                  f"{', '.join(sorted(closure(layer) - {layer})) or 'nothing'}: move what is needed " \
                  "down, or the code that needs it up"
    else:
        is_public_header = file.path.endswith(".hpp") and "/detail/" not in file.path
        if layer and is_public_header and not is_test and path.startswith(HEAVY):
            yield f"<{path}> in a public header; include it in the .cpp and pass plain types"
        allowed = FREE_STANDING.get(layer)
        if allowed and not is_test and ("/" in path or "." in path) \
                and not path.startswith(allowed):
            yield f"{layer} installs alone and must not include <{path}>; " \
                  "use the standard library or tl::expected"


def head(file):
    return re.split(r"^namespace\b", file.text, maxsplit=1, flags=re.MULTILINE)[0]


def cycles(tree):
    """Headers that include each other, however many steps it takes.

    What a header of templates includes below its namespace is its continuation, and no cycle.
    """
    edges = {file.path: [match.group(2) for match in INCLUDE.finditer(head(file))
                         if match.group(1) == '"'] for file in tree.cpp("knhk/", "cli/")}
    done = set()
    for start in edges:
        stack = [(start, iter(edges[start]))]
        on_path = [start]
        while stack:
            path, successors = stack[-1]
            following = next((s for s in successors if s in edges and s not in done), None)
            if following is None:
                done.add(path)
                stack.pop()
                on_path.pop()
            elif following in on_path:
                circle = on_path[on_path.index(following):] + [following]
                yield f"{following}:1: includes itself: {' -> '.join(circle)}; move what both need " \
                      "into a header of its own"
            else:
                stack.append((following, iter(edges[following])))
                on_path.append(following)
