"""`cascade why`: what became of an item, by its link, or of a sighting, by its id."""

from typing import Annotated

import typer

from app.commands.printing import Db, Json, show


def why(
    what: Annotated[str, typer.Argument(help="A link that a feed brought, or a sighting's id.")],
    db: Db = None,
    as_json: Json = False,
) -> None:
    """What became of an item (by its link) or of a sighting (by its id), from its feed to the board."""
    from app.once import answer

    show(answer(db, f"why {what}"), as_json=as_json)
