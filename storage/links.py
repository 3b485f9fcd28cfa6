"""Joined accounts, and the codes that join them, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from cascade.linking import WITHIN, Account, LinkCode
from cascade.sighting import Person
from storage.database import Database, Row
from storage.rows import moment, to_moment


class LinkRows:
    """Fulfils `cascade.ports.LinkStore`."""

    _db: Database

    def accounts(self, team: str) -> tuple[Account, ...]:
        """Every account that was joined with another, the oldest first."""
        rows = self._db.all("SELECT * FROM accounts WHERE team = :team ORDER BY since, platform, person", team=team)
        return tuple(map(_to_account, rows))

    def join_accounts(self, team: str, accounts: Sequence[Account]) -> None:
        """Make each of these one human's, in place of whose it was."""
        with self._db.transaction():
            for one in accounts:
                self._db.run(
                    """INSERT INTO accounts (team, platform, person, name, human, since)
                       VALUES (:team, :platform, :person, :name, :human, :since)
                       ON CONFLICT (team, platform, person) DO UPDATE SET human = excluded.human""",
                    team=team,
                    platform=one.person.platform,
                    person=one.person.id,
                    name=one.person.name,
                    human=one.human,
                    since=moment(one.since),
                )

    def part_accounts(self, team: str, human: str) -> None:
        """Let the human's accounts be strangers again."""
        self._db.run("DELETE FROM accounts WHERE team = :team AND human = :human", team=team, human=human)

    def save_link_code(self, team: str, code: LinkCode) -> None:
        """Keep a code, in place of the person's earlier one; those that are too old go."""
        person = code.person
        with self._db.transaction():
            self._db.run(
                """DELETE FROM link_codes WHERE team = :team AND platform = :platform AND person = :person""",
                team=team,
                platform=person.platform,
                person=person.id,
            )
            self._db.run(
                """INSERT INTO link_codes (team, digest, platform, person, name, expires_at)
                   VALUES (:team, :digest, :platform, :person, :name, :expires_at)""",
                team=team,
                digest=code.digest,
                platform=person.platform,
                person=person.id,
                name=person.name,
                expires_at=moment(code.expires_at),
            )

    def take_link_code(self, team: str, digest: str, now: datetime) -> Person | None:
        """Who asked for the code, which is used up by that; None for one that is unknown, taken or too old."""
        with self._db.transaction(f"links of {team}"):
            self._db.run("DELETE FROM link_codes WHERE expires_at < :now", now=moment(now))
            rows = self._db.all(
                "SELECT * FROM link_codes WHERE team = :team AND digest = :digest", team=team, digest=digest
            )
            self._db.run("DELETE FROM link_codes WHERE team = :team AND digest = :digest", team=team, digest=digest)
        return _to_person(rows[0]) if rows else None

    def may_try_link(self, team: str, person: Person, kind: str, most: int, now: datetime) -> bool:
        """Note a try of this kind; False when the person made as many within the last hour already."""
        who = {"team": team, "platform": person.platform, "person": person.id, "kind": kind}
        with self._db.transaction(f"links of {team}"):
            self._db.run("DELETE FROM link_tries WHERE at < :old", old=moment(now - WITHIN))
            tries = self._db.all(
                """SELECT COUNT(*) AS made FROM link_tries
                   WHERE team = :team AND platform = :platform AND person = :person AND kind = :kind""",
                **who,
            )
            if tries[0]["made"] >= most:
                return False
            self._db.run(
                """INSERT INTO link_tries (team, platform, person, kind, at)
                   VALUES (:team, :platform, :person, :kind, :at)""",
                **who,
                at=moment(now),
            )
        return True


def _to_account(row: Row) -> Account:
    return Account(person=_to_person(row), human=row["human"], since=to_moment(row["since"]))


def _to_person(row: Row) -> Person:
    return Person(row["platform"], row["person"], row["name"])
