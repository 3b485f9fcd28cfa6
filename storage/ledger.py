"""The ledger in SQL: forecasts written once, scored in the transaction of the vote that closes their cell."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from cascade.board import Facts, judge, standings
from cascade.dates import DateRange
from cascade.forecast import Basis, Forecast
from cascade.ledger import Entry, Published, Result, Scored, settle
from cascade.sighting import ATLAS, Correction, Vote
from cascade.taxonomy import Cell
from storage.database import Database, Row
from storage.reviews import ReviewRows
from storage.rows import moment, range_columns, to_moment, to_range

_COLUMNS = (
    "id, team, capability, stage, made, curve, emerged, waiting, from_atlas, unknown, upstream_since, due, overdue, "
    "model, criteria, board, known_by, shown_in"
)


class LedgerRows(ReviewRows):
    """Fulfils `cascade.ports.LedgerStore`, and keeps the scores true to every vote and correction."""

    def add_votes(self, team: str, votes: Sequence[Vote]) -> None:
        """Append votes, and score the forecasts that they resolve or reopen, all or nothing."""
        with self._db.transaction():
            super().add_votes(team, votes)
            if votes:
                self._settle_after(team, {vote.sighting for vote in votes}, max(vote.at for vote in votes))

    def add_correction(self, team: str, correction: Correction) -> None:
        """Append a *Fix*, and score the forecasts that it resolves or reopens, all or nothing."""
        with self._db.transaction():
            super().add_correction(team, correction)
            self._settle_after(team, {correction.sighting}, correction.at)

    def publish(self, forecasts: Iterable[Published]) -> None:
        """Write forecasts that a digest shows; one that stands there already stays as it was."""
        write_forecasts(self._db, forecasts)

    def settle_forecasts(self, team: str, now: datetime) -> None:
        """Score what is resolved as of now, take back what no longer is. Repeating it changes nothing."""
        with self._db.transaction():
            if entries := self.ledger(team):
                self._settle(self.facts(team), entries, now)

    def ledger(self, team: str) -> tuple[Entry, ...]:
        """Every forecast that the team was shown, with its score, oldest first."""
        return self._entries("l.team = :team", team=team)

    def _settle_after(self, team: str, sightings: Collection[str], now: datetime) -> None:
        """Score the forecasts of the cells that these sightings are of, or were before a correction."""
        if self._db.all("SELECT id FROM ledger WHERE team = :team LIMIT 1", team=team):
            facts = self.facts(team)
            for cell in _cells_of(facts, sightings):
                here = "l.team = :team AND l.capability = :capability AND l.stage = :stage"
                entries = self._entries(here, team=team, capability=cell.capability, stage=cell.stage)
                self._settle(facts, entries, now)

    def _settle(self, facts: Facts, entries: Sequence[Entry], now: datetime) -> None:
        known_by = max(now, _newest(facts) or now)
        cells = {entry.published.forecast.cell for entry in entries}
        board = standings(cells, judge(_about(facts, cells), known_by), known_by.date())
        for forecast, scored in settle(entries, board, known_by).items():
            self._rescore(forecast, scored)

    def _entries(self, where: str, **values: str) -> tuple[Entry, ...]:
        # `where` is one of the constants above, never from outside.
        rows = self._db.all(
            f"""SELECT l.*, s.result, s.emerged_first, s.emerged_last, s.crps, s.brier, s.at FROM ledger l
                LEFT JOIN ledger_scores s ON s.forecast = l.id
                WHERE {where} ORDER BY l.made, l.known_by, l.capability, l.stage, l.id""",  # noqa: S608
            **values,
        )
        return tuple(map(_to_entry, rows))

    def _rescore(self, forecast: str, scored: Scored | None) -> None:
        self._db.run("DELETE FROM ledger_scores WHERE forecast = :forecast", forecast=forecast)
        if scored:
            self._db.run(
                """INSERT INTO ledger_scores (forecast, result, emerged_first, emerged_last, crps, brier, at)
                   VALUES (:forecast, :result, :emerged_first, :emerged_last, :crps, :brier, :at)""",
                forecast=forecast,
                result=scored.result.value,
                **range_columns(scored.emerged, "emerged"),
                crps=scored.crps,
                brier=json.dumps(scored.brier),
                at=moment(scored.at),
            )


def write_forecasts(database: Database, forecasts: Iterable[Published]) -> None:
    """What `LedgerRows.publish` does, for a claim that freezes a digest in its own transaction."""
    values = ", ".join(f":{name}" for name in _COLUMNS.split(", "))
    for one in forecasts:
        database.run(
            f"INSERT INTO ledger ({_COLUMNS}) VALUES ({values}) ON CONFLICT (id) DO NOTHING",  # noqa: S608  constants
            **_columns(one),
        )


def _words(team: str) -> str:
    """Scores follow from all votes and corrections of a team: two that come at once see each other."""
    return f"words of {team}"


def _cells_of(facts: Facts, sightings: Collection[str]) -> set[Cell]:
    """The cells that these sightings told of, before and after their corrections."""
    told = {one.cell for one in facts.sightings if one.id in sightings}
    return told | {fix.cell for fix in facts.corrections if fix.cell and fix.sighting in sightings}


def _about(facts: Facts, cells: Collection[Cell]) -> Facts:
    """The facts without the sightings that never told of these cells."""
    fixed = {fix.sighting for fix in facts.corrections if fix.cell in cells}
    moved = fixed | {facts.joined[one].into for one in fixed if one in facts.joined}
    return replace(facts, sightings=tuple(one for one in facts.sightings if one.cell in cells or one.id in moved))


def _newest(facts: Facts) -> datetime | None:
    """The team's newest word. The atlas's rows are dated by what they tell of, which may lie ahead."""
    votes = (vote.at for vote in facts.votes if vote.person != ATLAS)
    return max([*votes, *(fix.at for fix in facts.corrections)], default=None)


def _columns(one: Published) -> dict[str, Any]:
    forecast = one.forecast
    return {
        "id": one.id,
        "team": one.team,
        "capability": forecast.cell.capability,
        "stage": forecast.cell.stage,
        "made": forecast.made.isoformat(),
        "curve": json.dumps(forecast.curve),
        "emerged": forecast.basis.emerged,
        "waiting": forecast.basis.open,
        "from_atlas": forecast.basis.from_atlas,
        "unknown": int(forecast.unknown),
        "upstream_since": _day(forecast.upstream_since),
        "due": _day(forecast.due),
        "overdue": int(forecast.overdue),
        "model": one.model,
        "criteria": one.criteria,
        "board": one.board,
        "known_by": moment(one.known_by),
        "shown_in": one.shown_in,
    }


def _to_entry(row: Row) -> Entry:
    published = Published(
        id=row["id"],
        team=row["team"],
        forecast=_to_forecast(row),
        model=row["model"],
        criteria=row["criteria"],
        board=row["board"],
        known_by=to_moment(row["known_by"]),
        shown_in=row["shown_in"],
    )
    return Entry(published=published, scored=_to_scored(row) if row["result"] else None)


def _to_forecast(row: Row) -> Forecast:
    return Forecast(
        cell=Cell(row["capability"], row["stage"]),
        made=date.fromisoformat(row["made"]),
        curve=tuple(json.loads(row["curve"])),
        basis=Basis(emerged=row["emerged"], open=row["waiting"], from_atlas=row["from_atlas"]),
        unknown=bool(row["unknown"]),
        upstream_since=_to_day(row["upstream_since"]),
        due=_to_day(row["due"]),
        overdue=bool(row["overdue"]),
    )


def _to_scored(row: Row) -> Scored:
    emerged: DateRange | None = to_range(row["emerged_first"], row["emerged_last"])
    brier = {int(months): distance for months, distance in json.loads(row["brier"]).items()}
    return Scored(result=Result(row["result"]), emerged=emerged, crps=row["crps"], brier=brier, at=to_moment(row["at"]))


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _to_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
