"""Slack's limits on messages and views, as far as Cascade uses them, from Slack's own reference.

https://docs.slack.dev/reference/block-kit/blocks and .../block-elements; what `chat.postMessage` refuses
with `invalid_blocks` comes out of here as a list of complaints.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]
ALL_BLOCKS = 13_200  # measured by others: https://github.com/slackapi/bolt-js/issues/2509
MENTION = re.compile(r"<[@#!]|(?<!\w)@(?:channel|here|everyone)\b")
LINK = re.compile(r"<(https?://[^\s|<>]+)\|([^<>|]+)>")
ENTITY = re.compile(r"&(?:amp|lt|gt);")


def complaints(blocks: Sequence[Block], most: int = 50) -> list[str]:
    """Everything that Slack would not take; none means that the blocks are fine."""
    found = [problem for number, block in enumerate(blocks) for problem in _block(number, block)]
    if len(blocks) > most:
        found.append(f"{len(blocks)} blocks")
    if sum(len(str(block)) for block in blocks) > ALL_BLOCKS and most == 50:
        found.append("msg_blocks_too_long")
    actions = [one["action_id"] for block in blocks for one in block.get("elements", ()) if "action_id" in one]
    if len(actions) != len(set(actions)):
        found.append("action_id used twice")
    return found


def breakouts(text: str) -> list[str]:
    """What in a mrkdwn text would mention, or is markup cut in half."""
    rest = LINK.sub("", text)
    found = [f"mention {hit[0]!r}" for hit in MENTION.finditer(rest)]
    bare = ENTITY.sub("", rest)
    return found + [f"bare {sign!r}" for sign in "<>&" if sign in bare.removeprefix("> ")]


def mrkdwn(blocks: Sequence[Block]) -> Iterator[str]:
    """Every text that Slack formats."""
    for block in blocks:
        for text in (block.get("text"), *block.get("elements", ())):
            if isinstance(text, Mapping) and text.get("type") == "mrkdwn":
                yield text["text"]


def words(blocks: Sequence[Block]) -> str:
    """Everything that a person can read or hear read out."""
    return "\n".join(
        str(value)
        for block in blocks
        for text in ({"alt_text": block.get("alt_text")}, block.get("text"), *block.get("elements", ()))
        if isinstance(text, Mapping)
        for value in (
            text.get("text") if isinstance(text.get("text"), str) else (text.get("text") or {}).get("text"),
            text.get("alt_text"),
        )
        if isinstance(value, str)
    )


def _block(number: int, block: Block) -> Iterator[str]:  # noqa: C901  one case for each kind of block
    match block["type"]:
        case "section":
            yield from _text(f"section {number}", block["text"], 3000)
        case "context":
            yield from _between(f"context {number}", len(block["elements"]), 10)
            for one in block["elements"]:
                yield from _text(f"context {number}", one, 3000)
        case "image":
            yield from _between(f"alt text {number}", len(block["alt_text"]), 2000)
            if not block["slack_file"].get("id"):
                yield f"image {number} without a file"
        case "actions":
            yield from _between(f"actions {number}", len(block["elements"]), 25)
            for one in block["elements"]:
                yield from _button(one)
        case "input":
            yield from _between(f"label {number}", len(block["label"]["text"]), 2000)
            yield from _element(block["element"])
        case other:
            yield f"block type {other}"


def _text(where: str, text: Block, most: int) -> Iterator[str]:
    if text["type"] not in {"mrkdwn", "plain_text"}:
        yield f"{where}: text of type {text['type']}"
    yield from _between(where, len(text["text"]), most)
    if not text["text"].strip():
        yield f"{where}: blank"


def _button(button: Block) -> Iterator[str]:
    yield from _between("button text", len(button["text"]["text"]), 75)
    yield from _between("action_id", len(button["action_id"]), 255)
    if len(button["value"]) > 2000:
        yield "button value"
    if button.get("style") not in {None, "primary", "danger"}:
        yield "button style"


def _element(element: Block) -> Iterator[str]:
    if element["type"] == "static_select":
        yield from _between("options", len(element["options"]), 100)
        for option in (*element["options"], *filter(None, [element.get("initial_option")])):
            yield from _between("option", len(option["text"]["text"]), 75)
            yield from _between("option value", len(option["value"]), 150)
        if element.get("initial_option") not in (None, *element["options"]):
            yield "initial_option is no option"
    elif element["type"] == "plain_text_input":
        if len(element.get("initial_value", "")) > element.get("max_length", 3000):
            yield "initial_value too long"
    else:
        yield f"element type {element['type']}"


def _between(where: str, length: int, most: int) -> Iterator[str]:
    if not 1 <= length <= most:
        yield f"{where}: {length}, between 1 and {most} are allowed"
