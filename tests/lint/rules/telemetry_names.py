"""Code, document, dashboard and alerts call telemetry by the same names.

The table of metrics in docs/telemetry.md has each metric that code makes, with its unit and kind, and
no other but those in allowed.txt (`telemetry_names | docs/telemetry.md | metric | reason`). Each name
`knhk.*` that code tells stands in that document. What is asked of Prometheus in ops/ is one of these
metrics under its name there.
"""

import re

DOC = "docs/telemetry.md"
# `{"name", "description", "unit", MetricKind::gauge`, or `gauge("name", "description", "unit"`
METRIC = re.compile(r'(?:\b(?P<call>counter|gauge|histogram)\(\s*)?"(?P<name>knhk\.[\w.]+)",\s*'
                    r'(?:"(?:[^"\\]|\\.)*"\s*)+,\s*"(?P<unit>[^"]*)",\s*'
                    r'(?:(?:\w+::)*MetricKind::(?P<kind>\w+))?')
NAME = re.compile(r'"(knhk\.[\w.]*\w)"')
ROW = re.compile(r"^\| `(knhk\.[\w.]+)` \| (?:`([^`]*)`)? ?\| (counter|gauge|histogram) \|", re.MULTILINE)
ASKED = re.compile(r"\bknhk_\w+")
UNITS = {"s": "_seconds", "By": "_bytes"}


def prometheus_names(name, unit, kind):
    base = name.replace(".", "_") + UNITS.get(unit, "")
    if kind == "counter":
        return {base + "_total"}
    if kind == "histogram":
        return {base + suffix for suffix in ("", "_bucket", "_count", "_sum")}
    return {base}


def without_labels(text):
    """`text` without what only names labels: selectors, `by (...)`, templates, legends."""
    text = re.sub(r"\{\{.*?\}\}", " ", text)
    text = re.sub(r"\{[^{}\n]*[=~:][^{}\n]*\}", " ", text)
    text = re.sub(r"label_values\((\w+)[^)]*\)", r" \1 ", text)
    text = re.sub(r"\b(?:by|without) ?\([^)]*\)", " ", text)
    return re.sub(r'"(?:knhk_\w+)":', " ", text)  # a column of a dashboard's table


def check(tree):
    doc = tree.find(DOC)
    rows = {name: (unit, kind) for name, unit, kind in ROW.findall(doc.text)}
    made = {}
    for file in tree.cpp("knhk/", "cli/"):
        if file.path in tree.tests:
            continue
        for match in METRIC.finditer(file.text):
            name, unit = match.group("name", "unit")
            kind = match.group("kind") or match.group("call")
            made[name] = (unit, kind)
            if name not in rows:
                yield file.at(match.start(), f"{name} is not in {DOC}; add a row: what it says")
            elif rows[name] != (unit, kind):
                yield file.at(match.start(), f"{name} is a {kind} in \"{unit}\" here and a "
                                             f"{rows[name][1]} in \"{rows[name][0]}\" in {DOC}")
        if "telemetry::" in file.text or "knhk/telemetry/" in file.text:
            for match in NAME.finditer(file.text):
                if f"`{match.group(1)}`" not in doc.text:
                    yield file.at(match.start(), f"{match.group(1)} is told and not in {DOC}; say "
                                                 "there what it means")
    announced = [needle for needle, _ in tree.allowed("telemetry_names").get(DOC, [])]
    for name in rows:
        if name not in made and name not in announced:
            yield f"{DOC}: nothing makes {name}; remove its row"
        if name in made and name in announced:
            yield f"allowed.txt: {name} is made now; remove the line"
    known = set().union(*(prometheus_names(name, *row) for name, row in rows.items()))
    for file in tree.files:
        if not file.path.startswith("ops/"):
            continue
        for name in sorted(set(ASKED.findall(without_labels(file.text))) - known):
            place = re.search(rf"\b{name}\b", file.text).start()
            yield file.at(place, f"no metric in {DOC} is {name} to Prometheus")
