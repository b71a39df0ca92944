"""Answering a page without Slack: a plain page behind a signed link, made for one thumb and a bad network."""

from collections.abc import Awaitable, Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot import store
from bot.core import Refused, links
from bot.core.paging import OPEN
from bot.db import DatabaseUnavailable
from bot.flows import Asking, World, pages, team_of
from bot.models import Incident, Page, PageState

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:1rem;color:#111;background:#fff}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#111}}"
    "button{font:inherit;width:100%;padding:1rem;margin:.4rem 0;border-radius:.6rem;border:1px solid #888;"
    "background:transparent;color:inherit}button.first{background:#06603a;color:#fff;border:0;font-weight:600}"
)

ANSWERED = {
    PageState.ACKNOWLEDGED: "You acknowledged it: it is yours.",
    PageState.DECLINED: "You declined it.",
    PageState.ESCALATED: "You escalated it.",
    PageState.CANCELLED: "It is over for you.",
    PageState.FAILED: "It could not be delivered in time; somebody else was paged.",
}


def routes(world: World) -> list[Route]:
    return [Route("/page/{token}", _door(world), methods=["GET", "POST"])]


def _door(world: World) -> Callable[[Request], Awaitable[Response]]:
    async def door(request: Request) -> Response:
        secret, token = world.config.web.secret, request.path_params["token"]
        named = links.paged(secret.reveal(), token) if secret else None
        if named is None:
            return _html(
                "This link is not valid", "Open Slack and type <code>/incident ack</code>.", status=404
            )
        try:
            said = ""
            # Looking changes nothing: mail and chat programs open links before people do.
            if request.method == "POST":
                said = await _answer(world, named, await _wish(request))
            async with world.db.reading() as session:
                incident = await store.incident(session, named[0])
                page = await store.page(session, *named)
        except DatabaseUnavailable as error:
            return _html("Not stored", escape(str(error)), status=503)
        if incident is None or page is None:
            return _html("This page is gone", "Open Slack and type <code>/incident list</code>.", status=404)
        return _shown(world, incident, page, said)

    return door


async def _wish(request: Request) -> str:
    body = await request.body()
    return body[:100].decode("ascii", "replace").removeprefix("do=")


async def _answer(world: World, named: tuple[int, int], wish: str) -> str:
    """What came of it, in a sentence. A page takes one answer: after it the link only says what that was."""
    incident_id, number = named
    async with world.db.reading() as session:
        page = await store.page(session, incident_id, number)
    if page is None or page.state not in OPEN | {PageState.UNANSWERED}:
        return ""
    does = {"acknowledge": pages.acknowledge, "decline": pages.decline}.get(wish)
    if does is None:
        return "That is no answer."
    asking = Asking(
        id=f"link:{incident_id}:{number}:{wish}", by=page.person, incident=f"INC-{incident_id}", way="link"
    )
    try:
        return (await does(world, asking)).text
    except Refused as error:
        return str(error)


def _shown(world: World, incident: Incident, page: Page, said: str) -> Response:
    team = team_of(incident, world.catalog)
    if incident.private:
        return _shown_of_private(incident, page)
    facts = f"{escape(incident.severity.upper())} · {escape(team.name)} · {escape(page.why)}"
    head = f"{'TEST ' if incident.test else ''}{escape(incident.key)} {escape(incident.title)}"
    service = world.catalog.services.get(incident.service)
    runbook = (
        f'<p><a rel="noreferrer" href="{escape(service.runbook)}">Runbook</a></p>'
        if service and service.runbook
        else ""
    )
    answer = f"<p><strong>{escape(said)}</strong></p>" if said else ""
    if incident.is_over:
        return _html(head, f"<p>{facts}</p>{answer}<p>It is {escape(incident.status)}.</p>")
    if page.state in OPEN | {PageState.UNANSWERED}:
        buttons = '<button class="first" name="do" value="acknowledge">Acknowledge</button>'
        if page.state in OPEN:
            buttons += '<button name="do" value="decline">Can\'t take it</button>'
        return _html(head, f'<p>{facts}</p>{answer}<form method="post">{buttons}</form>{runbook}')
    outcome = "" if said else f"<p>{escape(ANSWERED[page.state])}</p>"
    return _html(head, f"<p>{facts}</p>{answer}{outcome}{runbook}")


def _shown_of_private(incident: Incident, page: Page) -> Response:
    """A link proves nobody's name: what it is about stands in Slack."""
    head, facts = f"{escape(incident.key)} (private)", f"<p>{escape(incident.severity.upper())}</p>"
    if incident.is_over:
        return _html(head, f"{facts}<p>It is over.</p>")
    if page.state not in OPEN | {PageState.UNANSWERED}:
        return _html(head, f"{facts}<p>{escape(ANSWERED[page.state])} What it is about stands in Slack.</p>")
    buttons = '<button class="first" name="do" value="acknowledge">Acknowledge</button>'
    if page.state in OPEN:
        buttons += '<button name="do" value="decline">Can\'t take it</button>'
    return _html(head, f'{facts}<p>What it is about stands in Slack.</p><form method="post">{buttons}</form>')


def _html(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{body}</html>",
        status_code=status,
        headers=HEADERS,
    )
