"""`cascade classify`: items as JSON lines in, one JSON line each out. A line that cannot be read is answered too."""

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from cascade.errors import BadInput

LONGEST = 1_000_000  # bytes of a line that is read


def classify(
    file: Annotated[Path | None, typer.Argument(help="A file of items; standard input unless given, or for -.")] = None,
) -> None:
    """Read items (id, published, source, url, title, summary) as JSON lines and write what each claims."""
    from app.build import House
    from app.settings import read_settings
    from classifier.labelled import answer_line, broken_line, read_line

    reader = House(read_settings()).reader
    with _opened(file) as lines:
        for number, line in _lines(lines):
            try:
                item = read_line(_text(line))
                answer = answer_line(item, reader.read(item))
            except BadInput as error:
                typer.echo(f"cascade: line {number}: {error}", err=True)
                answer = broken_line(error)
            sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")


def _opened(file: Path | None) -> AbstractContextManager[BinaryIO]:
    if file is None or str(file) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        from storage.texts import unreadable

        raise unreadable(file, error) from error


def _lines(stdin: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, by number; of one that is too long only so much as shows it."""
    number = 0
    while line := stdin.readline(LONGEST + 1):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := stdin.readline(LONGEST)):
            pass
        if line.strip():
            yield number, line


def _text(line: bytes) -> str:
    if len(line.rstrip(b"\r\n")) > LONGEST:
        raise BadInput(f"it is longer than {LONGEST:,} bytes: shorten its summary")
    return line.decode("utf-8-sig", errors="replace")
