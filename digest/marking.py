"""Corrections of digests that were sent: which old message gets which note. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cascade.delivery import Mark, Statement
from cascade.message import Message, Note, text_of
from cascade.taxonomy import Cell
from digest.findings import Digest
from digest.lines import erratum_line
from digest.phrases import day_of

NOTE = "✎ {day}: {erratum}"


def marks(digest: Digest, told: Mapping[Cell, tuple[str, Statement]]) -> dict[str, list[str]]:
    """The notes for earlier slots, by their names: each erratum goes to the digest that said what was wrong."""
    found: dict[str, list[str]] = {}
    for erratum in digest.errata:
        if erratum.cell in told:
            line = text_of(erratum_line(digest.taxonomy, erratum, names=False))
            note = NOTE.format(day=day_of(digest.days[1]), erratum=line)
            found.setdefault(told[erratum.cell][0], []).append(note)
    return found


def marked(mark: Mark) -> Message:
    """The message as it was sent, with its corrections below it."""
    return _with_notes(mark.message, mark.notes)


def _with_notes(message: Message, notes: Sequence[str]) -> Message:
    return replace(message, parts=(*message.parts, *(Note((note,)) for note in notes)))
