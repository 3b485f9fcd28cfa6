"""Pictures for messages: uploaded without a channel, shown by an image block that names the file.

Uploads are finished in the background, so a fresh file may be refused for a moment as an "invalid slack
file" (https://github.com/slackapi/python-slack-sdk/issues/1521); whoever posts tries again then.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from slack_sdk.errors import SlackApiError

from bot.slack.errors import translated
from bot.slack.render import ALT, Files
from bot.slack.text import plain
from bot.slack.workspaces import Workspace
from cascade.errors import CascadeError
from cascade.message import Message, Picture

KEPT = 64
Draw = Callable[[Picture], Awaitable[bytes]]


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


def is_fresh_file(error: SlackApiError) -> bool:
    """Whether Slack refused blocks because of a file that it has not finished yet."""
    said = error.response.get("errors") or (error.response.get("response_metadata") or {}).get("messages") or ()
    return error.response.get("error") == "invalid_blocks" and any("slack file" in str(one) for one in said)


async def _upload(workspace: Workspace, picture: Picture, png: bytes) -> str:
    with translated():
        answer = await workspace.rest.files_upload_v2(
            file=png,
            filename=f"cascade-{picture.chart.value}.png",
            title=f"Cascade: {picture.chart.value}",
            alt_txt=plain(picture.alt, ALT) or picture.chart.value,
        )
    return str(answer["files"][0]["id"])
