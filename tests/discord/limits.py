"""What Discord refuses in a message, by its developer documentation. Answers as its 400 with code 50035 do.

"Message Resource, Create Message" (2,000 characters, ten embeds), "Embed Limits" (256, 4,096, 25
fields, 6,000 in all), "Component Reference" (4,000 characters and 40 components in Components V2,
which have neither content nor embeds; five rows of five buttons; 80 characters on a button, 100
in a custom id, each once; 25 options; 45 on a label and in a modal's title).
"""

from collections.abc import Iterator
from typing import Any

V2 = 1 << 15
Json = dict[str, Any]


def complaints(payload: Json, attached: int) -> list[str]:
    """Everything that is wrong with a message."""
    return [*_complaints(payload, attached)]


def _complaints(payload: Json, attached: int) -> Iterator[str]:
    components, embeds = payload.get("components") or [], payload.get("embeds") or []
    if payload.get("flags", 0) & V2:
        yield from _layout(payload, components)
    else:
        yield from _plain(payload, components, embeds, attached)
    yield from _components(components)
    names = [str(one.get("filename")) for one in payload.get("attachments") or []]
    for used in _attachment_urls([*embeds, *components]):
        if used.removeprefix("attachment://") not in names:
            yield f"{used} is not attached"
    if any(len(one.get("description") or "") > 1024 for one in payload.get("attachments") or []):
        yield "alt text over 1024"
    if len(str(payload.get("nonce", ""))) > 25:
        yield "nonce over 25"


def _plain(payload: Json, components: list[Json], embeds: list[Json], attached: int) -> Iterator[str]:
    content = payload.get("content") or ""
    if len(content) > 2000:
        yield "content over 2000"
    if not (content or embeds or attached or payload.get("sticker_ids")):
        yield "Cannot send an empty message"
    if len(components) > 5 or any(one["type"] != 1 for one in components):
        yield "five rows at most"
    yield from _embeds(embeds)


def _layout(payload: Json, components: list[Json]) -> Iterator[str]:
    every = list(_walk(components))
    if payload.get("content") or payload.get("embeds"):
        yield "neither content nor embeds with Components V2"
    if not components or len(every) > 40:
        yield "1 to 40 components"
    texts = [one["content"] for one in every if one["type"] == 10]
    if sum(map(len, texts)) > 4000 or any(not text.strip() for text in texts):
        yield "1 to 4000 characters of text"
    for gallery in (one for one in every if one["type"] == 12):
        long = any(len(one.get("description") or "") > 1024 for one in gallery["items"])
        if long or not 1 <= len(gallery["items"]) <= 10:
            yield "a gallery has 1 to 10 items"


def _embeds(embeds: list[Json]) -> Iterator[str]:
    if len(embeds) > 10:
        yield "ten embeds at most"
    if sum(map(_embed_size, embeds)) > 6000:
        yield "6000 characters over all embeds"
    for embed in embeds:
        if len(embed.get("title") or "") > 256 or len(embed.get("description") or "") > 4096:
            yield "title over 256 or description over 4096"
        if len(embed.get("fields") or []) > 25:
            yield "25 fields at most"
        if not (embed.get("title") or embed.get("description") or embed.get("image")):
            yield "an empty embed"
        if not (embed.get("url") or "https://").startswith(("https://", "http://")):
            yield "scheme must be http or https"


def _embed_size(embed: Json) -> int:
    fields = sum(len(one["name"]) + len(one["value"]) for one in embed.get("fields") or [])
    texts = (embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text"))
    return fields + sum(len(text or "") for text in (*texts, (embed.get("author") or {}).get("name")))


def _components(components: list[Json]) -> Iterator[str]:
    ids = [one["custom_id"] for one in _walk(components) if one.get("custom_id")]
    if len(set(ids)) != len(ids) or any(not 1 <= len(one) <= 100 for one in ids):
        yield "custom ids are unique and have 1 to 100 characters"
    for one in _walk(components):
        if one["type"] == 1 and not 1 <= len(one["components"]) <= 5:
            yield "1 to 5 buttons in a row"
        if one["type"] == 2 and not 1 <= len(one.get("label") or "") <= 80:
            yield "1 to 80 characters on a button"
        if one["type"] == 3 and not 1 <= len(one["options"]) <= 25:
            yield "1 to 25 options"


def modal_complaints(modal: Json) -> list[str]:
    """The same for a form."""
    every = list(_walk(modal["components"]))
    labels = [one["label"] for one in every if one["type"] == 18]
    wrong = [f"label over 45: {label}" for label in labels if not 1 <= len(label) <= 45]
    if not 1 <= len(modal["title"]) <= 45 or not 1 <= len(modal["custom_id"]) <= 100:
        wrong.append("title or custom id")
    if not 1 <= len(modal["components"]) <= 5:
        wrong.append("1 to 5 components")
    return [*wrong, *_components(modal["components"])]


def _walk(components: list[Json]) -> Iterator[Json]:
    for one in components:
        yield one
        yield from _walk(one.get("components") or [])
        if "component" in one:
            yield from _walk([one["component"]])


def _attachment_urls(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        if tree.startswith("attachment://"):
            yield tree
    elif isinstance(tree, dict):
        yield from _attachment_urls(list(tree.values()))
    elif isinstance(tree, list):
        for one in tree:
            yield from _attachment_urls(one)
