"""What is said in channels, heard by a short way: signature, JSON, one row among many. Everything else goes through Bolt.

Bolt looks through all its listeners for each event, which takes longer than keeping it; in a flood people's commands
would wait for that.
"""

import json
from collections.abc import Mapping
from typing import Any

from slack_sdk.signature import SignatureVerifier

from bot.db import DatabaseUnavailable
from bot.flows.heard import Heard, Hearing

KINDS = ("message", "reaction_added", "reaction_removed")


class Events:
    """The short way over HTTP. `identity` is who we are: what we say and do ourselves is not heard."""

    def __init__(self, hearing: Hearing, *, signing_secret: str, identity: Mapping[str, str]) -> None:
        self.hearing = hearing
        self._signature = SignatureVerifier(signing_secret)
        self._identity = identity

    def signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack signed it within five minutes; nothing else is looked into.

        https://docs.slack.dev/authentication/verifying-requests-from-slack
        """
        return self._signature.is_valid_request(body, dict(headers))

    async def taken(self, body: bytes) -> int | None:
        """The status to answer a signed event with, once it is kept; None where it is not for the short way.

        400 for what is no event, 503 while the database takes nothing: Slack sends it again.
        """
        try:
            told = json.loads(body)
        except ValueError:
            return 400
        event = told.get("event") if isinstance(told, dict) else None
        if not isinstance(told, dict):
            return 400
        if not isinstance(event, dict):
            return 400 if "event" in told or told.get("type") == "event_callback" else None
        if event.get("type") not in KINDS or event.get("channel_type") == "im":
            return None  # what is said to us alone wants an answer
        if not self._is_ours(event):
            try:
                await self.hearing.keep(Heard(str(told.get("event_id") or ""), event))
            except DatabaseUnavailable:
                return 503
        return 200

    def _is_ours(self, event: Mapping[str, Any]) -> bool:
        us = {self._identity.get("user_id"), self._identity.get("bot_id")} - {None, ""}
        return bool(us & {event.get("user"), event.get("bot_id")})
