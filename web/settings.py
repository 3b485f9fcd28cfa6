"""Where the page listens, and under which address people reach it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Handed in by `app/`. Bound to loopback unless somebody set another host."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""  # as people reach it, without a slash at the end; "" when it is not published

    @property
    def base(self) -> str:
        """The address that links in feeds begin with."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{shown}:{self.port}"

    @property
    def hosts(self) -> frozenset[str] | None:
        """The names by which it may be asked for; None when any will do.

        On loopback a foreign name means a page elsewhere whose name was pointed at this machine
        (DNS rebinding): it must not read the board through the reader's browser.
        """
        if self.host not in LOOPBACK:
            return None
        public = urlsplit(self.public_url).hostname
        return frozenset((*LOOPBACK, *([public] if public else [])))
