"""The Procfile's processes. Each serves until SIGTERM; any number may run on one PostgreSQL."""


def web() -> None:
    """Serve the page and Slack's requests (with others on one PostgreSQL)."""
    from app import processes

    processes.serve(processes.web)


def bot() -> None:
    """Talk in chat and post there (with others on one PostgreSQL)."""
    from app import processes

    processes.serve(processes.bot)


def worker() -> None:
    """Poll feeds and tag what they bring (with others on one PostgreSQL)."""
    from app import processes

    processes.serve(processes.worker)


def clock() -> None:
    """Call what is due (with others on one PostgreSQL)."""
    from app import processes

    processes.serve(processes.ticks)
