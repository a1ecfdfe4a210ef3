"""What a run of rdf_bench or shacl_bench found, and what can be asked of it."""

OWN = "knhk"


class Case:
    """One input, and what every contestant needed for it."""

    def __init__(self, document):
        self.group, self.title = document["group"], document["title"]
        self.facts, self.contestants = document["facts"], document["contestants"]

    def whole(self, name):
        return self.contestants.get(name, {}).get("whole")

    def seconds(self, name):
        found = self.whole(name)
        return None if found is None else found["median"]

    def step(self, name, step):
        return self.contestants.get(name, {}).get("steps", {}).get(step)

    def best_step(self, name, step):
        """The shortest of all times it took, warm ones among them."""
        found = self.step(name, step)
        return None if found is None else found["low"]

    def first_step(self, name, step):
        """What it took when it was done for the first time in a process."""
        found = self.step(name, step)
        return None if found is None else found["first"]

    def failure(self, name):
        return self.contestants.get(name, {}).get("failure")

    def answer(self, name):
        return self.contestants.get(name, {}).get("answer", {})

    def refused(self, name):
        return self.answer(name).get("refused")

    def peers(self):
        return [name for name in self.contestants if name != OWN]

    def differs(self, name):
        """In how many results, and how, or None."""
        found = self.answer(name).get("difference")
        return found if found and (found["missing"] or found["extra"]) else None

    def right_peers(self):
        """Those that finished and whose answer is ours."""
        return [name for name in self.peers() if self.whole(name) and not self.differs(name)]

    def fastest(self, cost):
        """(peer, cost) of the one that answers right with the least `cost`, or (None, None)."""
        found = [(cost(name), name) for name in self.right_peers() if cost(name) is not None]
        return (min(found)[1], min(found)[0]) if found else (None, None)

    def least_lead(self):
        """Where no peer finished: how many times as fast as those that were stopped it is at least."""
        own = self.seconds(OWN)
        stopped = [found["stopped_s"] for found in self.contestants.values()
                   if found.get("failure", "").startswith("stopped")]
        if own is None or not stopped or any(self.whole(name) for name in self.peers()):
            return None
        return min(stopped) / own

    def lead(self, name):
        """How many times as fast as the peer the library is, by whole processes; None where either
        refused or failed."""
        if self.refused(OWN) or self.refused(name):
            return None
        own, other = self.seconds(OWN), self.seconds(name)
        return None if own is None or other is None else other / own


class Figures:
    def __init__(self, document):
        self.document = document
        self.cases = [Case(case) for case in document["cases"]]

    def of(self, group):
        return [case for case in self.cases if case.group == group]

    def contestants(self, group):
        """In the order of measuring."""
        return list(dict.fromkeys(name for case in self.of(group) for name in case.contestants))
