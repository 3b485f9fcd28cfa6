"""The API's own description, in OpenAPI's words."""

import json
from pathlib import Path
from typing import Any

LICENCE = "MIT"
_FILE = Path(__file__).parent / "openapi.json"


def read_description(base: str) -> dict[str, Any]:
    """The OpenAPI document, told where it is served."""
    document: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf8"))
    return {**document, "servers": [{"url": base}]}


def root(base: str) -> dict[str, Any]:
    """What is said at `/api`."""
    return {
        "name": "Cascade",
        "licence": LICENCE,
        "openapi": f"{base}/api/openapi.json",
        "feed": f"{base}/feed.atom",
        "answers": sorted(json.loads(_FILE.read_text(encoding="utf8"))["paths"]),
    }
