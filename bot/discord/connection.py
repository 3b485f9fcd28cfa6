"""Gets a client online and keeps it there: what passes is tried again, what does not is raised."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import discord
from discord.backoff import ExponentialBackoff
from discord.utils import MISSING

from bot.discord.client import sockets
from bot.discord.trouble import start_trouble
from bot.steady import said
from bot.troubles import Troubles

DISCORD = "Discord"
# The AttributeError is discord.py's own, when the very first connection to the gateway fails.
_FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, AttributeError)


class Connection:
    """One client's way to Discord."""

    def __init__(
        self,
        client: discord.Client,
        token: str,
        troubles: Troubles,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client, self._token, self._troubles, self._sleep = client, token, troubles, sleep
        self.tried = asyncio.Event()  # set after the first try that failed and is repeated

    async def run(self) -> None:
        """Log in and listen until the client is closed. Raises ChatError when trying again cannot help."""
        backoff = ExponentialBackoff()
        while not self._client.is_closed():
            try:
                if self._client.user is None:
                    await self._client.login(self._token)
                await self._client.connect()
            except _FAILURES as error:
                await self._failed(error)
                await self._sleep(backoff.delay())
            except Exception as error:  # a payload that trips discord.py: the next connection may be free of it
                self._troubles.failed(DISCORD, said(DISCORD, error))
                self.tried.set()
                for socket in sockets(self._client):
                    await socket.close(code=4000)
                await self._sleep(backoff.delay())

    async def _failed(self, error: Exception) -> None:
        trouble = start_trouble(error)
        self._troubles.failed(DISCORD, str(trouble))
        if trouble.permanent:
            await self._client.close()
            raise trouble from error
        if self._client.user is None:  # the next login brings its own session and needs an open connector
            await self._client.http.close()
            self._client.http.connector = MISSING
        self.tried.set()
