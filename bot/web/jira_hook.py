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

log = logging.getLogger(__name__)

LARGEST = 5_000_000
"""Bytes of a body. Jira can send more; what is refused here is found by the next look."""

READING = 15.0
"""Seconds that a body may take to arrive."""

AT_ONCE = 8
"""Bodies that are read at the same time; the others wait, and beyond WAITING Jira sends them again."""
WAITING = 200

CONCERNS = frozenset({"jira:issue_created", "jira:issue_updated", "jira:issue_deleted"})


class _Turned(Exception):
    """Why a request is turned away, in a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


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
                raise _Turned(503, "Too many webhooks wait already: send this again.")
            async with self.turns:
                return await self._taken(request)
        except _Turned as why:
            again = {"Retry-After": "10"} if why.status == 503 else None
            return JSONResponse({"error": str(why)}, status_code=why.status, headers=again)
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
            raise _Turned(404, "Webhooks are not taken here: JIRA_WEBHOOK_SECRET is not set.")
        body = await _body(request)
        given = request.headers.get("x-hub-signature", "")
        right = hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), f"sha256={right}".encode()):
            raise _Turned(
                401, "Not signed with JIRA_WEBHOOK_SECRET: set the webhook's secret to the same value."
            )
        hint = hint_of(await asyncio.to_thread(_parsed, body))
        if hint is None:
            return JSONResponse({"items": 0})
        try:
            return JSONResponse({"items": await issues.hinted(self.world, hint)})
        except DatabaseUnavailable as error:
            log.warning("a webhook of Jira waits for the database: %s", error)
            raise _Turned(503, str(error)) from error


async def _body(request: Request) -> bytes:
    """The body, whatever its sender says of its length: no more of it is read than we take."""
    too_large = _Turned(413, f"The body is too large: send at most {LARGEST} bytes.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > LARGEST:
        raise too_large
    read = bytearray()
    try:
        async with asyncio.timeout(READING):
            async for chunk in request.stream():
                read += chunk
                if len(read) > LARGEST:
                    raise too_large
    except TimeoutError as error:
        raise _Turned(408, "The body did not arrive in time.") from error
    return bytes(read)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Turned(400, "The body is no JSON: send what Jira's webhook sends.") from error


def hint_of(told: Any) -> Hint | None:
    """Which issue a webhook tells of; None: it is about something else. Raises _Turned where Jira would not write so."""
    if not isinstance(told, dict):
        raise _Turned(400, "The body is no webhook of Jira's.")
    event = told.get("webhookEvent")
    if event not in CONCERNS:
        return None
    issue = told.get("issue")
    key = issue.get("key") if isinstance(issue, dict) else None
    if not isinstance(issue, dict) or not isinstance(key, str) or not 2 < len(key) <= 300:
        raise _Turned(400, "The webhook names no issue: choose the body that Jira sends by default.")
    fields = issue.get("fields")
    known = fields if isinstance(fields, dict) else {}
    labels = known.get("labels")
    # The time of the change tells it from every other, so that the same webhook again asks for nothing.
    seen = f"{known.get('updated') or ''} {told.get('timestamp') or ''} {event}"
    return Hint(
        key, tuple(str(label) for label in labels[:500]) if isinstance(labels, list) else (), seen[:120]
    )
