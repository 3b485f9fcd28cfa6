"""Many rows in one statement: while SQLite works on it, Python's other threads go on.

Row by row it would hand Python's lock back and wait for it again after each; beside a thread that reads
documents it would spend most of its time waiting.
"""

import re
from functools import lru_cache

_NAMED = re.compile(r":([a-z_]+)")


@lru_cache(8)
def together(sql: str, rows: int) -> str:
    """An `INSERT … VALUES (…) ON CONFLICT …` as one of so many rows, whose values stand in the order of `names_in`."""
    names = names_in(sql)
    head, _, tail = sql.partition("VALUES (")
    row, _, conflict = tail.partition("ON CONFLICT")
    row = _NAMED.sub(lambda name: f"column{names.index(name[1]) + 1}", row.strip().removesuffix(")"))
    values = ", ".join([f"({', '.join('?' * len(names))})"] * rows)
    # "WHERE true": without it SQLite would read ON CONFLICT as the condition of a join.
    return f"{head}SELECT {row} FROM (VALUES {values}) WHERE true ON CONFLICT{conflict}"  # noqa: S608  our own words


@lru_cache(8)
def names_in(sql: str) -> tuple[str, ...]:
    """The names of a statement's values, each once."""
    return tuple(dict.fromkeys(_NAMED.findall(sql)))
