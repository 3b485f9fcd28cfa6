"""Pictures for messages: uploaded without a channel, shown by an image block that names the file.

Uploads are finished in the background, so a fresh file may be refused for a moment as an "invalid slack
file" (https://github.com/slackapi/python-slack-sdk/issues/1521); whoever posts tries again then.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from bot.slack.errors import code_of, translated
from bot.slack.render import ALT, NO_FILES, Files
from bot.slack.text import plain
from bot.slack.workspaces import Workspace
from cascade.errors import CascadeError
from cascade.message import Message, Picture

KEPT = 64
FRESH_FILE_WAITS = (0.5, 1.0, 2.0, 4.0)  # seconds
Draw = Callable[[Picture], Awaitable[bytes]]
Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")


class Pictures:
    """Draws and uploads; the same picture is uploaded once."""

    def __init__(self, draw: Draw, trouble: Callable[[str], None]) -> None:
        self._draw = draw
        self._trouble = trouble
        self._files: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def upload(self, workspace: Workspace, message: Message) -> Files:
        """The files of a message's pictures. One that fails is left out: the words beside it say the same."""
        files: dict[Picture, str] = {}
        for picture in (part for part in message.parts if isinstance(part, Picture)):
            try:
                files[picture] = await self._file(workspace, picture)
            except CascadeError as error:
                self._trouble(f"Slack: a picture could not be uploaded: {error}")
        return files

    async def _file(self, workspace: Workspace, picture: Picture) -> str:
        png = await self._draw(picture)
        key = (workspace.team, hashlib.sha256(png).hexdigest())
        if key not in self._files:
            self._files[key] = await _upload(workspace, picture, png)
        self._files.move_to_end(key)
        while len(self._files) > KEPT:
            self._files.popitem(last=False)
        return self._files[key]


async def when_ready(files: Files, sleep: Sleep, show: Callable[[Files], Awaitable[T]]) -> T:
    """What `show` returns for the files; without them when Slack does not finish them: the words say the same."""
    for wait in FRESH_FILE_WAITS if files else ():
        try:
            return await show(files)
        except SlackApiError as error:
            if not _is_fresh_file(error):
                raise
        await sleep(wait)
    return await show(NO_FILES)


def _is_fresh_file(error: SlackApiError) -> bool:
    """Whether Slack refused blocks because of a file that it has not finished yet."""
    if code_of(error) not in {"invalid_blocks", "invalid_arguments"}:
        return False
    said = error.response.get("errors") or (error.response.get("response_metadata") or {}).get("messages") or ()
    return any("slack file" in str(one) for one in said)


async def _upload(workspace: Workspace, picture: Picture, png: bytes) -> str:
    with translated():
        answer = await workspace.rest.files_upload_v2(
            file=png,
            filename=f"cascade-{picture.chart.value}.png",
            title=f"Cascade: {picture.chart.value}",
            alt_txt=plain(picture.alt, ALT) or picture.chart.value,
        )
    return str(answer["files"][0]["id"])
