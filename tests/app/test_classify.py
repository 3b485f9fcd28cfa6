"""`cascade classify` and `cascade eval`, as a person runs them."""

import json
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from app.cli import main
from app.evaluate import measure, under_floor
from cascade.errors import BadInput
from classifier.score import score

OWN = Path(__file__).parent.parent / "samples" / "labelled.jsonl"
GOOD = {"id": "a-1", "published": "2026-05-14", "source": "News", "url": "", "summary": ""}
Classify = Callable[..., tuple[list[dict[str, object]], str]]


@pytest.fixture
def classify(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Classify:
    """Hand the command some bytes: what comes out, and what is said on standard error."""

    def classify(content: bytes, *words: str) -> tuple[list[dict[str, object]], str]:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(content)))
        with pytest.raises(SystemExit) as ended:
            main(["classify", *words])
        assert ended.value.code == 0
        out, err = capsys.readouterr()
        return [json.loads(line) for line in out.splitlines()], err

    return classify


def test_every_line_is_answered_once(classify: Classify) -> None:
    """Good lines get claims; broken ones get an error of their own and stop nothing."""
    good = json.dumps({**GOOD, "title": "Qwen-Image-Edit keeps the same character across images"}).encode()
    lines = [
        good,
        b"{no json",
        b"[1, 2]",
        b'{"id": "x", "title": {"a": 1}}',
        b"\xff\xfe\x00\x01",
        b"[" * 50_000,
        b'{"title": "' + b"a" * 3_000_000 + b'"}',
        b"{}",
        good,
    ]
    answers, errors = classify(b"\n".join(lines))
    assert len(answers) == len(lines)
    assert [("error" in one) for one in answers] == [False, True, True, True, True, True, True, False, False]
    assert answers[0] == answers[-1]
    claim = answers[0]["claims"][0]  # type: ignore[index]
    assert claim["capability"] == "identity-consistency"
    assert set(claim) == {"capability", "stage", "verdict", "probability", "quote"}
    assert errors.count("cascade: line") == 6
    assert "line 2: no JSON from character 2 on" in errors
    assert "line 7: it is longer than 1,000,000 bytes" in errors
    assert "Traceback" not in errors


def test_a_file_by_name(tmp_path: Path, classify: Classify) -> None:
    """A file is read like standard input, also with the mark that some editors set before it; `-` is standard input."""
    content = json.dumps({**GOOD, "title": "Qwen-Image-Edit keeps the same character across images"}).encode()
    file = tmp_path / "items.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + content + b"\r\n")
    found = classify(b"", str(file))
    assert found == classify(content) == classify(content, "-")
    assert found[0][0]["claims"]


def test_nothing_in_nothing_out(classify: Classify) -> None:
    """An empty input is no error."""
    assert classify(b"") == ([], "")


@pytest.mark.slow
def test_the_own_set_holds_its_floor(tmp_path: Path) -> None:
    """Each item is read by a model that did not see it; a floor above what is reached fails by name."""
    report = measure(OWN, None)
    assert report.items >= 100
    shipped = Path(__file__).parent.parent.parent / "classifier" / "data" / "floor" / "own.toml"
    assert under_floor(report, shipped) == []
    floor = tmp_path / "floor.toml"
    floor.write_text("pair_f1 = 0.999\nclaim_error = 0.0001\n")
    assert len(under_floor(report, floor)) == 2
    floor.write_text("beauty = 1\n")
    with pytest.raises(BadInput, match="beauty"):
        under_floor(report, floor)


@pytest.mark.parametrize("text", ["no TOML", "pair_f1 = 'high'"])
def test_a_floor_that_is_none(text: str, tmp_path: Path) -> None:
    """It is named with the form that works."""
    floor = tmp_path / "floor.toml"
    floor.write_text(text)
    with pytest.raises(BadInput, match=r"floor.toml.*write lines like pair_f1 = 0.75"):
        under_floor(score([], []), floor)


def test_too_few_items_to_learn_from(tmp_path: Path) -> None:
    """A set of one kind, or a split that is no day, is refused in our words."""
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(OWN.read_text().splitlines()[:3]))
    with pytest.raises(BadInput, match="too few to learn from"):
        measure(few, None)
    with pytest.raises(BadInput, match="'soon' is no date: write 2026-05-14"):
        measure(few, "soon")


@pytest.mark.parametrize(
    "line", ['{"id": "a"}', '{"relevant": true, "claims": 5}', '{"relevant": true, "claims": [{}]}']
)
def test_labels_that_are_missing(line: str, tmp_path: Path) -> None:
    """What a labelled line needs is said with its number."""
    (tmp_path / "set.jsonl").write_text(line)
    with pytest.raises(BadInput, match="line 1 of the labelled set: an item needs relevant"):
        measure(tmp_path / "set.jsonl", None)


def test_a_split_without_items_on_one_side() -> None:
    """It is refused in one line."""
    with pytest.raises(BadInput, match="no items on one side"):
        measure(OWN, "1999-01-01")
