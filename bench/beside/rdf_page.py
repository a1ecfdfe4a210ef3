"""Aims, tables and charts of docs/performance-rdf.md."""

from beside import judge, words
from beside.figures import OWN
from beside.judge import Aim
from report import charts, tables
from report.figures import ticks

SERD = "serd, writing nothing"
CANONIZE, UNLIMITED = "rdf-canonize", "rdf-canonize, no limit"
HARD_S = 10  # what "in seconds" is taken for


def is_line_based(case):
    return case.title.startswith("N-")


def against_serdi(figures, lines):
    """The largest ratio of our time to serdi's among N-Triples and N-Quads, or Turtle and TriG."""
    pairs = []
    for case in figures.of("load"):
        if is_line_based(case) == lines:
            lead = case.lead("serdi")
            pairs.append((None if lead is None else 1 / lead, case.title))
    return judge.worst(pairs, is_least=False)


def against_canonize(figures):
    return judge.worst(((case.lead(UNLIMITED), case.title) for case in figures.of("id")),
                       is_least=True)


def step_ratio(case):
    load, canonical = case.best_step(OWN, "load"), case.best_step(OWN, "canonicalize")
    return None if load is None or canonical is None else canonical / load


def against_load(figures):
    return judge.worst(((step_ratio(case), case.title) for case in figures.of("id")),
                       is_least=False)


def is_poison(case):
    return "poison" in case.title


def hard_seconds(figures, poison):
    """The longest of the hard graphs, an unsolved one counting as for ever; or the poison one."""
    pairs = []
    for case in figures.of("hard"):
        if is_poison(case) != poison:
            continue
        refused = case.refused(OWN)
        is_right = case.whole(OWN) is not None and bool(refused) == poison
        pairs.append((case.seconds(OWN) if is_right else float("inf"), case.title))
    return judge.worst(pairs, is_least=False)


def beyond_text(case, key):
    """Bytes per triple beyond the text of the terms; `key`: peak_bytes or dataset_bytes."""
    answer = case.answer(OWN)
    if not {key, "text_bytes", "quads"} <= set(answer):
        return None
    return (answer[key] - answer["text_bytes"]) / answer["quads"]


def memory(figures):
    """Of the graphs large enough that the program itself weighs nothing."""
    return judge.worst(((beyond_text(case, "peak_bytes"), case.title)
                        for case in figures.of("load")
                        if case.answer(OWN).get("quads", 0) > 100_000), is_least=False)


AIMS = (
    Aim("lines", "Loading N-Triples and N-Quads: not slower than serdi merely parses",
        lambda f: against_serdi(f, True), 1),
    Aim("turtle", "Loading Turtle and TriG: at most 1.5 times what serdi needs to parse",
        lambda f: against_serdi(f, False), 1.5),
    Aim("canonize", "Canonical id: at least 10 times as fast as rdf-canonize, whole process",
        against_canonize, 10, is_least=True),
    Aim("load-time", "Canonical id of real ontologies: at most 3 times as long as loading them",
        against_load, 3),
    Aim("hard", f"Hard blank nodes: solved within {HARD_S} s, whole process",
        lambda f: hard_seconds(f, False), HARD_S, unit=" s"),
    Aim("poison", "The poison graph: refused within a second",
        lambda f: hard_seconds(f, True), 1, unit=" s"),
    Aim("memory", "Peak memory of loading: at most 60 bytes per triple beyond the text of the terms",
        memory, 60, unit=" bytes"),
)


def cell(case, name):
    """The time, or what came instead."""
    failure = case.failure(name)
    if failure:
        return failure
    if case.whole(name) is None:
        return "–"
    prefix = "refused after " if case.refused(name) else ""
    return prefix + words.span_of(case.whole(name))


def leads(figures, group):
    names = [name for name in figures.contestants(group) if name != OWN]
    rows = []
    for case in figures.of(group):
        quads = case.answer(OWN).get("quads")
        facts = [f"{quads:,}" if quads else "–", words.size(case.facts["bytes"])]
        rows.append([case.title] + facts +
                    [f"stopped: > {words.times(stopped_lead(case, name))}"
                     if (case.failure(name) or "").startswith("stopped")
                     else words.times(case.lead(name)) for name in names])
    return tables.table(["Input", "Triples", "File"] + names, rows)


