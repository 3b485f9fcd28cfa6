"""Reads the environment once; names every problem at once, each with its cure."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cascade.errors import BadInput
from digest.pictures.theme import Theme


class Settings(BaseSettings):
    """What a person may set, each as `CASCADE_NAME` in the environment."""

    model_config = SettingsConfigDict(env_prefix="CASCADE_", frozen=True, extra="ignore")

    db: Path = Field(default_factory=lambda: user_data_path("cascade", appauthor=False) / "cascade.db")
    quorum: int = Field(default=1, ge=1, le=100)
    cards_a_day: int = Field(default=2, ge=0, le=50)
    zone: str = "UTC"
    feeds: Path | None = None  # a feed list of one's own; None: the one that ships
    pictures: Theme = Theme.LIGHT  # light or dark, as most of the team has its chat
    allow_private_hosts: str = ""  # host names, separated by commas, that may lie inside the own network

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is no time zone: write one like Europe/Berlin or UTC") from error
        return name

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which days and weeks are counted where a channel has none of its own."""
        return ZoneInfo(self.zone)

    @property
    def private_hosts(self) -> frozenset[str]:
        """The hosts that may be asked although they are inside the own network."""
        return frozenset(name.strip().lower() for name in self.allow_private_hosts.split(",") if name.strip())


def read_settings(db: Path | None = None) -> Settings:
    """The settings of this start; `db` from the command line wins. Raises BadInput naming every problem."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadInput("; ".join(_problem(dict(one)) for one in error.errors())) from error
    return settings.model_copy(update={"db": db}) if db else settings


def _problem(one: dict[str, object]) -> str:
    where = "".join(f"CASCADE_{str(name).upper()}" for name in one["loc"])  # type: ignore[attr-defined]
    return f"{where}={one['input']!r}: {str(one['msg']).removeprefix('Value error, ')}"
