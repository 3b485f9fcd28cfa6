"""How good the forecasts have been is told where people ask: by `law`, and by `when` beside a forecast."""

import json
from dataclasses import replace

from cascade.message import Chart, Picture
from cascade.ports import HOME
from storage.store import Store
from tests.bot.conftest import Ask
from tests.bot.test_ask import text
from tests.contracts.ledger import published
from tests.make import NEGATION, OPEN_IMAGE, VIDEO, sighting, vote

REPLAYED = (
    '{"origins": ["2023-01-15", "2023-04-15"], "methods": ['
    '{"method": "this model", "n": 7, "crps": 0.15, "held80": 0.83},'
    '{"method": "one", "n": 7, "crps": 0.21}, {"method": "two", "n": 7, "crps": 0.2}]}'
)


def test_before_any_digest(say: Ask) -> None:
    """Where nothing was shown, nothing is claimed."""
    message = say("law")
    assert "No digest has shown a forecast yet" in text(message)
    assert message.facts["record"]["scored"] == 0


def test_the_replayed_history(say: Ask, store: Store) -> None:
    """The backtest's figure stands beside that of the best simple method, and is named retrospective."""
    store.set_note("backtest", REPLAYED)
    told = text(say("law"))
    assert "2 quarterly origins, a retrospective test: CRPS 0.150 against 0.200 of the best simple method (two)" in told
    assert "held 83 %" in told


def test_said_and_came(say: Ask, store: Store) -> None:
    """What was said stands beside what came, as a plot and in words; fifths in which nothing was said are left out."""
    row = {"months": 3, "from": 0.0, "n": 107, "said": 0.1238, "came": 0.1121}
    rows = [row, row | {"from": 0.2, "n": 0, "said": None, "came": None}, row | {"months": 6, "n": 9, "came": 1.0}]
    store.set_note("backtest", json.dumps(json.loads(REPLAYED) | {"fifths": rows}))
    message = say("law")
    (plot,) = [part for part in message.parts if isinstance(part, Picture)]
    assert plot.chart is Chart.CALIBRATION
    assert plot.alt == (
        "Within 3 months: said 12 % and 11 % came (n=107); Within 6 months: said 12 % and 100 % came (n=9)"
    )
    assert "Within 6 months: said 12 % and 100 % came (n=9)" in text(replace(message, parts=message.parts[-1:]))


def test_none_due(say: Ask, store: Store) -> None:
    """A forecast that was shown and is open is counted as open."""
    store.publish([published(VIDEO)])
    assert "Digests have shown 1 forecast so far; none has come due yet" in text(say("law"))


def test_a_hit_and_a_miss(say: Ask, store: Store) -> None:
    """A vote that closes a cell moves the running score; a miss is named with what was told and what came."""
    store.publish([published(OPEN_IMAGE), published(VIDEO)])
    miss, hit = sighting(OPEN_IMAGE, "2026-01-20", story="s2"), sighting(VIDEO, "2026-05-01", story="s3")
    for one in (miss, hit):
        store.save_sighting(one)
        store.add_votes(HOME, [vote(one)])
    message = say("law")
    assert "Of 2 forecasts of 2 cells that came due, the 80 % range held 1; 1 came earlier and 0 later" in text(message)
    assert "negation in open image models: told on 2026-01-18 for 2026-04-05 to" in text(message)
    assert "came 2026-01-20, earlier than the 80 % range" in text(message)
    assert "negation in closed offline video: told" not in text(message)
    assert (message.facts["record"]["held"], message.facts["record"]["early"]) == (1, 1)


def test_when_it_is_there(say: Ask, store: Store) -> None:
    """A cell that is there says since when, and what was first forecast of it."""
    store.publish([published(OPEN_IMAGE)])
    seen = sighting(OPEN_IMAGE, "2026-05-14")
    store.add_votes(HOME, [vote(seen)])
    message = say("when negation in open image")
    assert "it is there" in message.headline
    assert "First forecast: negation in open image models: told on 2026-01-18" in text(message)
    assert message.facts["result"] == "held"


def test_when_beside_a_forecast(say: Ask, store: Store) -> None:
    """An open cell's answer carries the running score and what was said first."""
    store.publish([published(VIDEO)])
    told = text(say("when negation in offline video"))
    assert "Digests have shown 1 forecast so far" in told
    assert "told on 2026-01-18" in told
    assert "still open" in told


def test_a_name_alone(say: Ask) -> None:
    """`when` with a capability or a stage alone answers with its own page; `plan` says what is missing."""
    assert say(f"when {NEGATION}").facts["capability"] == NEGATION
    assert say("when open image").facts["stage"] == OPEN_IMAGE
    assert "needs a capability and a stage" in say("plan negation by 2027-06").headline


def test_a_day_that_has_passed(say: Ask) -> None:
    """A plan for a day gone by says so, or that there is too little to say."""
    assert say("plan negation in offline video by 2020").facts["advice"] in {"cannot say", "build around"}


def test_a_gap_names_its_trend(say: Ask) -> None:
    """With a single closed gap nobody can tell, and the answer says from how many and by which estimator."""
    message = say("gap text image")
    assert "cannot tell yet (n=1; Akritas-Theil-Sen slope" in text(message)
    assert message.facts["trend"]["direction"] == "cannot tell yet"
