"""A web server made for load: feeds of real documents, with ETags, slow hosts, broken ones and silent ones.

Run as `python -m benchmarks.feed_server DOCUMENTS`; it prints its port. `/N` is feed N; `POST /more` gives every feed
one new entry; `?slow` waits 10 s, `?never` never answers, `?error` answers 500.
"""

import asyncio
import re
import sys
from pathlib import Path

_ENTRY = re.compile(rb"<(item|entry)[\s>]")
_NEW = {
    b"item": b"<item><title>News %d of feed %d</title><link>https://bench.example/%d/%d</link>"
    b"<guid>https://bench.example/%d/%d</guid><pubDate>Fri, 19 Jun 2026 12:00:00 +0000</pubDate></item>",
    b"entry": b"<entry><title>News %d of feed %d</title><link href='https://bench.example/%d/%d'/>"
    b"<id>https://bench.example/%d/%d</id><updated>2026-06-19T12:00:00Z</updated></entry>",
}


class Feeds:
    """The documents, and how many new entries each has gained."""

    def __init__(self, folder: Path) -> None:
        self.documents = [path.read_bytes() for path in sorted(folder.glob("*/*.xml"))]
        self.gained = 0

    def answer(self, number: int, etag: bytes) -> bytes:
        """The HTTP answer to a conditional request."""
        mine = b'"%d-%d"' % (number, self.gained)
        if etag == mine:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % mine
        body = self._body(number)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: %s\r\nContent-Length: %d\r\n\r\n"
        return head % (mine, len(body)) + body

    def _body(self, number: int) -> bytes:
        body = self.documents[number % len(self.documents)]
        if not self.gained or not (found := _ENTRY.search(body)):
            return body
        news = b"".join(
            _NEW[found[1]] % (turn, number, number, turn, number, turn) for turn in range(self.gained, 0, -1)
        )
        return body[: found.start()] + news + body[found.start() :]


class _Connection(asyncio.Protocol):
    def __init__(self, feeds: Feeds) -> None:
        self._feeds, self._read = feeds, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            self._request(head)

    def _request(self, head: bytes) -> None:
        method, target, _ = head.split(b" ", 2)
        path, _, how = target.partition(b"?")
        if method == b"POST":
            self._feeds.gained += 1
            return self._send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        if how == b"error":
            return self._send(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")
        if how == b"never":
            return None
        etag = re.search(rb"\r\nIf-None-Match: ([^\r]*)", head, re.IGNORECASE)
        answer = self._feeds.answer(int(path.strip(b"/")), etag[1] if etag else b"")
        if how == b"slow":
            asyncio.get_running_loop().call_later(10, self._send, answer)
            return None
        return self._send(answer)

    def _send(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def _serve(folder: Path) -> None:
    feeds = Feeds(folder)
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(feeds), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
