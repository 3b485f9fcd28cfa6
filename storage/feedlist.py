"""Reads a list of feeds that a person edits: one line is one feed, and a bad line costs only itself."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import cascade
from cascade.errors import BadInput
from cascade.feed import Feed
from cascade.item import Tier
from cascade.links import canonical
from storage.texts import read_text

DEFAULT = Path(cascade.__file__).parent / "data" / "feeds.toml"
MODALITIES = ("text", "code", "image", "video", "3d")
_ONE_LINE = '"https://…" = { title = "…" }'
_KEYS = ("title", "tier", "modalities", "home", "paused")


@dataclass(frozen=True, kw_only=True)
class FeedList:
    """What a list holds, and one line for each of its lines that was left out: where, why, and the cure."""

    feeds: tuple[Feed, ...]
    refused: tuple[str, ...] = ()


def read_feed_list(path: Path = DEFAULT) -> FeedList:
    """The feeds of a file. Raises BadInput when the file itself cannot be read."""
    return parse_feed_list(read_text(path), path.name)


def parse_feed_list(text: str, name: str) -> FeedList:
    """The feeds of a text: TOML with one feed a line, or bare addresses, one a line."""
    feeds: dict[str, Feed] = {}
    places: dict[str, int] = {}
    refused: list[str] = []
    for number, line, group in _lines(text):
        try:
            feed = _feed(line, group)
        except BadInput as error:
            refused.append(f"{name}, line {number}: {error}")
            continue
        if feed.url in feeds:
            refused.append(f"{name}, line {number}: this feed stands on line {places[feed.url]} already")
        else:
            feeds[feed.url], places[feed.url] = feed, number
    return FeedList(feeds=tuple(feeds.values()), refused=tuple(refused))


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Each line that should be a feed, with its number and group."""
    group = ""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        heading = _heading(bare)
        if heading is not None:
            group = heading
        elif bare and not bare.startswith("#"):
            yield number, bare, group


def _heading(line: str) -> str | None:
    """The group that a line begins; None when it is no heading."""
    name, bracket, rest = line[1:].partition("]")
    if not line.startswith("[") or not bracket or name.startswith("[") or rest.partition("#")[0].strip():
        return None
    return name.strip().strip('"')


def _feed(line: str, group: str) -> Feed:
    if line.startswith(("http://", "https://")):
        return Feed(url=_address(line.partition(" #")[0].rstrip()), group=group)
    if line.startswith("["):
        raise BadInput(f"a group is one word or more in single brackets, and each feed one line below it: {_ONE_LINE}")
    try:
        [(url, details)] = tomllib.loads(line).items()
    except (ValueError, RecursionError) as error:
        raise BadInput(f"write {_ONE_LINE}, or the bare address") from error
    if "://" not in url:
        raise BadInput(f"{url[:80]!r} is no address: each feed is one line, {_ONE_LINE}")
    if not isinstance(details, dict):
        raise BadInput(f"what follows {url} must stand in braces: {{ title = … }}")
    return Feed(url=_address(url), group=group, **_details(details))


def _address(url: str) -> str:
    if not canonical(url):
        raise BadInput(f"{url[:80]!r} is no http or https address")
    return url


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    for key in details:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            raise BadInput(f"unknown key {key!r}: " + (f"did you mean {near[0]!r}?" if near else f"use {_list(_KEYS)}"))
    return {
        "title": _text(details, "title"),
        "tier": _tier(_text(details, "tier") or Tier.PRESS.value),
        "modalities": _modalities(details.get("modalities", [])),
        "home": _text(details, "home"),
        "paused": _flag(details, "paused"),
    }


def _text(details: Mapping[str, Any], key: str) -> str:
    value = details.get(key, "")
    if not isinstance(value, str):
        raise BadInput(f"{key} must be words in quotation marks")
    return value


def _flag(details: Mapping[str, Any], key: str) -> bool:
    value = details.get(key, False)
    if not isinstance(value, bool):
        raise BadInput(f"{key} must be true or false")
    return value


def _tier(name: str) -> Tier:
    try:
        return Tier(name)
    except ValueError as error:
        raise BadInput(f"unknown tier {name!r}: use {_list(tuple(Tier))}") from error


def _modalities(names: Any) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(name in MODALITIES for name in names):
        raise BadInput(f"modalities must be a list of {_list(MODALITIES)}")
    return tuple(names)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + " or " + names[-1]
