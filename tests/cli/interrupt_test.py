"""Ctrl-C during admit, promote and rollback: cancelled, nothing changed, exit code 3."""

import json
import os
import signal
import subprocess

from knhk_command import BINARY, CATALOGUE, MACHINE, CommandTest, Outcome, run_main, state_of

PATIENCE_S = 60


def worked_s(pid):
    """How long the process has been at work, in seconds of a core."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


class Interrupt(CommandTest):
    def setUp(self):
        super().setUp()
        self.place.init()

    def start(self, *arguments, **extra):
        process = subprocess.Popen(
            [str(BINARY), *map(str, arguments)], cwd=self.place.folder,
            env=self.place.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **extra)
        self.addCleanup(process.kill)
        return process

    def end(self, process):
        out, err = process.communicate(timeout=PATIENCE_S)
        return Outcome(process.returncode, out.decode(), err.decode())

    def interrupted_from_the_start(self, how, *arguments):
        """The outcome of a command that finds the signal sent already."""
        def send():
            signal.pthread_sigmask(signal.SIG_BLOCK, {how})
            os.kill(os.getpid(), how)
        return self.end(self.start(*arguments, preexec_fn=send))

    def endless(self):
        """A file whose canonical form takes far longer than any test may."""
        nodes = range(40)
        text = "".join(f"_:n{a} <x:p> _:n{b} .\n" for a in nodes for b in nodes if a != b)
        return self.place.file("alike.nt", text)

    def assert_cancelled(self, outcome):
        self.assert_refused(outcome, MACHINE, "cancelled")

    def test_in_the_middle_of_an_admission_ends_it_and_leaves_nothing(self):
        data = self.endless()
        for verb in ("admit", "promote"):
            for how in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(verb=verb, how=how):
                    before = state_of(self.place.store)
                    process = self.start(verb, data, "--max-work", 10**12)
                    while process.poll() is None and worked_s(process.pid) < 0.2:
                        pass
                    self.assertIsNone(process.poll())
                    process.send_signal(how)
                    self.assert_cancelled(self.end(process))
                    self.assertEqual(state_of(self.place.store), before)

    def test_before_the_commit_changes_nothing(self):
        first, second = (self.place.admit(version) for version in ("v1", "v2"))
        for snapshot in (first, second):
            self.place.must("promote", snapshot)
        for arguments in (("admit", CATALOGUE / "v3.ttl"), ("promote", first),
                          ("promote", CATALOGUE / "v1.ttl"), ("rollback", "--reason", "test"),
                          ("rollback", "--to", "1", "--reason", "test")):
            with self.subTest(arguments=arguments):
                self.assert_cancelled(self.assert_store_unchanged_by(
                    lambda a=arguments: self.interrupted_from_the_start(signal.SIGINT, *a)))

    def test_is_told_in_json(self):
        outcome = self.interrupted_from_the_start(
            signal.SIGTERM, "admit", CATALOGUE / "v1.ttl", "--json")
        self.assertEqual(outcome.code, MACHINE)
        self.assertEqual(json.loads(outcome.out)["error"]["code"], "cancelled")

    def test_that_is_ignored_stays_ignored(self):
        def ignore():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            os.kill(os.getpid(), signal.SIGINT)
        outcome = self.end(self.start("admit", CATALOGUE / "v1.ttl", preexec_fn=ignore))
        self.assertEqual(outcome.code, 0, outcome.err)


if __name__ == "__main__":
    run_main()
