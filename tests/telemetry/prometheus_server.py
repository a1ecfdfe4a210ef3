"""A Prometheus of the tests' own: it scrapes one process and answers questions about it."""

import json
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

ALERTS = pathlib.Path(__file__).resolve().parents[2] / "ops" / "prometheus" / "alerts.yml"
PATIENCE_S = 60  # until a server that says nothing makes a test fail
JOB = "shop"

CONFIG = """\
global: {{scrape_interval: {interval_ms}ms, scrape_timeout: {interval_ms}ms, evaluation_interval: 1s}}
rule_files: [{alerts}]
scrape_configs:
  - job_name: {job}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def missing():
    """Why there can be no Prometheus; nothing when there can be one."""
    for program in ("prometheus", "promtool"):
        if not shutil.which(program):
            return f"there is no {program}; scripts/bootstrap --observe installs it"
    return None


def free_port():
    """A port of 127.0.0.1 that nothing listened on a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def fetch(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as answer:
        return answer.read().decode()


class Prometheus:
    """A server on a free port of 127.0.0.1, with its data in a folder of its own.

    `until_scraped` waits until it has figures. What it scrapes may also come later than the server:
    `until_looking` waits until it has tried once, which takes a few seconds, and tries on."""

    def __init__(self, folder, scraped_port, interval_ms=200):
        config = folder / "prometheus.yml"
        config.write_text(CONFIG.format(alerts=ALERTS, port=scraped_port, job=JOB,
                                        interval_ms=interval_ms), encoding="utf-8")
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = open(folder / "prometheus.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
             f"--web.listen-address={self.url.removeprefix('http://')}"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def until_looking(self):
        self.until(lambda: self.values(f'up{{job="{JOB}"}}'))

    def until_scraped(self):
        self.until(lambda: self.values(f'up{{job="{JOB}"}} == 1'))

    def ask(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        return json.loads(fetch(f"{self.url}/api/v1/{path}?{query}"))["data"]

    def values(self, query):
        """[(labels, number)] of an instant query."""
        return [(one["metric"], float(one["value"][1]))
                for one in self.ask("query", query=query)["result"]]

    def samples(self, query):
        """[(labels, [(time, number)])] of an instant query for a range."""
        return [(one["metric"], [(at, float(value)) for at, value in one["values"]])
                for one in self.ask("query", query=query)["result"]]

    def until(self, wanted):
        """What `wanted()` gives once that is something."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if found := wanted():
                    return found
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.05)  # between questions to another program
        raise AssertionError("Prometheus: " + pathlib.Path(self.log.name).read_text()[-2000:])

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
