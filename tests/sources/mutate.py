"""Documents spoiled at random, by a generator that gives the same ones for the same seed."""

from collections.abc import Callable
from random import Random

TOKENS = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml", b"<!DOCTYPE x [",
    b"<!ENTITY a '&a;&a;'>", b"&a;", b"&#xD800;", b"&#0;", b"&#x10FFFF;", b"&#99999999;", b"&nbsp;", b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"</item>", b"</entry>", b"<item>", b"<entry>",
    b"</channel>", b"<title>", b"<link href='", b"<pubDate>0000-00-00</pubDate>",
    b"<updated>9999-12-31T23:59:59-24:00</updated>", b" xml:base='//['", b" xmlns='x'", b"encoding='utf-7'",
    b"http://[::1", b"{", b"[", b'"',
)  # fmt: skip


def mutated(body: bytes, rng: Random) -> bytes:
    """One to four spoilings, one after the other."""
    for _ in range(rng.randint(1, 4)):
        body = rng.choice(_WAYS)(body, rng)
    return body


def _cut(body: bytes, rng: Random) -> bytes:
    start = rng.randint(0, len(body))
    return body[:start] + body[start + rng.randint(0, max(len(body) // 4, 1)) :]


def _end(body: bytes, rng: Random) -> bytes:
    return body[: rng.randint(0, len(body))]


def _double(body: bytes, rng: Random) -> bytes:
    start = rng.randint(0, len(body))
    end = start + rng.randint(0, 400)
    return body[:end] + body[start:end] * rng.randint(1, 5) + body[end:]


def _flip(body: bytes, rng: Random) -> bytes:
    spoiled = bytearray(body)
    for _ in range(rng.randint(1, 8) if spoiled else 0):
        spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
    return bytes(spoiled)


def _token(body: bytes, rng: Random) -> bytes:
    place = rng.randint(0, len(body))
    return body[:place] + rng.choice(TOKENS) * rng.choice((1, 1, 1, 50)) + body[place:]


def _replace(body: bytes, rng: Random) -> bytes:
    words = body.split()
    return body.replace(rng.choice(words), rng.choice(TOKENS)) if words else body


_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (_cut, _end, _double, _flip, _token, _token, _replace)
