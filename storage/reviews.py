"""Sightings, votes, corrections and cards in SQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from cascade.board import Facts
from cascade.joined import Joined, joined
from cascade.linking import same_people
from cascade.ports import Card, Place
from cascade.sighting import ATLAS, Choice, Correction, Sighting, Status, Vote
from storage.database import Database
from storage.learning import to_opinion
from storage.links import LinkRows
from storage.review_rows import (
    correction_columns,
    sighting_columns,
    to_card,
    to_correction,
    to_sighting,
    to_vote,
    vote_columns,
)
from storage.rows import moment, to_moment


class ReviewRows(LinkRows):
    """Fulfils `cascade.ports.ReviewStore`. Votes are only ever added."""

    _db: Database
    _quorum: int = 1

    def save_sighting(self, sighting: Sighting) -> bool:
        """Keep a sighting; False when one of this id is there already, which then only gains evidence."""
        columns = sighting_columns(sighting)
        with self._db.transaction(f"sighting {sighting.id}"):  # what it gains depends on what is there
            if self._db.run(_insert("sightings", columns) + " ON CONFLICT (id) DO NOTHING", **columns):
                return True
            self._add_evidence(sighting)
            return False

    def _add_evidence(self, sighting: Sighting) -> None:
        known = to_sighting(self._db.all("SELECT * FROM sightings WHERE id = :id", id=sighting.id)[0])
        told = {one.url for one in known.evidence}
        more = tuple(one for one in sighting.evidence if one.url not in told)
        if more:
            columns = sighting_columns(replace(known, evidence=(*known.evidence, *more)))
            self._db.run(
                "UPDATE sightings SET evidence = :evidence WHERE id = :id",
                evidence=columns["evidence"],
                id=sighting.id,
            )

    def reword_sighting(self, sighting: Sighting) -> None:
        """Show what a source says now: its evidence, and the quote and probability where they are that source's."""
        with self._db.transaction(f"sighting {sighting.id}"):
            for row in self._db.all("SELECT * FROM sightings WHERE id = :id", id=sighting.id):
                columns = sighting_columns(_reworded(to_sighting(row), sighting))
                self._db.run(
                    """UPDATE sightings SET evidence = :evidence, quote = :quote, probability = :probability
                       WHERE id = :id""",
                    **{name: columns[name] for name in ("evidence", "quote", "probability", "id")},
                )

    def save_atlas(self, rows: Sequence[Sighting]) -> None:
        """Bring the atlas's own sightings in line with its files; what people voted on stays."""
        with self._db.transaction("atlas"):
            for row in rows:
                columns = sighting_columns(row)
                update = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
                self._db.run(_insert("sightings", columns) + f" ON CONFLICT (id) DO UPDATE SET {update}", **columns)
            ids = {row.id for row in rows}
            for gone in (one for one in self.sightings() if one.from_atlas and one.id not in ids):
                self._db.run(
                    """DELETE FROM sightings WHERE id = :id AND id NOT IN (SELECT sighting FROM votes)
                       AND id NOT IN (SELECT sighting FROM corrections) AND id NOT IN (SELECT sighting FROM cards)""",
                    id=gone.id,
                )

    def sightings(self) -> tuple[Sighting, ...]:
        """Every sighting, oldest known first."""
        return tuple(map(to_sighting, self._db.all("SELECT * FROM sightings ORDER BY seen_at, id")))

    def facts(self, team: str) -> Facts:
        """All that the team's board is folded from; the atlas's vote comes with its rows."""
        sightings = self.sightings()
        votes = self._db.all("SELECT * FROM votes WHERE team = :team ORDER BY at, number", team=team)
        fixes = self._db.all("SELECT * FROM corrections WHERE team = :team ORDER BY at, number", team=team)
        return Facts(
            sightings=sightings,
            votes=(*map(_atlas_vote, filter(_is_atlas, sightings)), *map(to_vote, votes)),
            corrections=tuple(map(to_correction, fixes)),
            quorum=self._quorum,
            same=same_people(self.accounts(team)),
            opinions=tuple(map(to_opinion, self._db.all("SELECT * FROM opinions ORDER BY at, sighting, voter"))),
            joined=joined(sightings, self._merged_stories()),
        )

    def _merged_stories(self) -> dict[str, Joined]:
        """The stories that sightings were tagged in, and that are part of another by now."""
        rows = self._db.all(
            "SELECT younger, older, at FROM story_merges WHERE younger IN (SELECT story FROM sightings)"
        )
        return {row["younger"]: Joined(into=row["older"], at=to_moment(row["at"])) for row in rows}

    def alone(self, what: str) -> AbstractContextManager[None]:
        """Do what is inside, all or nothing, while nobody else does so under this name."""
        return self._db.transaction(guard=what)

    def add_votes(self, team: str, votes: Sequence[Vote]) -> None:
        """Append votes; one that stands already is not doubled."""
        with self._db.transaction():
            for vote in votes:
                columns = vote_columns(team, vote)
                self._db.run(_insert("votes", columns) + " ON CONFLICT DO NOTHING", **columns)

    def add_correction(self, team: str, correction: Correction) -> None:
        """Append a *Fix*."""
        columns = correction_columns(team, correction)
        self._db.run(_insert("corrections", columns), **columns)

    def claim_card(self, team: str, sighting: str, place: Place, now: datetime) -> bool:
        """Take the right to post this card here; False when it was taken before."""
        return (
            self._db.run(
                """INSERT INTO cards (team, sighting, place, claimed_at) VALUES (:team, :sighting, :place, :now)
                   ON CONFLICT (sighting, place) DO NOTHING""",
                team=team,
                sighting=sighting,
                place=str(place),
                now=moment(now),
            )
            == 1
        )

    def card_sent(self, sighting: str, place: Place, ref: str) -> None:
        """Record where the card stands."""
        self._db.run(
            "UPDATE cards SET ref = :ref WHERE sighting = :sighting AND place = :place",
            sighting=sighting,
            place=str(place),
            ref=ref,
        )

    def drop_claim(self, sighting: str, place: Place) -> None:
        """Give a claim back, when the card was surely not sent."""
        self._db.run(
            "DELETE FROM cards WHERE sighting = :sighting AND place = :place AND ref IS NULL",
            sighting=sighting,
            place=str(place),
        )

    def claim_telling(self, sighting: str, place: Place, status: Status) -> bool:
        """Take the right to tell the card's thread of a status; False when it was told before."""
        return (
            self._db.run(
                """INSERT INTO tellings (sighting, place, status) VALUES (:sighting, :place, :status)
                   ON CONFLICT DO NOTHING""",
                sighting=sighting,
                place=str(place),
                status=status.value,
            )
            == 1
        )

    def cards(self, team: str) -> tuple[Card, ...]:
        """Every card of the team, unclear ones too, oldest first."""
        rows = self._db.all("SELECT * FROM cards WHERE team = :team ORDER BY claimed_at, sighting", team=team)
        return tuple(map(to_card, rows))


def _reworded(known: Sighting, newer: Sighting) -> Sighting:
    words = {one.url: one for one in newer.evidence}
    evidence = tuple(words.get(one.url, one) for one in known.evidence)
    if not known.evidence or known.evidence[0].url not in words:
        return replace(known, evidence=evidence)
    return replace(known, evidence=evidence, quote=newer.quote, probability=newer.probability)


def _insert(table: str, columns: dict[str, Any]) -> str:
    # Names come from this package's own row functions, never from outside.
    names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({values})"  # noqa: S608


def _is_atlas(sighting: Sighting) -> bool:
    return sighting.from_atlas


def _atlas_vote(sighting: Sighting) -> Vote:
    return Vote(sighting=sighting.id, person=ATLAS, choice=Choice.CONFIRM, at=sighting.seen_at)
