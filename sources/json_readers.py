"""JSON documents: JSON Feed, and the model lists of the Hugging Face hub."""

import json
from datetime import UTC, datetime
from typing import Any

from sources.raw import Found, Raw

_HUB = "https://huggingface.co/"
# Tags of the hub that say what a model makes; the rest is about files and licences.
_TELLING = ("text-to-", "image-to-", "video-to-", "any-to-any", "image-text-to-", "text-generation", "base_model:")


def read(body: bytes) -> Found | None:
    """What the document holds; None when it is no JSON that is a feed."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict) and isinstance(found.get("items"), list) and _is_json_feed(found):
        entries = [_entry(item) for item in found["items"] if isinstance(item, dict)]
        return Found(format="json", title=_text(found.get("title")), entries=entries, reader="json")
    if isinstance(found, list) and all(isinstance(model, dict) and _name(model) for model in found):
        return Found(format="hub", title="", entries=[_model(model) for model in found], reader="hub")
    return None


def _is_json_feed(found: dict[str, Any]) -> bool:
    return "jsonfeed" in _text(found.get("version")) or "title" in found


def _entry(item: dict[str, Any]) -> Raw:
    return Raw(
        id=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=_text(item.get("title")),
        text=_text(item.get("content_html")) or _text(item.get("content_text")) or _text(item.get("summary")),
        published=moment(_text(item.get("date_published")) or _text(item.get("date_modified"))),
    )


def _model(model: dict[str, Any]) -> Raw:
    """A model that lies on the hub, told in a sentence."""
    name, task = _name(model), _text(model.get("pipeline_tag"))
    tags = [tag for tag in model.get("tags") or [] if isinstance(tag, str) and tag.startswith(_TELLING) and tag != task]
    words = [f"Open weights of {name} on Hugging Face.", f"Task: {task}." if task else ""]
    words.append(f"Tags: {', '.join(tags[:12])}." if tags else "")
    return Raw(
        id=name,
        link=_HUB + name,
        title=f"{name} ({task})" if task else name,
        text=" ".join(filter(None, words)),
        published=moment(_text(model.get("createdAt"))),
    )


def _name(model: dict[str, Any]) -> str:
    name = _text(model.get("id")) or _text(model.get("modelId"))
    return name if name.count("/") == 1 else ""


def moment(text: str) -> datetime | None:
    """An ISO 8601 moment in UTC; one without a zone is taken as UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
