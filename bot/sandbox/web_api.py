"""The table of Web API methods, and what Slack checks before any of them runs."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.sandbox.args import Args
from bot.sandbox.records import Channel, Json, SlackError
from bot.sandbox.workspace import Workspace

Run = Callable[[Workspace, Args], Json]


@dataclass(frozen=True)
class Method:
    name: str
    run: Run
    scopes: tuple[str, ...]
    """Any one of them is enough; none when the method needs none or decides itself."""
    tier: int
    """https://docs.slack.dev/apis/web-api/rate-limits"""
    takes_json: bool
    """Methods that only read ignore a JSON body."""
    app_token: bool


METHODS: dict[str, Method] = {}

TIERS = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}
"""Calls per minute; 5 stands for Slack's "special"."""


def method(
    name: str, *scopes: str, tier: int = 3, takes_json: bool = True, app_token: bool = False
) -> Callable[[Run], Run]:
    def enter(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, tier, takes_json, app_token)
        return run

    return enter


def run(method: Method, workspace: Workspace, args: Args, token: str | None) -> Json:
    """The answer to one call; its effect has happened when this returns."""
    try:
        _authorise(method, workspace, token)
        return {"ok": True} | method.run(workspace, args)
    except SlackError as error:
        return {"ok": False, "error": error.error} | error.more


def _authorise(method: Method, workspace: Workspace, token: str | None) -> None:
    if method.name == "api.test":
        return
    if not token:
        raise SlackError("not_authed")
    if token not in {workspace.bot_token, workspace.app_token}:
        raise SlackError("invalid_auth")
    if workspace.token_state:
        raise SlackError(workspace.token_state)
    if (token == workspace.app_token) != method.app_token:
        raise SlackError("not_allowed_token_type")
    if method.scopes:
        workspace.need(*method.scopes)


def need_for(workspace: Workspace, channel: Channel, act: str) -> None:
    """The scope of `act` (read, history, manage) for this kind of conversation."""
    prefix = {"channel": "channels", "group": "groups", "im": "im"}[channel.kind]
    if act != "manage":
        workspace.need(f"{prefix}:{act}")
    elif channel.kind == "channel":
        workspace.need("channels:manage", "channels:write")
    else:
        workspace.need(f"{prefix}:write")


def channel_of(workspace: Workspace, args: Args, *, act: str = "", name: str = "channel") -> Channel:
    """The conversation that `args` name, once the scope for `act` is there."""
    channel = workspace.visible_channel(args.text(name))
    if act:
        need_for(workspace, channel, act)
    return channel


def writable(channel: Channel) -> Channel:
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def joined(workspace: Workspace, channel: Channel) -> Channel:
    if workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def page(items: Iterable[Json], args: Args, key: str, *, default: int = 100, most: int = 1000) -> Json:
    """One page of `items` under `key`, with Slack's cursor to the next."""
    limit = args.number("limit", default) or default
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    everything = list(items)
    start = cursor_offset(args)
    rest = everything[start + limit :]
    return {
        key: everything[start : start + limit],
        "response_metadata": {"next_cursor": cursor_to(start + limit) if rest else ""},
    }


def cursor_to(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def cursor_offset(args: Args) -> int:
    given = args.text("cursor")
    if not given:
        return 0
    try:
        word, _, offset = base64.b64decode(given, validate=True).decode().partition(":")
        if word != "next":
            raise ValueError(word)
        return int(offset)
    except ValueError:
        raise SlackError("invalid_cursor") from None
