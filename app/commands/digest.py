"""`cascade digest`: a past week as it was known then, the next one ahead of its time, and what was sent."""

from collections.abc import Callable
from typing import Annotated

import typer

from app.commands.printing import Db, Json, show
from cascade.errors import BadInput
from cascade.message import Message

Week = Annotated[str | None, typer.Option(help="A week like 2026-W20; the last whole one unless given.")]
Preview = Annotated[bool, typer.Option("--preview", help="What each place would get if its hour were now.")]
Send = Annotated[bool, typer.Option("--send", help="Claim and post what is owed now.")]
Resend = Annotated[str | None, typer.Option(metavar="NAME", help="Post one once more; its name is in --list.")]
List = Annotated[bool, typer.Option("--list", help="Every digest that was claimed, and how far it came.")]
Unclear = Annotated[bool, typer.Option("--unclear", help="What may or may not have been posted.")]
Settle = Annotated[str | None, typer.Option(metavar="NAME", help="Say what became of an unclear one.")]
WasSent = Annotated[bool | None, typer.Option("--was-sent/--not-sent", help="With --settle: whether it stands there.")]

ONE = "one at a time: --week, --preview, --send, --resend, --list, --unclear or --settle"
SAY_WHICH = "--settle needs --was-sent or --not-sent: look where it would stand"
SETTLE_WHAT = "--was-sent and --not-sent go with --settle NAME: `cascade digest --unclear` lists the names"


def digest(
    week: Week = None,
    preview: Preview = False,
    send: Send = False,
    resend: Resend = None,
    list_: List = False,
    unclear: Unclear = False,
    settle: Settle = None,
    was_sent: WasSent = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Print the digest of a week as it was known at its end; or send, send again and settle."""
    from app import digest_desk as desk

    if settle and was_sent is None:
        raise BadInput(SAY_WHICH)
    if was_sent is not None and not settle:
        raise BadInput(SETTLE_WHAT)
    asked: list[tuple[object, Callable[[], list[Message]]]] = [
        (week, lambda: desk.weekly(db, week)),
        (preview, lambda: desk.preview(db)),
        (send, lambda: desk.send(db)),
        (resend, lambda: desk.send_again(db, resend or "")),
        (list_, lambda: desk.listed(db)),
        (unclear, lambda: desk.doubtful(db)),
        (settle, lambda: desk.settled(db, settle or "", was_sent=bool(was_sent))),
    ]
    wanted = [deed for word, deed in asked if word]
    if len(wanted) > 1:
        raise BadInput(ONE)
    found = wanted[0]() if wanted else desk.weekly(db, None)
    for message in found[:1] if as_json and not preview else found:
        show(message, as_json=as_json)
