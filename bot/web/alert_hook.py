"""What monitoring posts: `POST /hooks/alerts/{source}` with the bearer token ALERT_TOKEN."""

import asyncio
import hmac
import json
import logging
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.core import Refused
from bot.core.alerts import Parsed, Source, parse
from bot.db import DatabaseUnavailable
from bot.flows import World, alerts
from bot.flows.alerts import Heard
from bot.web import bodies
from bot.web.bodies import Turned

log = logging.getLogger(__name__)

LARGEST = 8_000_000
"""Bytes of a body: a thousand alerts of the longest kind that we keep."""

AT_ONCE = 4
"""Bodies that are read at the same time; the others wait, and those beyond WAITING come again later."""
WAITING = 200


@dataclass
class Counted:
    """What came in since this process started, for `/metrics`."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    alerts: Counter = field(init=False)

    def __post_init__(self) -> None:
        words = "Alerts, and refused requests, by source and what came of them"
        self.alerts = Counter("writeback_alerts", words, ["source", "outcome"], registry=self.registry)

    def add(self, source: str, outcome: str, count: int = 1) -> None:
        known = source if source in set(Source) else "unknown"
        if count:
            self.alerts.labels(known, outcome).inc(count)


def routes(world: World, counted: Counted) -> list[Route]:
    return [Route("/hooks/alerts/{source}", _Door(world, counted).hear, methods=["POST"])]


class _Door:
    def __init__(self, world: World, counted: Counted) -> None:
        self.world = world
        self.counted = counted
        self.reading = asyncio.Semaphore(AT_ONCE)
        self.turns = alerts.Turns()
        self.inside = 0
        self.is_told = False

    async def hear(self, request: Request) -> Response:
        source = str(request.path_params["source"])
        try:
            self._admit(request, source)
            return await self._queued(request, source)
        except Turned as why:
            self.counted.add(source, why.outcome)
            return why.response()
        except ClientDisconnect:
            self.counted.add(source, "disconnected")
            return Response(status_code=400)

    def _admit(self, request: Request, source: str) -> None:
        token = self.world.config.web.alert_token
        if not token:
            if not self.is_told:
                log.warning(
                    "an alert was refused: set ALERT_TOKEN to a long random text, here and at its sender"
                )
                self.is_told = True
            raise Turned(404, "off", "Alerts are not taken here: ALERT_TOKEN is not set.")
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), token.reveal().encode())
        if scheme.casefold() != "bearer" or not same:
            fix = "Send `Authorization: Bearer …` with the value of ALERT_TOKEN."
            raise Turned(401, "unauthorized", fix, {"WWW-Authenticate": "Bearer"})
        if source not in set(Source):
            raise Turned(404, "unknown", f"There is no such source of alerts; use {' or '.join(Source)}.")

    async def _queued(self, request: Request, source: str) -> Response:
        if self.inside >= WAITING:
            raise Turned(503, "busy", "Too many alerts wait already: send this again.")
        self.inside += 1
        try:
            return await self._taken(request, source)
        finally:
            self.inside -= 1

    async def _taken(self, request: Request, source: str) -> Response:
        try:
            async with self.reading:
                body = await bodies.read(request, LARGEST)
                # In a thread: whoever types a command meanwhile does not wait for megabytes to be read.
                parsed = await asyncio.to_thread(_parsed, source, body)
            heard = await alerts.hear(self.world, source, parsed, self.turns)
        except Refused as error:
            raise Turned(400, "malformed", str(error)) from error
        except DatabaseUnavailable as error:
            log.warning("alerts of %s wait for the database: %s", source, error.detail)
            raise Turned(503, "unavailable", str(error)) from error
        self._count(source, heard)
        return JSONResponse(_answer(heard))

    def _count(self, source: str, heard: Heard) -> None:
        for outcome in ("opened", "joined", "reopened", "flapping", "resolved", "unchanged"):
            self.counted.add(source, outcome, getattr(heard, outcome))
        for outcome in ("silenced", "dropped", "wrong"):
            self.counted.add(source, outcome, getattr(heard, outcome))
        self.counted.add(source, "test", len(heard.tests))
        if heard.wrong or heard.dropped:
            log.warning("of alerts of %s, %s were wrong and %s left out", source, heard.wrong, heard.dropped)


def _parsed(source: str, body: bytes) -> Parsed:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("The body is no JSON: send what the product's webhook sends, in UTF-8.") from error
    return parse(source, found)


def _answer(heard: Heard) -> dict[str, object]:
    found: dict[str, object] = {
        "incidents": heard.incidents,
        "joined": heard.joined,
        "resolved": heard.resolved,
        "dropped": heard.dropped,
        "wrong": heard.wrong,
        "silenced": heard.silenced,
    }
    return found | ({"tests": heard.tests} if heard.tests else {})
