"""A Digest for programs: the same findings, ready for JSON."""

from datetime import date
from typing import Any

from cascade.delivery import Statement
from cascade.forecast import Forecast
from cascade.gaps import Gap
from cascade.taxonomy import Cell
from digest.findings import Digest, Erratum, ForecastNews, GapNews, LagNews, Move, Usual, Waiting, standing_as_said

Facts = dict[str, Any]


def facts_of(digest: Digest) -> Facts:
    """Every finding, uncut; moments in UTC, lengths in months, people by platform and id left out."""
    return {
        "from": digest.period.start.isoformat(),
        "until": digest.period.end.isoformat(),
        "weeks": list(digest.weeks),
        "quiet": digest.is_quiet,
        "moves": [_move(move) for move in digest.moves],
        "gaps": [_gap_news(news) for news in digest.gaps],
        "lags": [_lag(news) for news in digest.lags],
        "forecasts": [_forecast(news) for news in digest.forecasts],
        "ranges_held": digest.held,
        "ranges_scored": digest.scored,
        "corrections": [_erratum(erratum) for erratum in digest.errata],
        "waiting": [_waiting(one) for one in digest.waiting],
        "decided": digest.decided,
    }


def _cell(cell: Cell) -> Facts:
    return {"capability": cell.capability, "stage": cell.stage}


def _move(move: Move) -> Facts:
    sighting = move.by.sighting
    return {
        **_cell(move.cell),
        "sighting": sighting.id,
        "model": sighting.model,
        "since": str(sighting.happened),
        "evidence": [one.url for one in sighting.evidence],
        "confirmed_by": len(move.by.decision.confirmed_by),
        "from_atlas": move.by.decision.from_atlas,
        "was": move.was.value,
        "inversion": bool(move.gap and move.gap.is_inversion),
    }


def _gap(gap: Gap) -> Facts:
    return {**_cell(gap.cell), "kind": gap.kind.value, "least_days": gap.least, "most_days": gap.most}


def _gap_news(news: GapNews) -> Facts:
    told = {"turn": news.turn.value, "upstream": news.upstream, "stage": news.stage}
    gaps = [_gap(gap) for gap in news.gaps]
    coming = _outlook(news.coming) if news.coming else None
    return {
        **told,
        "gaps": gaps,
        "coming": coming,
        "usual_before": _usual(news.before),
        "usual_after": _usual(news.after),
        "trend": news.trend,
    }


def _usual(usual: Usual | None) -> Facts | None:
    return {"median_months": usual.months, "n": usual.n} if usual else None


def _lag(news: LagNews) -> Facts:
    return {
        "stage": news.stage,
        "upstream": news.upstream,
        "before": news.before,
        "after": news.after,
        "n": news.n,
        "trend": news.trend,
    }


def _forecast(news: ForecastNews) -> Facts:
    told = {"fate": news.fate.value, "hindsight": news.hindsight, **_outlook(news.forecast)}
    emerged = str(news.emerged) if news.emerged else None
    return {**told, "emerged": emerged, "now": _outlook(news.now) if news.now else None}


def _outlook(forecast: Forecast) -> Facts:
    low, high = forecast.range(80)
    days = {"low": _day(low), "median": _day(forecast.median), "high": _day(high)}
    return {**_cell(forecast.cell), "made": forecast.made.isoformat(), **days}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _erratum(erratum: Erratum) -> Facts:
    return {**_cell(erratum.cell), "said": _statement(erratum.said), "now": _statement(standing_as_said(erratum.now))}


def _statement(said: Statement) -> Facts:
    return {"works": said.works, "model": said.model, "since": str(said.when) if said.when else None}


def _waiting(one: Waiting) -> Facts:
    sighting = one.judged.sighting
    return {**_cell(sighting.cell), "sighting": sighting.id, "model": sighting.model, "weight": one.effect.weight}
