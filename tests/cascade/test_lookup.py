"""Names are forgiving: aliases, word order, plurals, typos; never a guess, never a blank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.lookup import Entry, Found, Unclear, find, find_cell, find_two_stages
from storage.atlas import read_taxonomy

SHIPPED = read_taxonomy()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("negation", "negation"),
        ("Negation", "negation"),
        ("neagtion", "negation"),
        ("charcter consistancy", "identity-consistency"),
        ("consistent characters", "identity-consistency"),
        ("rt video", "video/closed-realtime"),
        ("video realtime", "video/closed-realtime"),
        ("real-time video", "video/closed-realtime"),
        ("open-source video", "video/open-offline"),
        ("images", "image"),
        ("vido", "video"),
        ("3D", "3d"),
        ("open image models", "image/open"),
        ("countng", "counting"),
        ("prompt adherance", "compositional-binding"),
    ],
)
def test_found(words: str, meant: str) -> None:
    """What people write is what they get."""
    found = find(SHIPPED, words)
    assert isinstance(found, Found), found
    assert found.entry.id == meant


@pytest.mark.parametrize("words", ["", "blah", "editing", "character", "???", "x" * 10_000])
def test_unclear_offers_three(words: str) -> None:
    """What stays unclear gets the nearest three."""
    found = find(SHIPPED, words)
    assert isinstance(found, Unclear)
    assert len(found.nearest) == 3


@pytest.mark.parametrize("words", ["editing", "consistency", "charcter", "reason", "styl", "imag edit", "video gen"])
def test_near(words: str) -> None:
    """A part of a name, nearly written, is near."""
    found = find(SHIPPED, words)
    assert isinstance(found, Found) or found.is_near


@pytest.mark.parametrize("words", ["", "foo", "hello", "xylophone", "what can i do", "lorem ipsum", "flux", "???"])
def test_near_nothing(words: str) -> None:
    """Words that resemble no name are known to."""
    found = find(SHIPPED, words)
    assert isinstance(found, Unclear)
    assert not found.is_near


def test_the_nearest_share_the_words() -> None:
    """Who asks for consistency is offered the capabilities that are called so."""
    found = find(SHIPPED, "consistency")
    assert isinstance(found, Unclear)
    assert {entry.id for entry in found.nearest[:2]} == {"identity-consistency", "style-consistency"}


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("what works in video?", "video"),
        ("which stage is next for negation?", "negation"),
        ("how big is the gap between image and video", "image"),
    ],
)
def test_a_name_in_a_sentence(words: str, first: str) -> None:
    """A sentence is not guessed at; the names in it are offered first."""
    found = find(SHIPPED, words)
    assert isinstance(found, Unclear)
    assert found.is_near
    assert found.nearest[0].id == first


def test_every_own_name_is_found() -> None:
    """Each id, name and alias of the taxonomy finds its own entry."""
    entries: tuple[Entry, ...] = (*SHIPPED.capabilities, *SHIPPED.stages, *SHIPPED.modalities)
    names = [(name, entry) for entry in entries for name in (entry.id, *entry.aliases)]
    missed = [(name, entry.id) for name, entry in names if find(SHIPPED, name) != Found(entry)]
    assert not missed


@pytest.mark.parametrize(
    "words",
    [
        "will realtime video get style",
        "style in realtime video",
        "realtime video style",
        "rt video, style",
        "style for realtime video",
    ],
)
def test_a_cell_in_any_order(words: str) -> None:
    """A capability in a stage, with or without "in", either way round."""
    assert str(find_cell(SHIPPED, words)) == "style-consistency@video/closed-realtime"


def test_two_stages() -> None:
    """A modality's name stands for its first stage."""
    stages = find_two_stages(SHIPPED, "image video")
    assert not isinstance(stages, Unclear)
    assert [stage.id for stage in stages] == ["image/closed", "video/closed-offline"]


def test_the_unclear_half_is_named() -> None:
    """What is asked back is about the half that was not understood."""
    unclear = find_cell(SHIPPED, "glorb in open video")
    assert isinstance(unclear, Unclear)
    assert unclear.words == "glorb"


@given(st.text(max_size=80))
def test_anything_gets_an_answer(words: str) -> None:
    """No text breaks the look-up."""
    assert find(SHIPPED, words)
    assert find_cell(SHIPPED, words)
    assert find_two_stages(SHIPPED, words)
