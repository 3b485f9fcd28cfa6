"""Answers that only the asker sees, by the `response_url` that came with the question.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: five answers within 30 minutes.
Always says `response_type`: left out, the answer would be ephemeral in one place and public in another.
"""

from typing import Any

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.errors import translated
from bot.slack.render import render
from cascade.errors import ChatError
from cascade.message import Message

ANSWERS = 5


async def whisper(session: aiohttp.ClientSession, url: str, message: Message) -> None:
    """Answer the asker alone, in words: pictures are for everybody. Raises ChatError."""
    for page in render(message)[:ANSWERS]:
        body = {"text": page.text, "blocks": list(page.blocks), "replace_original": False}
        await _send(session, url, {"response_type": "ephemeral", **body})


async def take_back(session: aiohttp.ClientSession, url: str) -> None:
    """Remove the answer whose button was pressed. Raises ChatError."""
    await _send(session, url, {"delete_original": True})


async def _send(session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> None:
    client = AsyncWebhookClient(url, session=session, retry_handlers=[])
    with translated():
        answer = await client.send_dict(body)
    if answer.status_code != 200:
        raise ChatError(f"Slack refused an answer to a person ({answer.status_code}: {answer.body[:80]})")
