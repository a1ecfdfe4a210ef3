"""A page: what is written by hand stays, what stands between marks is made anew."""

from report import tables
from report.page import MARK


def fill(name, text, sections):
    """The page `name` with every marked region taken from `sections` = {name: text}."""
    seen = set()

    def region(match):
        section = match.group("name")
        seen.add(section)
        if section not in sections:
            raise SystemExit(f"{name}: there are no figures called {section}")
        return f"{match.group(1)}{sections[section]}\n{match.group(3)}"

    filled = MARK.sub(region, text)
    missing = set(sections) - seen
    if missing:
        raise SystemExit(f"{name} has no place for {', '.join(sorted(missing))}")
    return filled


def run_facts(document, date, command):
    host = document["host"]
    rows = [("Processor", f"{host['processor']}, {host['cores']} cores, {host['architecture']}"),
            ("Kernel", host["kernel"]), ("Date", date), ("Command", f"`{command}`"),
            ("The whole run", f"{document['run_s']:.0f} s")]
    rows += [(name, version) for name, version in sorted(document["versions"].items())]
    rows += [(f"Left out: {skip['what']}", skip["reason"]) for skip in document["skipped"]]
    return tables.text_table(("Run", ""), rows)


def write(source, target, folder, sections, drawings):
    """Fills `source` into `target` and puts the charts into `folder`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(fill(source.name, source.read_text(encoding="utf-8"), sections),
                      encoding="utf-8")
    for name, drawing in drawings.items():
        (folder / name).write_text(drawing, encoding="utf-8")
