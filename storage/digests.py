"""Digests in SQL: what is owed, claimed, sent and told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from cascade.delivery import Mark, Part, Slot, Statement
from cascade.ledger import Published
from cascade.message import Message
from cascade.ports import Place
from cascade.taxonomy import Cell
from storage.digest_rows import (
    leading_to,
    part_columns,
    part_key,
    progress_columns,
    slot_columns,
    to_part,
    to_slot,
    to_statement,
    told_columns,
)
from storage.ledger import write_forecasts
from storage.rows import moment
from storage.subscriptions import SubscriptionRows

_WITH_SLOT = """
    SELECT p.*, d.place, d.starts, d.ends, d.covers FROM digest_parts p
    JOIN digests d ON d.owner = p.owner AND d.slot = p.slot AND d.copy = p.copy
"""
_GIVE_BACK = (
    "UPDATE digest_parts SET progress = 'dropped' WHERE owner = :owner AND slot = :slot AND copy = 0",
    "DELETE FROM digest_slots WHERE owner = :owner AND told_in = :slot",
    "DELETE FROM digest_told WHERE owner = :owner AND slot = :slot",
)


class _TakenError(Exception):
    """Undoes a claim of which somebody else has a part."""


class DigestRows(SubscriptionRows):
    """Fulfils `cascade.ports.DigestStore`."""

    def last_slots(self) -> Mapping[str, Slot]:
        """Each owner's newest slot, by the end of its period; copies and withdrawn ones left out."""
        # From owner to owner by the index: as quick after years of digests as in the first week.
        rows = self._db.all("""
            WITH RECURSIVE owners (owner) AS (
                SELECT MIN(owner) FROM digests
                UNION ALL
                SELECT (SELECT MIN(d.owner) FROM digests d WHERE d.owner > o.owner)
                FROM owners o WHERE o.owner IS NOT NULL
            )
            SELECT d.* FROM owners o JOIN digests d ON d.owner = o.owner AND d.copy = 0 AND d.ends = (
                SELECT e.ends FROM digests e
                JOIN digest_slots s ON s.owner = e.owner AND s.slot = e.slot AND s.told_in = e.slot
                WHERE e.owner = o.owner AND e.copy = 0 ORDER BY e.ends DESC LIMIT 1
            )
        """)
        return {row["owner"]: to_slot(row) for row in rows}

    def last_slot(self, owner: str) -> Slot | None:
        """One owner's, as `last_slots` has it; None when there is none."""
        rows = self._db.all(
            """SELECT d.* FROM digests d
               JOIN digest_slots s ON s.owner = d.owner AND s.slot = d.slot AND s.told_in = d.slot
               WHERE d.owner = :owner AND d.copy = 0 ORDER BY d.ends DESC LIMIT 1""",
            owner=owner,
        )
        return to_slot(rows[0]) if rows else None

    def claim(
        self,
        slot: Slot,
        parts: Sequence[Message],
        told: Mapping[Cell, Statement],
        marks: Mapping[str, Sequence[str]],
        now: datetime,
        forecasts: Iterable[Published] = (),
    ) -> bool:
        """Take the slot and the weeks it covers, and freeze its parts; False when somebody else has any of it."""
        try:
            with self._db.transaction():
                self._take(slot, now)
                for number, message in enumerate(parts):
                    self._add("digest_parts", part_columns(Part(slot=slot, number=number, message=message)))
                for cell, said in told.items():
                    self._add("digest_told", told_columns(slot, cell, said))
                self._add_marks(slot, marks)
                write_forecasts(self._db, forecasts)
        except _TakenError:
            return False
        return True

    def open_parts(self, place: Place | None = None) -> tuple[Part, ...]:
        """Every part (for one place) that is waiting or trying, each owner's in order."""
        where = "WHERE p.progress IN ('waiting', 'trying')" + (" AND d.place = :place" if place else "")
        return self._parts(f"{where} ORDER BY p.owner, d.ends, p.copy, p.number", place=str(place))

    def parts(self, owner: str, name: str) -> tuple[Part, ...]:
        """Every part of one slot, copies after it."""
        return self._parts(
            "WHERE p.owner = :owner AND p.slot = :slot ORDER BY p.copy, p.number", owner=owner, slot=name
        )

    def parts_with(self, link: str, team: str, since: datetime, here: Place | None, most: int) -> tuple[Part, ...]:
        """Up to so many sent parts of the team's digests that end since then and lead to a link, those `here` first."""
        return self._parts(
            """WHERE p.message LIKE :leads ESCAPE '!' AND p.progress = 'sent' AND p.copy = 0 AND d.ends >= :since
               AND p.owner IN (SELECT id FROM subscriptions WHERE team = :team)
               ORDER BY CASE WHEN d.place = :here THEN 0 ELSE 1 END, d.ends, p.owner, p.number LIMIT :most""",
            leads=leading_to(link),
            team=team,
            since=moment(since),
            here=str(here),
            most=most,
        )

    def save_progress(self, before: Part, after: Part) -> bool:
        """Record how far a part has come; False, and nothing is written, when it is not as `before` any more."""
        changed = self._db.run(
            """UPDATE digest_parts SET progress = :progress, ref = :ref, tried_at = :tried_at, tries = :tries,
               next_at = :next_at, trouble = :trouble
               WHERE owner = :owner AND slot = :slot AND copy = :copy AND number = :number
               AND progress = :was AND tries = :tried""",
            was=before.progress.value,
            tried=before.tries,
            **part_key(after),
            **progress_columns(after),
        )
        return changed == 1

    def withdraw(self, slot: Slot) -> bool:
        """Give a slot's weeks back, to be told by a later one; False when its first part may have been sent."""
        named = {"owner": slot.owner, "slot": slot.name}
        with self._db.transaction():
            surely_not = self._db.run(
                """UPDATE digest_parts SET progress = 'dropped', trouble = 'told in a later digest'
                   WHERE owner = :owner AND slot = :slot AND copy = 0 AND number = 0
                   AND progress IN ('waiting', 'dropped')""",
                **named,
            )
            if surely_not:
                for sql in _GIVE_BACK:
                    self._db.run(sql, **named)
        return bool(surely_not)

    def slots(self, owner: str) -> tuple[Slot, ...]:
        """Every slot the owner was sent, newest first, copies too."""
        rows = self._db.all("SELECT * FROM digests WHERE owner = :owner ORDER BY ends DESC, copy DESC", owner=owner)
        return tuple(map(to_slot, rows))

    def told(self, owner: str) -> Mapping[Cell, tuple[str, Statement]]:
        """What was last said of each cell to this owner, and the slot that said it."""
        rows = self._db.all(
            """SELECT t.* FROM digest_told t
               JOIN digests d ON d.owner = t.owner AND d.slot = t.slot AND d.copy = 0
               WHERE t.owner = :owner ORDER BY d.ends""",
            owner=owner,
        )
        return {Cell(row["capability"], row["stage"]): (row["slot"], to_statement(row)) for row in rows}

    def open_marks(self) -> tuple[Mark, ...]:
        """Every message that was sent and lacks a correction."""
        rows = self._db.all("""
            SELECT p.*, d.place, d.starts, d.ends, d.covers, m.note
            FROM (SELECT DISTINCT owner, slot FROM digest_marks WHERE done = 0) o
            JOIN digest_marks m ON m.owner = o.owner AND m.slot = o.slot
            JOIN digest_parts p ON p.owner = m.owner AND p.slot = m.slot AND p.copy = 0 AND p.number = 0
            JOIN digests d ON d.owner = p.owner AND d.slot = p.slot AND d.copy = 0
            WHERE p.progress = 'sent' AND p.ref <> ''
            ORDER BY m.owner, m.slot, m.noted_in, m.note
        """)
        together = groupby(rows, key=lambda row: (row["owner"], row["slot"]))
        return tuple(_mark(list(found)) for _, found in together)

    def mark_done(self, mark: Mark) -> None:
        """All the mark's notes stand on the message."""
        for note in mark.notes:
            self._db.run(
                "UPDATE digest_marks SET done = 1 WHERE owner = :owner AND slot = :slot AND note = :note",
                owner=mark.slot.owner,
                slot=mark.slot.name,
                note=note,
            )

    def _take(self, slot: Slot, now: datetime) -> None:
        free = self._add("digests", {**slot_columns(slot), "claimed_at": moment(now)})
        for name in slot.covers if slot.copy == 0 else ():
            free &= self._add("digest_slots", {"owner": slot.owner, "slot": name, "told_in": slot.name})
        if not free:
            raise _TakenError

    def _add_marks(self, slot: Slot, marks: Mapping[str, Sequence[str]]) -> None:
        for name, notes in marks.items():
            for note in notes:
                mark = {"owner": slot.owner, "slot": name, "noted_in": slot.name, "note": note, "done": 0}
                self._add("digest_marks", mark)

    def _parts(self, where: str, **values: Any) -> tuple[Part, ...]:
        return tuple(map(to_part, self._db.all(f"{_WITH_SLOT} {where}", **values)))


def _mark(rows: Sequence[Mapping[str, Any]]) -> Mark:
    part = to_part(rows[0])
    notes: Iterable[str] = dict.fromkeys(row["note"] for row in rows)
    return Mark(slot=part.slot, ref=part.ref, message=part.message, notes=tuple(notes))
