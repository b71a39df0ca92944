"""Calendar feeds behind private links: `GET /oncall/{team}.ics` and `GET /oncall/people/{person}.ics`."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import store
from bot.core import links, oncall
from bot.db import DatabaseUnavailable
from bot.flows import World, feeds
from bot.models import Feed

BEHIND, AHEAD = timedelta(days=28), timedelta(days=180)
"""What of a schedule a calendar shows, from now."""


def routes(world: World) -> list[Route]:
    serve = _serve(world)
    return [
        Route("/oncall/people/{name}.ics", serve, methods=["GET", "HEAD"]),
        Route("/oncall/{name}.ics", serve, methods=["GET", "HEAD"]),
    ]


def _serve(world: World) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        secret = world.config.web.secret
        number = links.fed(secret.reveal(), request.query_params.get("key", "")) if secret else None
        name = request.path_params["name"]
        try:
            async with world.db.reading() as session:
                feed = await feeds.opened(session, number) if number is not None else None
                # One answer for a wrong link, a revoked one and a team that is not there: it tells nobody what exists.
                if feed is None or name != (feed.person or feed.team):
                    return PlainTextResponse("There is no such calendar.", status_code=404)
                rota = await store.rota(session, world.catalog)
                called = await store.names(session, world.catalog)
        except DatabaseUnavailable as error:
            return PlainTextResponse(str(error), status_code=503)
        return Response(
            _calendar(world, feed, rota, called),
            media_type="text/calendar; charset=utf-8",
            headers={
                "Cache-Control": "private, max-age=900",
                "Content-Disposition": f'inline; filename="{feed.person or feed.team}.ics"',
                "X-Robots-Tag": "noindex",
            },
        )

    return serve


def _calendar(
    world: World, feed: Feed, rota: Callable[..., oncall.Schedule], called: Callable[[str], str]
) -> bytes:
    from bot.calendars.feed import feed as written
    from bot.calendars.feed import shifts_of_person, shifts_of_team

    now = world.clock()
    start, end = now - BEHIND, now + AHEAD
    if feed.person:
        # A cover can put people on call for a team that they aren't in.
        schedules = [(team.name, rota(team)) for team in world.catalog.teams.values()]
        teams = [
            (team, oncall.final(schedule, start, end))
            for team, schedule in schedules
            if feed.person in oncall.named(schedule)
        ]
        return written(f"{called(feed.person)} on call", shifts_of_person(feed.person, teams), now=now)
    team = world.catalog.teams.get(feed.team)
    segments = oncall.final(rota(team), start, end) if team else []
    title = team.name if team else feed.team
    return written(f"On call for {title}", shifts_of_team(title, segments, called), now=now)
