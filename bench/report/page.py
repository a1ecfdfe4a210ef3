"""docs/performance.md: what is written by hand stays, what stands between marks is made anew."""

import re

from report import charts, tables

MARK = re.compile(r"(<!-- figures: (?P<name>[\w-]+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def fill(text, builds, date, command):
    """The page with every marked region made from `builds`."""
    seen = set()

    def region(match):
        name = match.group("name")
        seen.add(name)
        if name == "run":
            made = tables.run_facts(builds, date, command)
        elif name in tables.SECTIONS:
            made = tables.SECTIONS[name](builds)
        else:
            raise SystemExit(f"docs/performance.md: there are no figures called {name}")
        return f"{match.group(1)}{made}\n{match.group(3)}"

    filled = MARK.sub(region, text)
    missing = {"run", *tables.SECTIONS} - seen
    if missing:
        raise SystemExit(f"docs/performance.md has no place for {', '.join(sorted(missing))}")
    return filled


def write(source, page, folder, builds, date, command):
    """Fills `source` into `page` and draws the charts into `folder`."""
    page.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    page.write_text(fill(source.read_text(encoding="utf-8"), builds, date, command),
                    encoding="utf-8")
    for name, drawing in charts.draw(builds).items():
        (folder / name).write_text(drawing, encoding="utf-8")
