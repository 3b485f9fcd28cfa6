"""`cascade doctor`: whether tokens, rights and channels are as they should be."""

import typer

from app.commands.printing import Db, Json, show


def doctor(db: Db = None, as_json: Json = False) -> None:
    """Check the database, the chat tokens, their rights and the channels; each failure says its cure (exit code 1)."""
    from app.doctor import doctor as look

    message = look(db)
    show(message, as_json=as_json)
    if not all(check["ok"] for check in message.facts["checks"]):
        raise typer.Exit(1)
