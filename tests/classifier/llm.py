"""A small server on loopback that speaks the chat-completions protocol, well or badly, as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Answer = Callable[[dict[str, Any]], object]  # from a request's body to the text of the answer


class Server:
    """What it was asked, and how it answers."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.status = 200
        self.pause = 0.0
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        """One completion."""
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.pause)
        message = {"role": "assistant", "content": self.answer(body)}
        whole = {"choices": [{"index": 0, "message": message}], "usage": {"total_tokens": 1_000}}
        return web.json_response(whole, status=self.status)


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[Server]:
    """The server, for as long as a test needs it."""
    server, app = Server(answer), web.Application()
    app.router.add_post("/v1/chat/completions", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


def claims(*rows: dict[str, str]) -> Answer:
    """An answer that finds these claims in the first item and none in the others."""

    def answer(body: dict[str, Any]) -> str:
        schema = body["response_format"]["json_schema"]["schema"]
        numbers = schema["properties"]["items"]["items"]["properties"]["number"]["enum"]
        return json.dumps({"items": [{"number": at, "claims": list(rows) if at == 0 else []} for at in numbers]})

    return answer
