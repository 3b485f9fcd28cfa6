"""`cascade feeds`: how the feeds fare; `check`, `import`, `export`, `pause` and `resume`."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.printing import Db, Json, show

feeds = typer.Typer(
    help="The feeds and how they fare; check, import, export, pause or resume one.", add_completion=False
)
Url = Annotated[str, typer.Argument(help="The feed's address, as it is listed.")]


@feeds.callback(invoke_without_command=True)
def health(context: typer.Context, db: Db = None, as_json: Json = False) -> None:
    """The feeds and how they fare; check, import, export, pause or resume one."""
    if context.invoked_subcommand is None:
        from app.once import answer

        show(answer(db, "feeds"), as_json=as_json)


@feeds.command()
def check(url: Annotated[str, typer.Argument(help="An http or https address.")], as_json: Json = False) -> None:
    """Fetch an address once: what it is, what it holds, or why it is refused. Nothing is stored."""
    from app.feeds import check as look

    show(look(url), as_json=as_json)


@feeds.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file, or a feed list (.toml, .txt).")],
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Watch the feeds of a file too; lines that cannot be used are named, the others are taken."""
    from app.feeds import import_list

    show(import_list(db, file), as_json=as_json)


@feeds.command()
def export(db: Db = None) -> None:
    """Print every watched feed as OPML."""
    from app.feeds import export_opml

    typer.echo(export_opml(db), nl=False)


@feeds.command()
def pause(url: Url, db: Db = None, as_json: Json = False) -> None:
    """Keep a feed without asking it."""
    from app.feeds import set_paused

    show(set_paused(db, url, paused=True), as_json=as_json)


@feeds.command()
def resume(url: Url, db: Db = None, as_json: Json = False) -> None:
    """Ask a feed again that was paused, or that said it is gone."""
    from app.feeds import set_paused

    show(set_paused(db, url, paused=False), as_json=as_json)
