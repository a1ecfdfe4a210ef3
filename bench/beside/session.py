"""What rdf_bench and shacl_bench have in common: options, the build, the file of figures."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

from beside import page, peers
from beside.figures import Figures

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = TOP / "build" / "bench"
BIN = TOP / "build" / "release" / "bin"
SHARED = TOP.parent / "shared"
RETAIL = TOP / "examples" / "retail_catalogue"


def host():
    processor = platform.processor() or "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    return {"processor": processor, "cores": os.cpu_count(), "kernel":
            f"{platform.system()} {platform.release()}", "architecture": platform.machine()}


class Session:
    """One run. `cases` gathers what is measured."""

    def __init__(self, is_smoke):
        self.is_smoke = is_smoke
        self.folder = OUT / "smoke" if is_smoke else OUT
        self.folder.mkdir(parents=True, exist_ok=True)
        self.peers = peers.Peers(OUT / "peers", installs=not is_smoke)
        self.skipped, self.cases = self.peers.skipped, []
        self.start = time.monotonic()

    def skip(self, what, reason):
        self.skipped.append({"what": what, "reason": reason})

    def add(self, group, title, facts, contestants):
        """`contestants`: what runs.rounds gave."""
        for name, found in contestants.items():
            for key in ("failure", "steps_failure"):
                if key in found:
                    print(f"  {name}: {found[key]}", flush=True)
        self.cases.append({"group": group, "title": title, "facts": facts,
                           "contestants": contestants})

    def document(self):
        return {"host": host(), "versions": self.peers.versions, "skipped": self.skipped,
                "run_s": time.monotonic() - self.start, "cases": self.cases}


def build():
    """The programs that are measured. serd_parse is there only where serd is."""
    print("building release", flush=True)
    for command in (("cmake", "--preset", "release"),
                    ("cmake", "--build", "--preset", "release", "--target", "knhk_command",
                     "rdf_steps")):
        done = subprocess.run(command, cwd=TOP, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            print(done.stdout[-4000:], file=sys.stderr)
            sys.exit(f"{' '.join(command)} failed with {done.returncode}")
    subprocess.run(("cmake", "--build", "--preset", "release", "--target", "serd_parse"), cwd=TOP,
                   check=False, capture_output=True)


def main(name, page_name, description, measure, sections, draw):
    """Runs `measure(session)` and renders `sections(figures)` and `draw(figures)` into the page."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--smoke", action="store_true", help="run briefly, judge nothing")
    group.add_argument("--render", action="store_true", help="write the last run's figures again")
    options = parser.parse_args()
    stored = (OUT / "smoke" if options.smoke else OUT) / f"{name}.json"
    if not options.render:
        if not options.smoke:
            if not (SHARED / "data").exists():
                sys.exit(f"bench/{name}: the real data isn't there: {SHARED / 'data'}")
            build()
        session = Session(options.smoke)
        measure(session)
        stored.write_text(json.dumps(session.document(), indent=1), encoding="utf-8")
    if not stored.exists():
        sys.exit(f"bench/{name}: nothing was measured yet")
    figures = Figures(json.loads(stored.read_text(encoding="utf-8")))
    for skip in figures.document["skipped"]:
        print(f"left out: {skip['what']}: {skip['reason']}")
    date = "never" if options.smoke else datetime.datetime.fromtimestamp(
        stored.stat().st_mtime, datetime.timezone.utc).date().isoformat()
    command = f"bench/{name}{' --smoke' if options.smoke else ''}"
    made = {"run": page.run_facts(figures.document, date, command)} | sections(figures)
    source = TOP / "docs" / page_name
    folder = OUT / "smoke" if options.smoke else TOP / "docs"
    page.write(source, folder / page_name, folder / "charts", made, draw(figures))
    print(f"wrote {(folder / page_name).relative_to(TOP)}")
