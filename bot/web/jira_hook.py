"""What Jira posts: `POST /hooks/jira`, signed with JIRA_WEBHOOK_SECRET. It is only a hint that an issue has changed."""

import asyncio
import hashlib
import hmac
import json
import logging
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.db import DatabaseUnavailable
from bot.flows import World, issues
from bot.flows.issues import Hint
from bot.web import bodies
from bot.web.bodies import Turned

log = logging.getLogger(__name__)

LARGEST = 5_000_000
"""Bytes of a body. Jira can send more; what is refused here is found by the next look."""

AT_ONCE = 8
"""Bodies that are read at the same time; the others wait, and beyond WAITING Jira sends them again."""
WAITING = 200

CONCERNS = frozenset({"jira:issue_created", "jira:issue_updated", "jira:issue_deleted"})


def routes(world: World) -> list[Route]:
    return [Route("/hooks/jira", _Door(world).hear, methods=["POST"])]


class _Door:
    def __init__(self, world: World) -> None:
        self.world = world
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.inside = 0
        self.is_told = False

    async def hear(self, request: Request) -> Response:
        self.inside += 1
        try:
            if self.inside > WAITING:
                raise Turned(503, "busy", "Too many webhooks wait already: send this again.")
            async with self.turns:
                return await self._taken(request)
        except Turned as why:
            return why.response()
        except ClientDisconnect:
            return Response(status_code=400)
        finally:
            self.inside -= 1

    async def _taken(self, request: Request) -> Response:
        secret = self.world.config.jira.webhook_secret
        if not secret:
            if not self.is_told:
                log.warning("a webhook of Jira was refused: set JIRA_WEBHOOK_SECRET, here and at the webhook")
                self.is_told = True
            raise Turned(404, "off", "Webhooks are not taken here: JIRA_WEBHOOK_SECRET is not set.")
        body = await bodies.read(request, LARGEST)
        given = request.headers.get("x-hub-signature", "")
        right = hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), f"sha256={right}".encode()):
            raise Turned(
                401,
                "unauthorized",
                "Not signed with JIRA_WEBHOOK_SECRET: set the webhook's secret to the same value.",
            )
        hint = hint_of(await asyncio.to_thread(_parsed, body))
        if hint is None:
            return JSONResponse({"items": 0})
        try:
            return JSONResponse({"items": await issues.hinted(self.world, hint)})
        except DatabaseUnavailable as error:
            log.warning("a webhook of Jira waits for the database: %s", error.detail)
            raise Turned(503, "busy", str(error)) from error


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Turned(400, "malformed", "The body is no JSON: send what Jira's webhook sends.") from error


def hint_of(told: Any) -> Hint | None:
    """Which issue a webhook tells of; None: it is about something else. Raises Turned where Jira would not write so."""
    if not isinstance(told, dict):
        raise Turned(400, "malformed", "The body is no webhook of Jira's.")
    event = told.get("webhookEvent")
    if event not in CONCERNS:
        return None
    issue = told.get("issue")
    key = issue.get("key") if isinstance(issue, dict) else None
    if not isinstance(issue, dict) or not isinstance(key, str) or not 2 < len(key) <= 300:
        raise Turned(
            400, "malformed", "The webhook names no issue: choose the body that Jira sends by default."
        )
    fields = issue.get("fields")
    known = fields if isinstance(fields, dict) else {}
    labels = known.get("labels")
    # The time of the change tells it from every other, so that the same webhook again asks for nothing.
    seen = f"{known.get('updated') or ''} {told.get('timestamp') or ''} {event}"
    return Hint(
        key, tuple(str(label) for label in labels[:500]) if isinstance(labels, list) else (), seen[:120]
    )
