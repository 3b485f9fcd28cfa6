"""How a command prints a message: words for people, facts for programs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cascade.message import Message

Db = Annotated[Path | None, typer.Option("--db", help="The database file, before CASCADE_DB and DATABASE_URL.")]
Json = Annotated[bool, typer.Option("--json", help="Print facts for programs instead of words for people.")]


def show_line(message: Message, *, as_json: bool) -> None:
    """Print one of several messages; for programs one line each."""
    if as_json:
        typer.echo(json.dumps(message.facts, ensure_ascii=False, sort_keys=True))
    else:
        show(message, as_json=False)


def show(message: Message, *, as_json: bool) -> None:
    """Print one message; leave with exit code 2 where it tells of an error."""
    from bot.terminal.render import render

    if as_json:
        typer.echo(json.dumps(message.facts, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        typer.echo(render(message))
    if "error" in message.facts:
        raise typer.Exit(2)
