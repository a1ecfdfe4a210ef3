"""Aims, tables and charts of docs/performance-shacl.md."""

from beside import judge, words
from beside.figures import OWN
from beside.judge import Aim
from beside.rdf_page import chart, seconds
from report import tables

STEPS = ("load", "load shapes", "compile", "validate")


def whole_lead(case):
    """(how many times as fast as the best peer that answers right, where)."""
    name, best = case.fastest(case.seconds)
    own = case.seconds(OWN)
    return (best / own if name and own else None), f"{name}, {case.title}"


def step_lead(case):
    name, best = case.fastest(lambda peer: case.best_step(peer, "validate"))
    own = case.best_step(OWN, "validate")
    return (best / own if name and own else None), f"{name}, {case.title}"


def first_lead(case):
    name, best = case.fastest(lambda peer: case.first_step(peer, "validate"))
    own = case.first_step(OWN, "validate")
    return (best / own if name and own else None), f"{name}, {case.title}"


def worst(figures, lead):
    return judge.worst(map(lead, figures.of("shacl")), is_least=True)


AIMS = (
    Aim("whole", "SHACL Core: at least 10 times as fast as the best peer that answers right, whole "
        "process", lambda f: worst(f, whole_lead), 10, is_least=True),
    Aim("step", "SHACL Core: at least 20 times as fast in the validation step",
        lambda f: worst(f, step_lead), 20, is_least=True),
)


def leads(figures):
    rows = []
    for case in figures.of("shacl"):
        row = [case.title, f"{case.answer(OWN).get('quads', 0):,}",
               f"{case.answer(OWN).get('results', 0):,}"]
        for ratio, where in (whole_lead(case), step_lead(case), first_lead(case)):
            row.append(f"{words.times(ratio)}, {where.split(',')[0]}" if ratio else "–")
        if case.least_lead():
            row[3] = f"> {words.times(case.least_lead())}, all stopped"
        rows.append(row)
    return tables.table(["Input", "Triples", "Results", "Whole process", "Validation step, at best",
                         "Validation step, first time"], rows)


def steps(figures):
    rows = []
    for case in figures.of("shacl"):
        for name in case.contestants:
            if case.step(name, "validate") is None:
                continue
            found = [words.span_of(case.step(name, step)) for step in STEPS]
            rows.append([f"{case.title}, {name}"] + found +
                        [words.span(case.best_step(name, "validate"))])
    return tables.table(["Input and validator", "Load the data", "Load the shapes", "Compile",
                         "Validate", "Validate, at best"], rows)


def said(kind, count, found):
    names = ", ".join(f"{name} {many:,}" for name, many in found)
    return f"{count:,} {kind} ({names})" if count else ""


def answer(case, name):
    if case.failure(name):
        return case.failure(name)
    differs = case.differs(name)
    if not differs:
        has_compared = "difference" in case.answer(name)
        return "the same" if has_compared else "not compared"
    parts = [said("missing", differs["missing"], differs["of_missing"]),
             said("beyond", differs["extra"], differs["of_extra"])]
    return "**differs**: " + "; ".join(part for part in parts if part)


def answers(figures):
    names = [name for name in figures.contestants("shacl") if name != OWN]
    rows = [[case.title, f"{case.answer(OWN).get('results', 0):,}"] +
            [answer(case, name) for name in names] for case in figures.of("shacl")]
    parts = [tables.text_table(["Input", "Results of knhk"] + names, rows)]
    reasons = judge.notes()["answers"]
    told = [f"* {name} on {case.title}: {reasons[f'{name}/{case.title}']}"
            for case in figures.of("shacl") for name in names
            if (case.differs(name) or case.failure(name)) and f"{name}/{case.title}" in reasons]
    if told:
        parts.append("Why they differ:\n\n" + "\n".join(told))
    return "\n\n".join(parts)


def memory(figures):
    names = figures.contestants("shacl")
    rows = [[case.title] + [words.size(peak) if peak else "–" for peak in (
        case.contestants.get(name, {}).get("peak_bytes") for name in names)]
        for case in figures.of("shacl")]
    return tables.table(["Input"] + names, rows)


def sections(figures):
    return {"aims": judge.aims_table(AIMS, figures), "leads": leads(figures),
            "answers": answers(figures), "whole": seconds(figures, "shacl"),
            "steps": steps(figures), "memory": memory(figures)}


def draw(figures):
    drawing = chart("SHACL validation, whole process", figures, "shacl")
    return {"shacl.svg": drawing} if drawing else {}
