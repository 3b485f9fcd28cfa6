"""Whether a team's board may have changed, told in well under a millisecond."""

from storage.database import Database


class StampRows:
    """What a reader compares before it folds the board again."""

    _db: Database

    def stamp(self, team: str) -> str:
        """Another text whenever a sighting, a vote or a correction was added, or accounts or stories were joined.

        They are only ever added, so counting tells; the highest number would miss a row that
        another connection committed late. What the atlas's files say is taken in at a start.
        """
        row = self._db.all(
            """
            SELECT (SELECT COUNT(*) FROM sightings) AS sightings,
                   (SELECT COUNT(*) FROM votes WHERE team = :team) AS votes,
                   (SELECT COUNT(*) FROM corrections WHERE team = :team) AS corrections,
                   (SELECT COUNT(*) FROM accounts WHERE team = :team) AS accounts,
                   (SELECT COUNT(*) FROM story_merges) AS merges
            """,
            team=team,
        )[0]
        return ".".join(str(row[name]) for name in ("sightings", "votes", "corrections", "accounts", "merges"))

    def evidence_stamp(self) -> str:
        """Another text whenever a known sighting gained evidence; reads them all, so ask it seldom."""
        row = self._db.all("SELECT SUM(LENGTH(evidence)) AS letters FROM sightings")[0]
        return str(row["letters"] or 0)
