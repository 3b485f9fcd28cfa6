"""How claims were found, second opinions, and trained models, in SQL."""

import json
from collections.abc import Sequence

from cascade.learned import Opinion, Tag, Trained
from storage.database import Database, Row
from storage.rows import moment, to_moment


class LearningRows:
    """Fulfils `cascade.ports.LearningStore`."""

    _db: Database

    def save_tags(self, tags: Sequence[Tag]) -> None:
        """Keep how claims were found; one that is kept already stays as it was."""
        with self._db.transaction():
            for one in tags:
                self._db.run(
                    """INSERT INTO tags (sighting, item, rule, source, model, probability, features)
                       VALUES (:sighting, :item, :rule, :source, :model, :probability, :features)
                       ON CONFLICT (sighting, item) DO NOTHING""",
                    sighting=one.sighting,
                    item=one.item,
                    rule=one.rule,
                    source=one.source,
                    model=one.model,
                    probability=one.probability,
                    features=json.dumps(dict(one.features), sort_keys=True),
                )

    def tags(self) -> tuple[Tag, ...]:
        """How every claim was found."""
        return tuple(map(_to_tag, self._db.all("SELECT * FROM tags ORDER BY sighting, item")))

    def save_opinion(self, opinion: Opinion) -> None:
        """Keep a second opinion, in place of an earlier one of the same voter."""
        self._db.run(
            """INSERT INTO opinions (sighting, voter, agrees, rules, at)
               VALUES (:sighting, :voter, :agrees, :rules, :at)
               ON CONFLICT (sighting, voter) DO UPDATE
               SET agrees = excluded.agrees, rules = excluded.rules, at = excluded.at""",
            sighting=opinion.sighting,
            voter=opinion.voter,
            agrees=int(opinion.agrees),
            rules=opinion.rules,
            at=moment(opinion.at),
        )

    def opinions(self) -> tuple[Opinion, ...]:
        """Every second opinion, the oldest first."""
        return tuple(map(to_opinion, self._db.all("SELECT * FROM opinions ORDER BY at, sighting, voter")))

    def save_trained(self, trained: Trained) -> None:
        """Keep a trained model; one of the same version stays as it was."""
        self._db.run(
            """INSERT INTO lessons (version, at, decisions, new_loss, old_loss, adopted, content)
               VALUES (:version, :at, :decisions, :new_loss, :old_loss, :adopted, :content)
               ON CONFLICT (version) DO NOTHING""",
            version=trained.version,
            at=moment(trained.at),
            decisions=trained.decisions,
            new_loss=trained.new_loss,
            old_loss=trained.old_loss,
            adopted=int(trained.adopted),
            content=json.dumps(dict(trained.content), sort_keys=True),
        )

    def trained(self) -> tuple[Trained, ...]:
        """Every model that was trained, the newest first."""
        return tuple(map(_to_trained, self._db.all("SELECT * FROM lessons ORDER BY at DESC, version DESC")))


def _to_tag(row: Row) -> Tag:
    return Tag(
        sighting=row["sighting"],
        item=row["item"],
        rule=row["rule"],
        source=row["source"],
        model=row["model"],
        probability=row["probability"],
        features=json.loads(row["features"]),
    )


def to_opinion(row: Row) -> Opinion:
    """A row of `opinions` as a value."""
    return Opinion(
        sighting=row["sighting"],
        voter=row["voter"],
        agrees=bool(row["agrees"]),
        rules=row["rules"],
        at=to_moment(row["at"]),
    )


def _to_trained(row: Row) -> Trained:
    return Trained(
        version=row["version"],
        at=to_moment(row["at"]),
        decisions=row["decisions"],
        new_loss=row["new_loss"],
        old_loss=row["old_loss"],
        adopted=bool(row["adopted"]),
        content=json.loads(row["content"]),
    )
