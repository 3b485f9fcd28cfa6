"""Reads the environment once; names every problem at once, each with its cure."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cascade.errors import BadInput
from cascade.phrases import either
from digest.pictures.theme import Theme

SLIP = 0.9  # how alike a misspelt name is to the right one, at least


class Settings(BaseSettings):
    """What a person may set, each as `CASCADE_NAME` in the environment."""

    model_config = SettingsConfigDict(env_prefix="CASCADE_", env_ignore_empty=True, frozen=True, extra="ignore")

    db: Path = Field(default_factory=lambda: user_data_path("cascade", appauthor=False) / "cascade.db")
    database_url: str = Field(default="", validation_alias="DATABASE_URL", repr=False)  # PostgreSQL, not the file db
    connections: int = Field(default=4, ge=1, le=100)  # to PostgreSQL, for each process
    keep_text_days: int = Field(default=365, ge=0)  # text of older items is dropped, their fate kept; 0: for ever
    quorum: int = Field(default=1, ge=1, le=100)
    cards_a_day: int = Field(default=2, ge=0, le=50)
    zone: str = "UTC"
    feeds: Path | None = None  # a feed list of one's own; None: the one that ships
    pictures: Theme = Theme.LIGHT  # light or dark, as most of the team has its chat
    web: bool = True  # whether the page is served
    web_host: str = "127.0.0.1"  # the address it listens at; another one than loopback opens it to others
    web_port: int = Field(default=8080, ge=1, le=65535)
    port: int | None = Field(default=None, ge=1, le=65535, validation_alias="PORT")  # as hosts set it: open at this one
    public_url: str = ""  # where people reach the page: chat messages then link to it
    allow_private_hosts: str = ""  # host names, separated by commas, that may lie inside the own network
    slack_bot_token: str = Field(default="", repr=False)  # xoxb-…; "": no Slack, unless a client id is set
    slack_app_token: str = Field(default="", repr=False)  # xapp-…: events come through Socket Mode
    slack_signing_secret: str = Field(default="", repr=False)  # events come as signed HTTP requests
    slack_review_channel: str = ""  # the id of the channel where cards stand; "": no review on Slack
    slack_reviewers: str = ""  # ids of people and user groups, separated by commas; "": the channel's members
    slack_api_url: str = "https://slack.com/api/"  # another one for GovSlack, or a proxy
    slack_client_id: str = ""  # with the next one: any workspace may install the app from /slack/install
    slack_client_secret: str = Field(default="", repr=False)
    discord_token: str = Field(default="", repr=False)  # the bot's; "": no Discord
    discord_review_channel: str = ""  # the id of the channel where cards stand; "": no review on Discord
    discord_reviewer_role: str = ""  # the id of a role: only its members' votes count
    discord_reviewers: str = ""  # ids of people, separated by commas: only their votes count
    discord_shards: int = Field(default=0, ge=0, le=1000)  # 0: one connection; more for thousands of servers
    discord_shard_ids: str = (
        ""  # which of them this bot opens, such as 0-3 or 0,2, when several bots share them; "": all
    )
    discord_api_url: str = ""  # where Discord's API is reached, such as a proxy; "": Discord's own
    discord_gateway_url: str = ""  # the same for its gateway

    llm_url: str = ""  # an OpenAI-compatible endpoint, such as http://localhost:11434/v1; "": no second opinion
    llm_model: str = Field(default="", validate_default=True)  # its model's name
    llm_key: str = Field(default="", repr=False)  # "": it needs none
    llm_seconds: float = Field(default=60.0, gt=0, le=600)  # for one request
    llm_dollars_a_day: float = Field(default=1.0, ge=0)  # nothing is asked beyond that
    llm_dollars_a_million: float = Field(default=5.0, ge=0)  # what a million tokens cost, sent or received

    @field_validator("llm_model")
    @classmethod
    def _names_a_model(cls, model: str, info: ValidationInfo) -> str:
        if info.data.get("llm_url") and not model:
            raise ValueError("names no model: CASCADE_LLM_URL is set, so name one that it serves")
        return model

    @field_validator("llm_url")
    @classmethod
    def _is_an_endpoint(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("is no address: write it like http://localhost:11434/v1")
        return url

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is no time zone: write one like Europe/Berlin or UTC") from error
        return name

    @field_validator("allow_private_hosts")
    @classmethod
    def _are_hosts(cls, text: str) -> str:
        bad = next((name for name in ids(text) if "/" in name or re.fullmatch(r"[^:]+:\d+", name)), None)
        if bad is not None:
            raise ValueError(f"{bad!r} is no host name: write names alone, as feeds.internal, separated by commas")
        return text

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError("is no address of a site: write it like https://cascade.example")
        return url.rstrip("/")

    @property
    def listens_at(self) -> tuple[str, int]:
        """Host and port of the page."""
        return ("0.0.0.0", self.port) if self.port else (self.web_host, self.web_port)  # noqa: S104  PORT asks for it

    @field_validator("discord_review_channel", "discord_reviewer_role", "discord_reviewers")
    @classmethod
    def _are_ids(cls, text: str) -> str:
        bad = next((one for one in ids(text) if not (one.isascii() and one.isdigit())), None)
        if bad is not None:
            raise ValueError(f"{bad!r} is no id: turn on Developer Mode in Discord, then right-click and Copy ID")
        return text.strip()

    @field_validator("discord_shard_ids")
    @classmethod
    def _are_shards(cls, text: str, info: ValidationInfo) -> str:
        count = info.data.get("discord_shards", 0)
        if any(number >= count for number in shards(text)):
            raise ValueError(f"there are {count} shards, counted from 0: CASCADE_DISCORD_SHARDS says how many")
        return text

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which days and weeks are counted where a channel has none of its own."""
        return ZoneInfo(self.zone)

    @property
    def private_hosts(self) -> frozenset[str]:
        """The hosts that may be asked although they are inside the own network."""
        return frozenset(name.strip().lower() for name in self.allow_private_hosts.split(",") if name.strip())


