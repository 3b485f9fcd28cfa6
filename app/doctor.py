"""What `cascade doctor` looks at: the database, the feed list, and each chat platform whose token is set."""

import asyncio
from pathlib import Path

from app import clock
from app.build import kept_in, open_store
from app.discord import discord_settings
from app.settings import Settings, read_settings
from app.slack import slack_settings
from app.threads import StoreThread
from bot.doctor import Check, report
from cascade.errors import BadInput
from cascade.message import Message
from cascade.phrases import counted
from storage.feedlist import DEFAULT, read_feed_list

LINES_SHOWN = 3
NO_CHAT = "no Slack or Discord token is set: Cascade talks at the terminal; docs/slack.md and docs/discord.md tell how"


def doctor(db: Path | None) -> Message:
    """One line for each check, the failures first, each with its cure. Raises BadInput or StoreError."""
    return report(asyncio.run(_look(read_settings(db))))


async def _look(settings: Settings) -> list[Check]:
    run = StoreThread(open_store(settings))
    try:
        sightings = len(await run(lambda store: store.sightings()))
        found = [Check(name="Database", ok=True, said=f"{kept_in(settings)}, {counted(sightings, 'sighting')}")]
        found.append(feed_list(settings.feeds or DEFAULT))
        chats = [*await _slack(settings, run), *await _discord(settings, run)]
        return [*found, *(chats or [Check(name="Chat", ok=True, said=NO_CHAT)])]
    finally:
        run.close()


def feed_list(path: Path) -> Check:
    """Whether the list of feeds can be read, and every line of it."""
    try:
        listed = read_feed_list(path)
    except BadInput as error:
        return Check(name="Feed list", ok=False, said=str(error), cure="CASCADE_FEEDS names it")
    paused = sum(feed.paused for feed in listed.feeds)
    said = f"{path.name}, {counted(len(listed.feeds), 'feed')}, {paused} of them paused"
    if listed.refused or not listed.feeds:
        lines = "; ".join(listed.refused[:LINES_SHOWN])
        return Check(
            name="Feed list", ok=False, said=f"{said}, {counted(len(listed.refused), 'line')} left out", cure=lines
        )
    return Check(name="Feed list", ok=True, said=said)


async def _slack(settings: Settings, run: StoreThread) -> list[Check]:
    wired = slack_settings(settings)
    if not wired.is_wanted:
        return [Check(name="Slack settings", ok=False, said=gap) for gap in wired.gaps()]
    from bot.slack.doctor import SlackDoctor
    from bot.slack.oauth import Installations

    places = {one.place for one in await run(lambda store: store.subscriptions())}
    return list(await SlackDoctor(wired, Installations(run, clock.now, lambda: None)).look(places))


async def _discord(settings: Settings, run: StoreThread) -> list[Check]:
    if not settings.discord_token.strip():
        return []
    from bot.discord.doctor import DiscordDoctor

    places = {one.place for one in await run(lambda store: store.subscriptions())}
    return list(await DiscordDoctor(discord_settings(settings)).look(places))
