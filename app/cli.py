"""The command line: `cascade WORD`. Every refusal is one line on standard error and exit code 2."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.commands.backtest import backtest
from app.commands.classifier import classifier
from app.commands.classify import classify
from app.commands.copy import copy
from app.commands.digest import digest
from app.commands.doctor import doctor
from app.commands.eval import evaluate
from app.commands.export import export
from app.commands.feeds import feeds
from app.commands.forecast import forecast
from app.commands.migrate import migrate
from app.commands.printing import Db, Json, show, show_line
from app.commands.processes import bot, clock, web, worker
from app.commands.report import report
from app.commands.teach import teach
from app.commands.why import why
from cascade.errors import BadInput, CascadeError

NAME = "cascade"
ASKED = " A question is asked with `cascade ask`, as in `cascade ask negation`."
cli = typer.Typer(
    name=NAME,
    help="What generative models can do where, how far behind each stage is, and when the next one gets it.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line (`words` instead of the process's own); the entry point of the `cascade` script."""
    # Our matrices are small: on a busy machine the threads of the algebra wait for each other seven times longer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a sign that the terminal or we do not know is no reason to stop
    try:
        code = _obey(list(sys.argv[1:] if words is None else words) or ["--help"])
        sys.stdout.flush()
    except CascadeError as error:
        _refuse(str(error))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:  # the reader had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is written at the very end
        sys.exit(0)
    except UnicodeEncodeError as error:
        _refuse(f"{error.object!r} is no text: write it in UTF-8")
    except OSError as error:  # a path without rights, a full disk behind the output
        _refuse(f"{error.filename or 'the output'}: {error.strerror or error}. Check the path, its rights and the disk")
    sys.exit(code)


@cli.command()
def run(db: Db = None) -> None:
    """Start everything: feeds, review, answers at this prompt, the weekly digest."""
    from app.run import run as start

    start(db)


@cli.command()
def ask(words: Annotated[list[str] | None, typer.Argument()] = None, db: Db = None, as_json: Json = False) -> None:
    """Print one answer, as in `cascade ask negation` or `cascade ask gap image video`."""
    from app.once import answer

    show(answer(db, " ".join(words or [])), as_json=as_json)


@cli.command()
def review(db: Db = None) -> None:
    """Decide the waiting candidates one by one, by key press."""
    from app.once import review_by_key

    review_by_key(db, _key, sys.stdout)


@cli.command()
def replay(
    folder: Path,
    reviews: Annotated[
        str, typer.Option(help="all, none, or a file of JSON lines with link, capability, stage, vote.")
    ] = "none",
    db: Annotated[
        Path | None, typer.Option(help="Keep what is lived through in this file; it is thrown away unless given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Live through dated folders of feed documents, the clock turned by hand, one digest a week."""
    from app.replay import replay as live

    live(folder, reviews, db, lambda message: show_line(message, as_json=as_json))


CLASSIFIER, APART = "The classifier", "Databases, and processes on PostgreSQL"
_OTHERS: Mapping[str | None, Sequence[Callable[..., None]]] = {
    None: (digest, forecast, backtest, report, why, export, doctor),
    CLASSIFIER: (classify, classifier, teach),
    APART: (migrate, copy, web, bot, worker, clock),
}
for panel, commands in _OTHERS.items():
    for command in commands:
        cli.command(rich_help_panel=panel)(command)
cli.command("eval", rich_help_panel=CLASSIFIER)(evaluate)
cli.add_typer(feeds, name="feeds")


def _key() -> str:
    """The next key; "" when no more come."""
    if sys.stdin is None or not sys.stdin.isatty():
        return sys.stdin.read(1) if sys.stdin else ""
    try:
        return typer.getchar()
    except (EOFError, KeyboardInterrupt):  # Ctrl-D, Ctrl-C
        return ""


def _obey(words: list[str]) -> int:
    """Run one command; its exit code. Typer by itself tells of wrong words over several lines."""
    command = _commands()
    try:
        with command.make_context(NAME, words) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.TyperException as error:
        raise BadInput(_how(error)) from error
    except SystemExit as end:  # what rich makes of a closed pipe
        raise (end.__context__ if isinstance(end.__context__, BrokenPipeError) else end) from None
    return 0


@cache
def _commands() -> typer.core.TyperGroup:
    """Every command with its options, read off the functions once."""
    return typer.main.get_group(cli)


def _how(error: typer.TyperException) -> str:
    """What is wrong with a command's words, and where its right ones stand."""
    context: typer.Context | None = getattr(error, "ctx", None)
    path = context.command_path if context else NAME
    words = error.format_message().replace("Value error, ", "").rstrip(".")
    asked = ASKED if path == NAME and words.startswith("No such command") else ""
    return f"{words}{'' if words.endswith('?') else '.'}{asked} `{path} --help` tells how."


def _refuse(text: str) -> NoReturn:
    print(f"cascade: {text}", file=sys.stderr)  # noqa: T201
    sys.exit(2)
