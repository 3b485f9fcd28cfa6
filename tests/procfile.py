"""`make procfile`: the Procfile under honcho, on DATABASE_URL or else on a PostgreSQL that is gone afterwards.

It tells when the page answers and a called job was done, or ends with failure when that does not come; then it
serves until Ctrl-C. With `--smoke` it ends there by itself.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.postgres import running

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PORT = 5000
PATIENCE = 60.0  # seconds


def main() -> int:
    """Start everything; the exit code."""
    with ExitStack() as held:
        url = os.environ.get("DATABASE_URL") or held.enter_context(running()).new_database()
        settings = {**os.environ, "DATABASE_URL": url, "PATH": f"{BIN}:{os.environ['PATH']}", "PORT": str(PORT)}
        subprocess.run([BIN / "cascade", "migrate"], env=settings, check=True)
        honcho = subprocess.Popen(
            [BIN / "honcho", "start", "-p", str(PORT), "web", "bot", "worker", "clock"], cwd=ROOT, env=settings
        )
        try:
            failed = _smoke(honcho, url)
            return failed if failed or "--smoke" in sys.argv else honcho.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            honcho.send_signal(signal.SIGTERM)
            honcho.wait()


def _smoke(honcho: "subprocess.Popen[bytes]", url: str) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and honcho.poll() is None:
        if _page_answers() and _worked(url):
            print("smoke: the page answers, the clock called, a worker polled")  # noqa: T201
            return 0
        time.sleep(0.5)
    print("smoke: it did not come up")  # noqa: T201
    return 1


def _page_answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def _worked(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT COUNT(*) FROM feeds WHERE polled_at IS NOT NULL").fetchone()
        return bool(row and row[0])


if __name__ == "__main__":
    sys.exit(main())
