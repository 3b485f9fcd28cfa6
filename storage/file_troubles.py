"""What a path, a disk, a lock or a damaged file can do, each in one line of ours with its cure."""

import errno
import sqlite3
from pathlib import Path

_ANOTHER = "or name another file with --db"
_FULL = "the disk is full: make room; what was stored is safe"
_RIGHTS = f"this user may not open it. Check the path and its rights, {_ANOTHER}"
_ONLY_READ = f"it may only be read here. Give this user the right to write it and its folder, {_ANOTHER}"
_NO_FILE = f"it cannot be a file there. Check the path, {_ANOTHER}"
_DISK = "the disk could not be read or written: check it and the room on it; what was stored is safe"
_BY_CODE = {
    sqlite3.SQLITE_BUSY: "another command is writing: try again in a moment",
    sqlite3.SQLITE_LOCKED: "another command is writing: try again in a moment",
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _ONLY_READ,
    sqlite3.SQLITE_CANTOPEN: f"it cannot be opened. Check the path and its rights, {_ANOTHER}",
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_IOERR: _DISK,
}
_BY_ERRNO = {
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _ONLY_READ,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EEXIST: _NO_FILE,
    errno.ENOTDIR: _NO_FILE,
    errno.EISDIR: _NO_FILE,
    errno.ENAMETOOLONG: _NO_FILE,
}
_DAMAGED = "it is damaged or no database: restore a copy, or name another file with --db; nothing was changed"


def trouble(path: Path | str, error: sqlite3.Error | OSError) -> str:
    """What is wrong with a database's file, and what to do."""
    if isinstance(error, OSError):
        return f"{path}: {_BY_ERRNO.get(error.errno or 0, _DISK)}"
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the upper bits tell finer kinds
    return f"{path}: {_BY_CODE.get(code, _DAMAGED)}"
