"""The forms in which people write afterwards: the cause, the postmortem, who is to read it, what a reader says.

What was typed is stored as it was typed; where it can't be, the form stays open with it.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import Refused, postmortems
from bot.core.postmortems import Section
from bot.db import DatabaseUnavailable
from bot.engine import Retry
from bot.flows import Asking, Reply, World, questions
from bot.flows import postmortems as flow
from bot.slack import doors
from bot.slack import postmortems as shown
from bot.slack.client import SlackRefused, call

log = logging.getLogger(__name__)

ERROR = 300
"""Characters of a sentence beside a field."""

WENT_WRONG = "Something went wrong on Writeback's side and nothing was stored. Send it again; its log says what it was."

Draw = Callable[[World, Asking], Awaitable[shown.View]]


async def _write(world: World, asking: Asking) -> shown.View:
    return shown.write_form((await _mine(world, asking))[0])


async def _review(world: World, asking: Asking) -> shown.View:
    return shown.review_form((await _mine(world, asking))[0].incident)


async def _mine(world: World, asking: Asking) -> tuple[postmortems.Facts, bool]:
    facts, may = await flow.of(world, asking)
    if not may:
        raise Refused(
            f"Only those who worked on {facts.incident.key}, the team that owns it and its lead write its postmortem."
        )
    return facts, may


async def _cause(world: World, asking: Asking) -> shown.View:
    return shown.cause_form((await flow.of(world, asking))[0].incident)


async def _comment(world: World, asking: Asking) -> shown.View:
    return shown.comment_form((await flow.of(world, asking))[0].incident)


FORMS: dict[str, tuple[Draw, str]] = {
    "cause_write": (_cause, "`/incident cause {key} text`"),
    "postmortem_write": (_write, "`/incident postmortem {key} write summary text`"),
    "postmortem_review": (_review, "`/incident postmortem {key} review @person`"),
    "review_comment": (_comment, "`/incident postmortem {key} comment text`"),
}
"""The buttons that open a form, and what to type when it can't be opened."""


def register(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    for name, (draw, instead) in FORMS.items():
        app.action(re.compile(rf"^{name}(:\d+)?$"))(_opens(world, client, draw, instead))
    app.view("cause")(_cause_sent(world))
    app.view("postmortem")(_postmortem_sent(world))
    app.view("postmortem_review")(_review_sent(world))
    app.view("review_comment")(_comment_sent(world))


def _opens(
    world: World, client: AsyncWebClient, draw: Draw, instead: str
) -> Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]:
    async def tapped(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The trigger expires in 3 s, so the form is opened here and not by a job.
        key = f"INC-{body['actions'][0].get('value') or ''}"
        asking = Asking(id="", by=body["user"]["id"], incident=key)
        try:
            view = await draw(world, asking)
            await call(client, "views.open", trigger_id=body["trigger_id"], view=view)
        except (Refused, DatabaseUnavailable) as error:
            await doors.say(world, client, body, error)
        except (SlackRefused, Retry) as error:
            typed = f"type {instead.format(key=key)} instead"
            await doors.say(world, client, body, f"The form could not be opened ({error}): {typed}.")
        await ack()

    return tapped


def _asking(body: dict[str, Any], view: dict[str, Any], number: object) -> Asking:
    return Asking(
        id=f"view:{view['id']}:{view.get('hash', '')}",
        by=body["user"]["id"],
        incident=f"INC-{number}",
        way="form in Slack",
    )


def _typed(view: dict[str, Any], block: str) -> str:
    return str((view["state"]["values"].get(block) or {}).get("text", {}).get("value") or "")


async def _taken(ack: AsyncAck, field: str, doing: Awaitable[Reply]) -> Reply | None:
    """What came of it; None when it was refused, and the form then says why beside `field` and keeps what was typed."""
    try:
        return await doing
    except (Refused, DatabaseUnavailable) as error:
        await ack(response_action="errors", errors={field: str(error)[:ERROR]})
    except Exception:
        # The last door before a person: without it Slack would show them nothing they can use.
        log.exception("a form failed")
        await ack(response_action="errors", errors={field: WENT_WRONG})
    return None


Sent = Callable[[AsyncAck, dict[str, Any], dict[str, Any]], Awaitable[None]]


def _cause_sent(world: World) -> Sent:
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        asking = _asking(body, view, view["private_metadata"])
        if await _taken(ack, "cause", questions.cause(world, asking, text=_typed(view, "cause"))):
            await ack()

    return sent


def _postmortem_sent(world: World) -> Sent:
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        knew = json.loads(view["private_metadata"])
        asking = _asking(body, view, knew["incident"])
        texts = {}
        for section in (s for s in Section if s.value in view["state"]["values"]):
            words, stood = _typed(view, section), knew["stood"].get(section.value, "")
            # What the facts suggested and nobody touched goes on speaking for itself; a summary is taken as approved.
            untouched = postmortems.mark(words) == knew["said"].get(section.value)
            if untouched and stood == postmortems.mark("") and section is not Section.SUMMARY:
                continue
            texts[section] = flow.Text(words, stood)
        field = next(s.value for s in Section if s.value in view["state"]["values"])
        reply = await _taken(ack, field, flow.write(world, asking, texts))
        if reply is None:
            return
        conflicts = [Section(word) for word in reply.extra.get(flow.CONFLICT, "").split(",") if word]
        if conflicts:
            facts, _ = await flow.of(world, asking)
            mine = {section: texts[section].words for section in conflicts}
            await ack(response_action="update", view=shown.conflict_form(facts, mine))
        elif reply.extra:
            await ack(response_action="update", view=shown.told_form(reply.text))
        else:
            await ack()

    return sent


def _review_sent(world: World) -> Sent:
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        people = view["state"]["values"]["reviewers"]["people"].get("selected_users") or []
        asking = _asking(body, view, view["private_metadata"])
        reply = await _taken(ack, "reviewers", flow.ask_review(world, asking, slack_ids=people))
        if reply is not None:
            await ack(response_action="update", view=shown.told_form(reply.text))

    return sent


def _comment_sent(world: World) -> Sent:
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        asking = _asking(body, view, view["private_metadata"])
        text = _typed(view, "comment")
        if await _taken(ack, "comment", flow.review(world, asking, comment=text)):
            await ack()

    return sent
