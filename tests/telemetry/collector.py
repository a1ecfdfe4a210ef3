"""The collector of the tests: node runs it, with packages that npm installs below the build folder."""

import fcntl
import filecmp
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent / "collector"
FOLDER = pathlib.Path(os.environ.get("KNHK_COLLECTOR_DIR",
                                     pathlib.Path(tempfile.gettempdir()) / "knhk-collector"))
FILES = ("collector.mjs", "strict.mjs", "strict.test.mjs", "package.json", "package-lock.json")


def install():
    """Why there can be no collector; nothing when there is one, in FOLDER."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            return f"there is no {program}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w", encoding="utf-8") as lock:  # several tests want it at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in FILES:
            if not same(SOURCE / name, FOLDER / name):
                shutil.copy(SOURCE / name, FOLDER / name)
        if same(SOURCE / "package-lock.json", FOLDER / "installed-lock.json"):
            return None
        problem = run_npm()
        if problem is None:
            shutil.copy(SOURCE / "package-lock.json", FOLDER / "installed-lock.json")
        return problem


def same(one, other):
    return other.exists() and filecmp.cmp(one, other, shallow=False)


def run_npm():
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False,
                              timeout=200)
    except subprocess.TimeoutExpired:
        return "npm didn't end in time"
    if done.returncode == 0:
        return None
    return "npm: " + (done.stderr.strip().splitlines() or ["it failed"])[0][:120]


class Collector:
    """A running collector; `mode` as collector.mjs says."""

    def __init__(self, folder, *mode):
        self.file = pathlib.Path(folder) / "received.jsonl"
        self.file.touch()
        self.process = subprocess.Popen(
            ["node", str(FOLDER / "collector.mjs"), str(self.file), *map(str, mode)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def received(self, signal=None):
        lines = self.file.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        problems = [line["problem"] for line in found if "problem" in line]
        if problems:
            raise AssertionError(f"the collector refused: {problems}")
        return [line for line in found if signal in (None, line["signal"])]

    def taken(self, signal, outer, inner, items):
        """Every item of the requests for `signal` that were answered with 200."""
        return [item for line in self.received(signal) if line["status"] == 200
                for resource in line["request"][outer] for scope in resource[inner]
                for item in scope.get(items, [])]

    def spans(self):
        return self.taken("traces", "resourceSpans", "scopeSpans", "spans")

    def events(self):
        return self.taken("logs", "resourceLogs", "scopeLogs", "logRecords")

    def metrics(self):
        """The last that was said of each metric."""
        return {metric["name"]: metric for metric in
                self.taken("metrics", "resourceMetrics", "scopeMetrics", "metrics")}


def attributes_of(item):
    """{key: value} with each value as JSON has it."""
    return {one["key"]: next(iter(one["value"].values())) for one in item.get("attributes", [])}
