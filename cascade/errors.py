"""The error tree. Each error carries what it is about; its text says what to do."""


class CascadeError(Exception):
    """The root: `str()` of any of these is one clear line for a person."""


class BadInput(CascadeError):
    """A person, a file or a setting said something that cannot be used."""


class StoreError(CascadeError):
    """The database cannot be used as it is: newer, corrupt, locked or unreachable."""


class StoreAway(StoreError):
    """The database's server is away for the moment: whatever asked is to be tried again, and it is told of once."""


class ChatError(CascadeError):
    """A chat platform refused or lost a message.

    `permanent` chooses between trying again and telling a person; `unclear` means that
    the platform may have taken the message although no answer came back.
    """

    def __init__(self, text: str, *, channel: str = "", permanent: bool = False, unclear: bool = False) -> None:
        super().__init__(text)
        self.channel = channel
        self.permanent = permanent
        self.unclear = unclear


def no_json(error: Exception) -> str:
    """That a text is no JSON, and from where on, if its reader knows."""
    place = getattr(error, "pos", None)
    return "no JSON" if place is None else f"no JSON from character {place + 1} on"
