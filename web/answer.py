"""An answer as bytes, made once and given to many: packed, tagged, and not sent again when unchanged."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

HTML, JSON, ATOM = "text/html", "application/json", "application/atom+xml"
_WORTH_PACKING = 600  # bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A body in both forms, with the tag by which a client knows it again."""

    body: bytes
    packed: bytes | None  # gzip; None where it would not pay
    etag: str
    kind: str


def answer_of(text: str | bytes, kind: str) -> Answer:
    """The text as it is sent."""
    body = text.encode() if isinstance(text, str) else text
    packed = gzip.compress(body, 6, mtime=0) if len(body) > _WORTH_PACKING else None
    return Answer(body=body, packed=packed, etag=hashlib.sha256(body).hexdigest()[:20], kind=kind)


def json_answer(data: Any) -> Answer:
    """Data as JSON; keys keep their order."""
    return answer_of(json.dumps(data, ensure_ascii=False, separators=(",", ":")), JSON)


def respond(request: web.Request, answer: Answer, *, keep: str = "no-cache") -> web.Response:
    """The response: 304 when the client has it, packed when it may be. `keep` is its Cache-Control."""
    headers = {"ETag": f'W/"{answer.etag}"', "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if _has(request, answer):
        return web.Response(status=304, headers=headers)
    body = answer.body
    if answer.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = answer.packed
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body, content_type=answer.kind, charset="utf-8", headers=headers)


def _has(request: web.Request, answer: Answer) -> bool:
    asked = request.if_none_match or ()
    return any(tag.value in (answer.etag, "*") for tag in asked)
