"""The routes. Health is served in Socket Mode too; Slack's only where it speaks HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import store
from bot.db import DatabaseUnavailable
from bot.flows import World
from bot.slack.events import Events
from bot.web import alert_hook, answer, bodies, feeds, jira_hook

LARGEST = 1_000_000
"""Bytes of a request body; Slack's largest payloads are far below."""

SILENT = timedelta(seconds=30)
"""An engine that has not turned for this long is not ready."""

State = Callable[[], Awaitable[Mapping[str, object]]]


def build(world: World, slack: AsyncApp | None, events: Events | None, *, state: State) -> Starlette:
    """`slack` and `events` are None where Slack speaks through Socket Mode.

    `state` tells what stands outside, for people to read.
    """
    counted = alert_hook.Counted()
    routes = [
        Route("/healthz", _alive, methods=["GET"]),
        Route("/readyz", _ready(world, state), methods=["GET"]),
        Route("/metrics", _metrics(world, counted), methods=["GET"]),
        *answer.routes(world),
        *feeds.routes(world),
        *alert_hook.routes(world, counted),
        *jira_hook.routes(world),
    ]
    if slack is not None and events is not None:
        routes.append(
            Route("/slack/events", _slack(AsyncSlackRequestHandler(slack), events), methods=["POST"])
        )
    return Starlette(routes=routes)


def _slack(handler: AsyncSlackRequestHandler, events: Events) -> Callable[[Request], Awaitable[Response]]:
    one_by_one = asyncio.Semaphore(32)

    async def heard(request: Request) -> Response:
        try:
            body = await bodies.read(request, LARGEST)
        except bodies.Turned as why:
            return why.response()
        request._body = body  # whoever reads it next finds it read
        if not events.signed(body, request.headers):
            return PlainTextResponse("not signed by Slack", status_code=401)
        if not request.headers.get("content-type", "").startswith("application/json"):
            return await handler.handle(request)
        # Events are JSON; what people wait for is a form. A flood of messages must not stand before a command.
        status = await events.taken(body)
        if status is not None:
            return Response(status_code=status)
        async with one_by_one:
            return await handler.handle(request)

    return heard


async def _alive(request: Request) -> Response:
    return PlainTextResponse("ok")


def _ready(world: World, state: State) -> Callable[[Request], Awaitable[Response]]:
    """200 when the database answers, its schema is current and an engine turns. Slack and Jira do not decide."""

    async def ready(request: Request) -> Response:
        outside = await state()
        try:
            async with world.db.reading() as session:
                seen = await store.last_heartbeat(session)
        except DatabaseUnavailable as error:
            return JSONResponse({"ready": False, "database": str(error), **outside}, status_code=503)
        turning = seen is not None and world.clock() - seen < SILENT
        body = {"ready": turning, "database": "ok", "engine": "turning" if turning else "silent", **outside}
        return JSONResponse(body, status_code=200 if turning else 503)

    return ready


def _metrics(world: World, counted: alert_hook.Counted) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(request: Request) -> Response:
        registry = CollectorRegistry()
        up = Gauge("writeback_database_up", "Whether the database answers", registry=registry)
        try:
            async with world.db.reading() as session:
                figures = await store.figures(session, world.clock())
        except DatabaseUnavailable:
            up.set(0)  # what only the database knows is left out: a nought would be a figure
        else:
            up.set(1)
            _drawn(figures, registry)
        text = generate_latest(registry) + generate_latest(counted.registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return metrics


def _drawn(figures: store.Figures, registry: CollectorRegistry) -> None:
    jobs = Gauge("writeback_jobs", "Jobs by state", ["state"], registry=registry)
    incidents = Gauge(
        "writeback_incidents_open", "Open incidents by severity", ["severity"], registry=registry
    )
    pages = Gauge("writeback_pages_open", "Pages that wait for an answer", registry=registry)
    oldest = Gauge("writeback_job_oldest_seconds", "Age of the oldest job that is due", registry=registry)
    for name, count in figures.jobs.items():
        jobs.labels(name).set(count)
    for name, count in figures.incidents.items():
        incidents.labels(name).set(count)
    pages.set(figures.pages)
    oldest.set(figures.oldest.total_seconds())
