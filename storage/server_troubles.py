"""What a server, or the way to it, can do, each in one line of ours with its cure."""

import psycopg

from cascade.errors import StoreAway, StoreError

AWAY = "The database is away: Cascade waits, and goes on when it is back. Please ask again in a minute"
BUSY = "PostgreSQL: every connection of this process is in use: set CASCADE_CONNECTIONS higher"
_WRITE = "write DATABASE_URL like postgresql://user:password@host/name"
NO_ADDRESS = f"DATABASE_URL is no address of a PostgreSQL: {_WRITE}"
_SILENT = "PostgreSQL does not answer: check that the server runs and that DATABASE_URL names it"
_LOGIN = "PostgreSQL refuses the user or the password: check both in DATABASE_URL"
_NO_NAME = "PostgreSQL has no database of that name: create that database, or name another in DATABASE_URL"
_CROWDED = "PostgreSQL has no connection left: allow more on the server, or set CASCADE_CONNECTIONS lower"
# By the codes that the server sends with an error.
BY_CODE = {
    "28000": _LOGIN,
    "28P01": _LOGIN,
    "3D000": _NO_NAME,
    "3F000": "PostgreSQL has no schema for our tables: create a schema that the user may write to",
    "25006": "this PostgreSQL may only be read: name a server that may be written to in DATABASE_URL",
    "42501": "PostgreSQL does not let us write: give the user of DATABASE_URL the right to create and write tables in "
    "the schema `public`",
    "40P01": "another process was in the way: it is tried again",
    "53100": "PostgreSQL's disk is full: make room on it; what was stored is safe",
    "53300": _CROWDED,
}
# No connection has a code: by what the library says in words alone.
_BY_WORDS = (
    ("authentication failed", _LOGIN),
    ("no password", _LOGIN),
    ("no pg_hba.conf entry", "PostgreSQL lets nobody in from here: allow this machine and user in its pg_hba.conf"),
    ("does not exist", _NO_NAME),
    ("resolve host", "the host in DATABASE_URL is not known: check its name, or the network"),
    ("translate host", "the host in DATABASE_URL is not known: check its name, or the network"),
    ("invalid", f"DATABASE_URL cannot be read: {_WRITE}"),
    ("too many c", _CROWDED),  # clients, or connections of this user
    ("connection slots", _CROWDED),
    ("not support SSL", "PostgreSQL and we do not agree on encryption: set sslmode in DATABASE_URL as its host tells"),
)
_OWN_TROUBLE = "PostgreSQL has a trouble of its own ({code}): its log tells more"
_GOING = ("08", "57P")  # the classes of a connection that breaks, and of a server that stops or starts


def lost(error: psycopg.Error) -> StoreError:
    """What went wrong while Cascade runs: a server that is away is one line, however that shows."""
    is_away = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and told(error) == _SILENT
    return StoreAway(AWAY) if is_away else StoreError(told(error))


def told(error: psycopg.Error) -> str:
    """What went wrong on the way to the server or there, in one line of ours with its cure."""
    code = error.sqlstate or ""
    if code in BY_CODE:
        return BY_CODE[code]
    if code and not code.startswith(_GOING):
        return _OWN_TROUBLE.format(code=code)
    return next((said for clue, said in _BY_WORDS if clue in str(error)), _SILENT)