def stopped_lead(case, name):
    own = case.seconds(OWN)
    stopped = case.contestants[name].get("stopped_s")
    return None if own is None or stopped is None else stopped / own


def seconds(figures, group):
    names = figures.contestants(group)
    rows = [[case.title] + [cell(case, name) for name in names] for case in figures.of(group)]
    return tables.table(["Input"] + names, rows)


def load_steps(figures):
    names = ("read and parse", "index", "load")
    rows = [[case.title] + [words.span_of(case.step(OWN, name)) for name in names] +
            [words.span_of(case.step("n3", "load"))] for case in figures.of("load")]
    return tables.table(["Input", "Read and parse", "Index", "All", "n3 with its store"], rows)


def same_id(case):
    """Whether all that found an id found ours."""
    ids = {name: case.answer(name).get("id") for name in case.contestants}
    others = {found for name, found in ids.items() if name != OWN and found}
    if not others or not ids.get(OWN):
        return "–"
    return "yes" if others == {ids[OWN]} else "**no**"


def id_steps(figures):
    rows = []
    for case in figures.of("id"):
        own, peer = (case.best_step(name, "canonicalize") for name in (OWN, UNLIMITED))
        rows.append([case.title, f"{case.facts.get('blank_nodes', 0):,}",
                     words.times(peer / own if own and peer else None),
                     words.times(step_ratio(case)), words.span(own), words.span(peer),
                     same_id(case)])
    return tables.table(["Input", "Blank nodes", "rdf-canonize's step to ours", "Ours to loading",
                         "knhk", UNLIMITED, "Same id"], rows)


def hard_graphs(figures):
    names = figures.contestants("hard")
    rows = []
    for case in figures.of("hard"):
        rows.append([case.title] + [cell(case, name) for name in names] + [same_id(case)])
    return tables.table(["Graph"] + names + ["Same id"], rows)


def memory_table(figures):
    rows = []
    for case in figures.of("load"):
        answer = case.answer(OWN)
        whole = beyond_text(case, "peak_bytes")
        kept = beyond_text(case, "dataset_bytes")
        if whole is None:
            continue
        peaks = [(name, case.contestants[name]["peak_bytes"]) for name in case.contestants
                 if "peak_bytes" in case.contestants[name] and name != OWN]
        peers = ", ".join(f"{name} {words.size(peak)}" for name, peak in peaks)
        rows.append([case.title, f"{answer['quads']:,}", ticks(kept), ticks(whole),
                     words.size(answer["text_bytes"]), words.size(answer["dataset_bytes"]),
                     words.size(answer["peak_bytes"]), peers])
    return tables.table(["Input", "Triples", "Dataset, bytes per triple beyond text",
                         "Peak, bytes per triple beyond text", "Text of the terms", "Dataset",
                         "Peak of the process", "Peaks of the peers"], rows)


def sections(figures):
    return {"aims": judge.aims_table(AIMS, figures), "load-leads": leads(figures, "load"),
            "load": seconds(figures, "load"), "load-steps": load_steps(figures),
            "memory": memory_table(figures), "id-leads": leads(figures, "id"),
            "id": seconds(figures, "id"), "id-steps": id_steps(figures),
            "hard": hard_graphs(figures)}


def solved(case):
    """{contestant: its whole process, in milliseconds} of those that did what was asked."""
    return {name: words.milliseconds(case.whole(name)) for name in case.contestants
            if case.whole(name) and not case.refused(name)}


def chart(title, figures, group):
    """A row for each contestant, with a bar for each input."""
    series = {case.title: solved(case) for case in figures.of(group) if solved(case)}
    return charts.bars(title, "milliseconds", series) if series else None


def chart_of_inputs(title, figures, group):
    """A row for each input, with a bar for each contestant."""
    series = {}
    for case in figures.of(group):
        for name, found in solved(case).items():
            series.setdefault(name, {})[case.title] = found
    return charts.bars(title, "milliseconds", series) if series else None


def draw(figures):
    drawn = {"rdf-load.svg": chart("Loading a file, whole process", figures, "load"),
             "rdf-id.svg": chart("The canonical id of a file, whole process", figures, "id"),
             "rdf-hard.svg": chart_of_inputs("Blank nodes that resemble each other: who solves them",
                                             figures, "hard")}
    return {name: drawing for name, drawing in drawn.items() if drawing}
