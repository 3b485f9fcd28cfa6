"""`cascade classify`: items as JSON lines in, one JSON line each out."""

import json
import sys
from collections.abc import Iterator
from typing import BinaryIO

import typer

LONGEST = 1_000_000  # bytes of a line that are looked at


def classify() -> None:
    """Read items (id, published, source, url, title, summary) as JSON lines and write what each claims."""
    from app.build import House
    from app.settings import read_settings
    from cascade.errors import BadInput
    from classifier.labelled import answer_line, broken_line, read_line

    reader = House(read_settings()).reader
    for number, line in _lines(sys.stdin.buffer):
        try:
            item = read_line(line)
            answer = answer_line(item, reader.read(item))
        except BadInput as error:
            typer.echo(f"cascade: line {number}: {error}", err=True)
            answer = broken_line(error)
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")


def _lines(stdin: BinaryIO) -> Iterator[tuple[int, str]]:
    """The lines that hold something, by number; one that is too long is cut, so that it costs no more than others."""
    number = 0
    while line := stdin.readline(LONGEST):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := stdin.readline(LONGEST)):
            line = line[:LONGEST]
        if line.strip():
            yield number, line.decode("utf-8", errors="replace")
