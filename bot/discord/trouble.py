"""discord.py's exceptions as ChatError: what happened, and what a person can do about it.

The codes are those of Discord's "Opcodes and Status Codes" page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from cascade.errors import ChatError

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_INTERACTION, EXPIRED_TOKEN = 10003, 10008, 10062, 50027
MISSING_ACCESS, MISSING_PERMISSIONS, THREAD_EXISTS, ARCHIVED, NO_SUCH_RECIPIENT = 50001, 50013, 160004, 50083, 50007
LATE = "Discord waited three seconds for an answer and gave up: ask again"
_CURES = {
    UNKNOWN_CHANNEL: "the channel is gone: subscribe another one, or set another review channel",
    UNKNOWN_MESSAGE: "the message was deleted",
    UNKNOWN_INTERACTION: LATE,
    EXPIRED_TOKEN: "an answer is possible for 15 minutes only: ask again",
    MISSING_ACCESS: "Cascade cannot see the channel: give its role View Channel there",
    MISSING_PERMISSIONS: "Cascade may not do this there: `cascade doctor` prints the permissions that it needs",
    NO_SUCH_RECIPIENT: "the person takes no direct messages from Cascade",
}
REFUSED_LOGIN = (
    "Discord refuses the token: copy it anew from the developer portal (Bot, Reset Token) to CASCADE_DISCORD_TOKEN"
)
BAD_INTENT = (
    "Discord refuses an intent that Cascade asks for: it needs none of the privileged ones, so check in the "
    "developer portal that the application is not limited"
)
BAD_SHARDS = "Discord refuses the number of shards: raise CASCADE_DISCORD_SHARDS, or leave it out"


@contextmanager
def told_plainly(channel: str, *, sends: bool = False) -> Iterator[None]:
    """Turn discord.py's exceptions into ChatError about `channel`.

    `sends` marks a call that puts something up: when its answer is lost, it may be there.
    """
    try:
        yield
    except discord.HTTPException as error:
        raise _refused(error, channel, sends=sends) from error
    except discord.RateLimited as error:
        raise ChatError(f"Discord asks to wait {error.retry_after:.0f} s", channel=channel) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        text = f"Discord did not answer ({type(error).__name__}); it is tried again"
        raise ChatError(text, channel=channel, unclear=sends) from error


def start_trouble(error: Exception) -> ChatError:
    """Why the bot cannot run at all."""
    if isinstance(error, discord.LoginFailure):
        return ChatError(REFUSED_LOGIN, permanent=True)
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return ChatError(BAD_INTENT, permanent=True)
    if isinstance(error, discord.ConnectionClosed):
        closed = {4004: REFUSED_LOGIN, 4010: BAD_SHARDS, 4011: BAD_SHARDS, 4013: BAD_INTENT, 4014: BAD_INTENT}
        return ChatError(closed.get(error.code, f"Discord closed the gateway ({error.code})"), permanent=True)
    return ChatError("Discord cannot be reached; it is tried again")


def _refused(error: discord.HTTPException, channel: str, *, sends: bool) -> ChatError:
    cure = _CURES.get(error.code, error.text.partition("\n")[0][:200] or "no reason was given")
    text = f"Discord refused ({error.status}, {error.code}): {cure}"
    if error.status == 401 and error.code != EXPIRED_TOKEN:
        return ChatError(REFUSED_LOGIN, channel=channel, permanent=True)
    if error.status == 429:
        return ChatError("Discord asks to slow down; it is tried again", channel=channel)
    return ChatError(text, channel=channel, permanent=error.status < 500, unclear=sends and error.status >= 500)
