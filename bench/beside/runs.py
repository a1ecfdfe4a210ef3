"""Runs commands one after another, and says what each took."""

import dataclasses
import json
import os
import statistics
import subprocess
import threading
import time


@dataclasses.dataclass
class Outcome:
    seconds: float
    peak_bytes: int
    code: int
    output: str         # what it printed, when that was kept
    complaint: str      # the last lines of its standard error
    is_timed_out: bool


@dataclasses.dataclass(frozen=True)
class Contestant:
    name: str
    command: tuple                # the whole process that is measured
    repeats: int = 1
    steps_command: tuple = ()     # prints the times of its steps; () where `command` does that
    steps_repeats: int = 1
    is_json: bool = False         # `command` prints a JSON object, with its steps
    limit_s: float = 60.0         # it is stopped after that
    good_codes: tuple = (0,)      # exit codes of `command` that say it did its work


def run(command, limit_s, keeps_output):
    """Runs `command` until it ends or `limit_s` are over."""
    start = time.monotonic()
    with open(os.devnull, "rb") as nothing:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            [str(part) for part in command], stdin=nothing, stderr=subprocess.PIPE,
            stdout=subprocess.PIPE if keeps_output else subprocess.DEVNULL)
    said = {"out": b"", "err": b""}

    def drain(stream, key):
        said[key] = stream.read()

    drains = [threading.Thread(target=drain, args=(process.stderr, "err"))]
    if keeps_output:
        drains.append(threading.Thread(target=drain, args=(process.stdout, "out")))
    late = threading.Event()

    def stop():
        late.set()
        process.kill()

    timer = threading.Timer(limit_s, stop)
    for thread in drains + [timer]:
        thread.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    for thread in drains:
        thread.join()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    return Outcome(seconds, usage.ru_maxrss * 1024, process.returncode,
                   said["out"].decode(errors="replace"),
                   "\n".join(said["err"].decode(errors="replace").strip().splitlines()[-12:]),
                   late.is_set())


def figure(samples):
    """Median, least and most of some seconds, in the shape that charts and tables take, and the
    first of them."""
    return {"median": statistics.median(samples), "low": min(samples), "high": max(samples),
            "first": samples[0], "samples": len(samples)}


def failure(outcome, limit_s, good_codes):
    if outcome.is_timed_out:
        return f"stopped after {limit_s:.0f} s"
    if outcome.code in good_codes:
        return None
    lines = [line.strip() for line in outcome.complaint.splitlines() if line.strip()]
    named = [line for line in lines if "Error" in line or "Exception" in line]
    return (named or lines or [f"exit code {outcome.code}"])[0][:160]


class Gathered:
    """What the runs of one contestant gave."""

    def __init__(self, contestant):
        self.contestant = contestant
        self.whole, self.steps, self.peaks = [], {}, []
        self.answer, self.failure, self.steps_failure = {}, None, None
        self.stopped_s = None

    def take_steps(self, text):
        answer = json.loads(text)
        for step, seconds in answer.pop("steps", {}).items():
            self.steps.setdefault(step, []).extend(seconds)
        self.answer |= answer

    def run_whole(self):
        one = self.contestant
        outcome = run(one.command, one.limit_s, one.is_json)
        self.failure = failure(outcome, one.limit_s, one.good_codes)
        if self.failure:
            self.stopped_s = outcome.seconds
            return
        self.whole.append(outcome.seconds)
        self.peaks.append(outcome.peak_bytes)
        if one.is_json:
            self.take_steps(outcome.output)

    def run_steps(self):
        one = self.contestant
        outcome = run(one.steps_command, one.limit_s, True)
        self.steps_failure = failure(outcome, one.limit_s, (0,))
        if not self.steps_failure:
            self.take_steps(outcome.output)

    def figures(self):
        made = {"answer": self.answer}
        if self.whole:
            made |= {"whole": figure(self.whole), "peak_bytes": max(self.peaks)}
        if self.steps:
            made["steps"] = {step: figure(seconds) for step, seconds in self.steps.items()}
        if self.failure:
            made["failure"] = self.failure
            made["stopped_s"] = self.stopped_s
        if self.steps_failure:
            made["steps_failure"] = self.steps_failure
        return made


def rounds(contestants):
    """{name: figures} of all contestants, each of which has its turn in every round, in an order
    that changes from one round to the next, until it has had all of its turns."""
    gathered = [Gathered(one) for one in contestants]
    count = max((max(one.repeats, one.steps_repeats) for one in contestants), default=0)
    for number in range(count):
        shift = number % len(gathered)
        for one in gathered[shift:] + gathered[:shift]:
            if number < one.contestant.repeats and not one.failure:
                one.run_whole()
            if one.contestant.steps_command and number < one.contestant.steps_repeats:
                one.run_steps()
    return {one.contestant.name: one.figures() for one in gathered}
