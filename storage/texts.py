"""Reads the files that a person named."""

from pathlib import Path

from cascade.errors import BadInput


def unreadable(path: Path, error: OSError) -> BadInput:
    """What to raise over a file that cannot be read: why, and the cure."""
    return BadInput(f"{path}: {error.strerror}: name a file that is there and can be read")


def read_text(path: Path) -> str:
    """The file's text, without the mark that some editors set before it. Raises BadInput with the cure."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: it is not UTF-8 text: save it as UTF-8") from error


def read_lines(path: Path) -> list[str]:
    """Its lines. Other signs than the line feed may stand inside of one, as in JSON. Raises BadInput."""
    return read_text(path).split("\n")