def ids(text: str) -> tuple[str, ...]:
    """Several ids in one setting, separated by commas."""
    return tuple(one.strip() for one in text.split(",") if one.strip())


def shards(text: str) -> tuple[int, ...]:
    """The numbers in `0-3,6`, in order. Raises ValueError."""
    found = [re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", one) for one in ids(text)]
    if not all(found):
        raise ValueError(f"{text!r} names no shards: write them like 0-3 or 0,2")
    spans = [range(int(one[1]), int(one[2] or one[1]) + 1) for one in found if one]
    return tuple(sorted({number for span in spans for number in span}))


def read_settings(db: Path | None = None) -> Settings:
    """The settings of this start; `db` from the command line wins. Raises BadInput naming every problem."""
    problems = list(_slips(os.environ))
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadInput("; ".join((*problems, *(_problem(dict(one)) for one in error.errors())))) from error
    if problems:
        raise BadInput("; ".join(problems))
    return settings.model_copy(update={"db": db, "database_url": ""}) if db else settings


def _slips(names: Iterable[str]) -> Iterator[str]:
    """Variables that are nearly a setting: one that is misspelt would be passed over without a word."""
    known = {f"CASCADE_{name.upper()}" for name, field in Settings.model_fields.items() if not field.validation_alias}
    for name in names:
        if name.startswith("CASCADE_") and name not in known and (near := get_close_matches(name, known, 1, SLIP)):
            yield f"{name} is no setting: did you mean {near[0]}?"


def _problem(one: Mapping[str, Any]) -> str:
    """One setting that cannot be used: its name, what was given, and what may be written."""
    name = str(one["loc"][0])
    where = name if name.isupper() else f"CASCADE_{name.upper()}"
    said = str(one["msg"]).removeprefix("Value error, ") if one["type"] == "value_error" else allowed(name.lower())
    return f"{where}={one['input']!r}: {said}"


def allowed(name: str) -> str:
    """What may be written for a setting that is a number, a switch or one of a few words."""
    field = Settings.model_fields[name]
    kinds = (field.annotation, *get_args(field.annotation))
    if bool in kinds:
        return "write on or off"
    if Theme in kinds:
        return f"write {either(Theme)}"
    bounds = {key: getattr(rule, key) for rule in field.metadata for key in ("gt", "ge", "le") if hasattr(rule, key)}
    least = f"above {bounds['gt']}" if "gt" in bounds else f"from {bounds.get('ge', 0)}"
    most = f" to {bounds['le']}" if "le" in bounds else " on" if "ge" in bounds else ""
    return f"write a {'whole ' if int in kinds else ''}number {least}{most}"
