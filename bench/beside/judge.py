"""Aims as a table: a figure, a limit, whether it holds, and by hand why it doesn't."""

import dataclasses
import json
import pathlib
import typing

from report import tables
from report.figures import ticks


@dataclasses.dataclass(frozen=True)
class Aim:
    key: str
    text: str
    value: typing.Callable   # of Figures: (number, where it was found), or None where not measured
    limit: float
    is_least: bool = False   # the value must not lie below the limit, else not above it
    unit: str = "×"


def verdict(aim, figures):
    """(text, whether it is missed)."""
    found = aim.value(figures)
    if found is None:
        return "not measured here", False
    value, where = found
    holds = value >= aim.limit if aim.is_least else value <= aim.limit
    sign = {(True, True): "≥", (True, False): "<", (False, True): "≤", (False, False): ">"}[
        (aim.is_least, holds)]
    text = (f"{'holds' if holds else '**missed**'}: {ticks(value)}{aim.unit} {sign} "
            f"{ticks(aim.limit)}{aim.unit} ({where})")
    return text, not holds


def worst(pairs, is_least):
    """The pair (value, where) that is furthest from an aim, of those whose value is known."""
    known = [pair for pair in pairs if pair[0] is not None]
    if not known:
        return None
    return (min if is_least else max)(known, key=lambda pair: pair[0])


def notes():
    """What is written by hand: why aims are missed, and why answers differ."""
    path = pathlib.Path(__file__).with_name("reasons.json")
    return json.loads(path.read_text(encoding="utf-8"))


def aims_table(aims, figures):
    reasons, rows, missed = notes()["aims"], [], []
    for aim in aims:
        text, is_missed = verdict(aim, figures)
        rows.append([aim.text, text])
        if is_missed:
            missed.append(aim)
    parts = [tables.text_table(["Aim", "Figure"], rows)]
    if missed:
        parts.append("Why those that are missed are missed:\n\n" + "\n".join(
            f"* {aim.text}. {reasons.get(aim.key, 'No reason is known yet.')}" for aim in missed))
    return "\n\n".join(parts)
