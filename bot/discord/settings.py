"""What a person sets for Discord."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class DiscordSettings:
    """One bot account; made from the environment by `app/`."""

    token: str = field(repr=False)
    api_url: str = ""  # "": Discord's own; a proxy's otherwise
    gateway_url: str = ""  # the same for the gateway
    review_channel: str = ""  # a channel's id; "": no review on Discord
    reviewer_role: str = ""  # a role's id: only its members count
    reviewers: tuple[str, ...] = ()  # people's ids: only they count; none and no role: whoever can react there
    shards: int = 0  # 0: one connection without shards; more: AutoShardedClient with that many
    shard_ids: tuple[int, ...] = ()  # which of the shards this bot opens; () for all
    reread_seconds: float = 120.0  # how often the reactions on open cards are read again
