"""What `cascade doctor` finds out: one line for each check, with its cure."""

from collections.abc import Sequence
from dataclasses import dataclass

from cascade.message import Bullets, Line, Message, Strong
from cascade.phrases import counted


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    said: str = ""  # what was found
    cure: str = ""  # what to do; "" when all is well


def report(checks: Sequence[Check]) -> Message:
    """The checks as a message, failures first."""
    ordered = sorted(checks, key=lambda check: check.ok)
    bad = sum(not check.ok for check in checks)
    return Message(
        headline=f"{counted(bad, 'check')} of {len(checks)} failed" if bad else f"All {len(checks)} checks passed",
        parts=(Bullets(tuple(map(_line, ordered))),) if ordered else (),
        facts={"checks": [vars(check) for check in checks]},
    )


def _line(check: Check) -> Line:
    said = f": {check.said}" if check.said else ""
    cure = f". {check.cure}" if check.cure else ""
    return ("✓ " if check.ok else "✗ ", Strong(check.name), f"{said}{cure}")
