"""A real Prometheus scrapes a process that promotes; dashboard and alerts ask for what it then has."""

import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from prometheus_server import ALERTS, PATIENCE_S, Prometheus, fetch, missing
from unittests import run_unless

PROGRAM = os.environ["KNHK_EXPORTING_PROGRAM"]
DASHBOARD = pathlib.Path(__file__).resolve().parents[2] / "ops" / "grafana" / "knhk.json"
PROMOTIONS = 5


def line_of(process, begin):
    """The first line of its standard error or output that has `begin` in it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and select.select([process.stdout], [], [], PATIENCE_S)[0]:
        line = process.stdout.readline()
        if begin in line or not line:
            return line
    raise AssertionError(f"no line with {begin!r}")


class Process:
    """exporting_program, scraped at `port`, until it is told to go on."""

    def __init__(self):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("OTEL_")}
        environment["OTEL_RESOURCE_ATTRIBUTES"] = "service.name=shop,service.namespace=retail"
        self.process = subprocess.Popen(
            [PROGRAM, str(PROMOTIONS), "127.0.0.1:0"], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(line_of(self.process, "port ").split()[1])

    def end(self):
        self.process.communicate("\n", timeout=PATIENCE_S)
        return self.process.returncode


def queries_of_dashboard():
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    found = [(panel["title"], target["expr"]) for panel in dashboard["panels"]
             for target in panel["targets"]]
    found += [(one["name"], one["expr"]) for one in dashboard["annotations"]["list"]]
    filled = [(title, expression.replace("$__rate_interval", "1m").replace("$job", "shop")
               .replace("$instance", ".*")) for title, expression in found]
    variables = {f"${one['name']}" for one in dashboard["templating"]["list"]}
    return filled, variables


def metrics_in(expression):
    return set(re.findall(r"\b(?:knhk_\w+|target_info)(?=[\[{(]|\s|\)|$)",
                          re.sub(r"by \([^)]*\)|\{[^}]*\}", " ", expression)))


class Scraped(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="knhk-prometheus-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.scraped = Process()
        cls.addClassCleanup(cls.scraped.end)
        cls.text = fetch(f"http://127.0.0.1:{cls.scraped.port}/metrics")
        cls.server = Prometheus(cls.folder, cls.scraped.port)
        cls.addClassCleanup(cls.server.stop)
        cls.server.until_scraped()

    def value(self, query):
        [(_, value)] = self.server.until(lambda: self.server.values(query))
        return value

    def test_it_counts_what_was_attempted(self):
        for action, outcome, count in (("promotion", "succeeded", PROMOTIONS),
                                       ("rollback", "succeeded", 1), ("promotion", "failed", 0),
                                       ("admission", "failed", 1)):
            query = f'knhk_attempts_total{{knhk_action="{action}",knhk_outcome="{outcome}"}}'
            self.assertEqual(self.value(query), count, query)
        self.assertEqual(self.value('knhk_failures_total{error_type="invariant-failed"}'), 1)
        self.assertEqual(self.value('knhk_reads_total{knhk_channel="main"}'), 65536)

    def test_histograms_are_histograms_to_it(self):
        name = "knhk_phase_duration_seconds"
        self.assertEqual(self.value(name + '_count{knhk_phase="atomic_promotion"}'), PROMOTIONS + 1)
        self.assertEqual(self.value(name + '_bucket{knhk_phase="atomic_promotion",le="+Inf"}'),
                         PROMOTIONS + 1)
        median = self.value('histogram_quantile(0.5, knhk_phase_duration_seconds_bucket'
                            '{knhk_phase="validation"})')
        self.assertGreater(median, 0)

    def test_it_knows_kinds_and_who_is_scraped(self):
        kinds = self.server.until(lambda: self.server.ask("metadata"))
        for name, kind in (("knhk_attempts_total", "counter"),
                           ("knhk_phase_duration_seconds", "histogram"),
                           ("knhk_snapshots_living", "gauge"), ("target_info", "gauge")):
            self.assertEqual(kinds[name][0]["type"], kind)
        [(labels, _)] = self.server.values("target_info")
        self.assertEqual((labels["service_name"], labels["service_namespace"]),
                         ("shop", "retail"))
        [(labels, _)] = self.server.values('knhk_active_snapshot')
        self.assertEqual((labels["knhk_epoch"], labels["otel_scope_name"]),
                         (str(PROMOTIONS + 1), "knhk"))
        self.assertRegex(labels["knhk_snapshot_id"], "^sha256:[0-9a-f]{64}$")

    def test_promtool_finds_nothing_wrong_with_what_is_exposed(self):
        done = subprocess.run(["promtool", "check", "metrics"], input=self.text, text=True,
                              capture_output=True, check=False, timeout=PATIENCE_S)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)

    def test_the_dashboard_asks_for_what_is_there(self):
        queries, variables = queries_of_dashboard()
        self.assertEqual(variables, {"$datasource", "$job", "$instance"})
        self.assertGreater(len(queries), 20)
        for title, query in queries:
            with self.subTest(panel=title):
                self.assertNotIn("$", query)
                self.server.ask("query", query=query)
                self.assertTrue(metrics_in(query), query)
                for name in metrics_in(query):
                    self.assertTrue(self.server.values(f'count({name}{{job="shop"}})'),
                                    f"nothing exposes {name}")

    def test_the_alerts_ask_for_what_is_there(self):
        groups = self.server.until(lambda: self.server.ask("rules")["groups"])
        rules = [rule for group in groups for rule in group["rules"]]
        self.assertGreater(len(rules), 5)
        for rule in rules:
            with self.subTest(alert=rule["name"]):
                self.assertIn(rule["health"], ("ok", "unknown"), rule.get("lastError"))
                self.assertTrue(metrics_in(rule["query"]), rule["query"])
                for name in metrics_in(rule["query"]):
                    self.assertTrue(self.server.values(f'count({name}{{job="shop"}})'),
                                    f"nothing exposes {name}")


class Rules(unittest.TestCase):
    def promtool(self, *arguments):
        return subprocess.run(["promtool", *arguments], cwd=ALERTS.parent, text=True,
                              capture_output=True, check=False, timeout=PATIENCE_S)

    def test_the_alerts_are_rules(self):
        done = self.promtool("check", "rules", ALERTS.name)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_alert_fires_when_it_should_and_only_then(self):
        done = self.promtool("test", "rules", "alerts_test.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        alerts = set(re.findall(r"alert: (\w+)", ALERTS.read_text(encoding="utf-8")))
        tested = set(re.findall(r"alertname: (\w+)", (ALERTS.parent / "alerts_test.yml").read_text(
            encoding="utf-8")))
        self.assertEqual(tested, alerts)


if __name__ == "__main__":
    sys.exit(run_unless(missing()))
