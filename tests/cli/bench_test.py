"""What `knhk bench` says, whatever its figures are: no figure is judged here."""

import json
import os
import pty
import subprocess

from knhk_command import BINARY, DONE, CommandTest, run_main

QUICK = ("bench", "--seconds", "0.1")


def ranks_of(found):
    """Every (name, p10, median, p90) anywhere in `found`."""
    if isinstance(found, list):
        for item in found:
            yield from ranks_of(item)
    elif isinstance(found, dict):
        for name, value in found.items():
            yield from ranks_of(value)
            stem = name.removesuffix("_ticks")
            if f"{stem}_p10_ticks" in found:
                yield stem, found[f"{stem}_p10_ticks"], value, found[f"{stem}_p90_ticks"]


class Bench(CommandTest):
    def bench(self, *arguments, extra=None, **settings):
        """The JSON object that it prints with `extra` in its environment."""
        done = subprocess.run([BINARY, *QUICK, *arguments, "--json"], capture_output=True,
                              cwd=self.place.folder, stdin=subprocess.DEVNULL, timeout=240,
                              env={**self.place.environment(), **(extra or {})}, **settings)
        self.assertEqual(done.returncode, DONE, done.stderr)
        return json.loads(done.stdout)

    def test_has_a_table_for_all_that_it_measures_and_fits_80_columns(self):
        outcome = self.place.run(*QUICK)
        self.assertEqual(outcome.code, DONE, outcome.err)
        self.assertEqual([line for line in outcome.out.splitlines() if len(line) > 80], [])
        for words in ("processor", "kernel", "compiler", "fences", "a tick is", "physical limit",
                      "HotPath::current_id", "Reader::pin", "StickyReader::current", "2 readers",
                      "promotions a second", "publish step", "compile-time model", "freeing the old",
                      "another core", "promised"):
            self.assertIn(words, outcome.out)
        self.assertFalse(self.place.store.exists(), "no store is made")

    def test_says_nothing_on_standard_error_that_is_no_terminal(self):
        outcome = self.place.run(*QUICK)
        self.assertEqual([line for line in outcome.err.splitlines() if "warning:" not in line], [])

    def test_shows_a_bar_on_a_terminal_and_wipes_it(self):
        terminal, end = pty.openpty()
        done = subprocess.Popen([BINARY, *QUICK], cwd=self.place.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=end, env=self.place.environment())
        os.close(end)
        shown = b""
        try:
            while chunk := os.read(terminal, 4096):
                shown += chunk
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(terminal)
        self.assertEqual(done.wait(timeout=240), DONE)
        for words in (b"one reader", b"readers at once", b"promotions", b"100 %"):
            self.assertIn(words, shown)
        last = shown.decode().replace("\r\n", "\n").rsplit("\r", 2)
        self.assertEqual(last[-1].partition("knhk: warning")[0], "")
        self.assertEqual(last[-2].strip(), "")

    def test_doubles_the_readers_up_to_the_most(self):
        for most, counts in ((1, [1]), (3, [1, 2, 3]), (4, [1, 2, 4])):
            found = self.bench("--readers", str(most))
            self.assertEqual([crowd["readers"] for crowd in found["crowds"]], counts)
            self.assertLessEqual(found["beside_promoter"]["readers"], most)

    def test_has_as_many_readers_as_cores_if_not_told(self):
        found = self.bench()
        self.assertEqual(found["crowds"][-1]["readers"], len(os.sched_getaffinity(0)))
        self.assertEqual(found["machine"]["usable_cores"], len(os.sched_getaffinity(0)))

    def test_gives_percentiles_in_order_and_the_limit_as_its_own_measure(self):
        found = self.bench()
        ranks = list(ranks_of(found))
        self.assertGreater(len(ranks), 20)
        for name, low, median, high in ranks:
            self.assertTrue(0 <= low <= median <= high, name)
        for batch in found["beside_promoter"]["batches"]:
            self.assertTrue(0 < batch["p50_ticks"] <= batch["p99_ticks"] <= batch["p999_ticks"], batch)
        self.assertEqual(found["ticks"]["reads"][0]["throughput_to_limit"], 1)
        self.assertGreater(found["beside_promoter"]["promotions_per_second"], 0)

    def test_calls_within_what_is_at_most_the_budget(self):
        promises = self.bench()["promises"]
        self.assertEqual({promise["budget_ticks"] for promise in promises}, {3, 10})
        for promise in promises:
            within = promise["measured_ticks"] <= promise["budget_ticks"]
            self.assertEqual(promise["verdict"], "within" if within else "above", promise)

    def test_says_why_fences_are_portable(self):
        machine = self.bench(extra={"KNHK_PORTABLE_FENCES": "1"})["machine"]
        self.assertEqual(machine["fences"], "portable")
        self.assertRegex(machine["portable_reason"], "KNHK_PORTABLE_FENCES|ThreadSanitizer")

    def test_leaves_out_what_needs_two_cores(self):
        core = min(os.sched_getaffinity(0))
        found = self.bench(preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        self.assertEqual(found["machine"]["usable_cores"], 1)
        self.assertIsNone(found["visibility"])


if __name__ == "__main__":
    run_main()
