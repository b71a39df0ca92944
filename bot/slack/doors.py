"""The doors beside typing: forms and shortcuts. To add a form: its view in slack/forms.py and one row of FORMS."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import Refused, masking, ownership, typeahead
from bot.core.actions import Typed
from bot.core.incidents import TEXT_LIMIT
from bot.core.jobs import Say
from bot.core.typeahead import Offer
from bot.db import DatabaseUnavailable
from bot.engine import Retry
from bot.flows import (
    Asking,
    Reply,
    World,
    actions,
    guides,
    home,
    incidents,
    mentions,
    pages,
    privacy,
    respond,
    views,
)
from bot.flows.timelines import Evidence, File, Marked, files_of, moment, source_of
from bot.flows.views import Seen
from bot.models import Mitigation, Role, Severity, Status, TeamKind
from bot.slack import forms, kit, messages
from bot.slack.client import SlackRefused, call, post_to
from bot.slack.forms import Filled, Given, View
from bot.slack.text import cut, decode

log = logging.getLogger(__name__)

ERROR = 300
"""Characters of a sentence beside a field."""

WENT_WRONG = "Something went wrong on Writeback's side and nothing was stored. Send it again; its log says what it was."

HOME = "home:"
"""How the external id of a form begins that was opened at Home; Slack wants each to be unique."""

Draw = Callable[[World, Asking, str], Awaitable[View]]
Send = Callable[[World, Asking, Filled], Awaitable[Reply]]


@dataclass(frozen=True)
class Form:
    """`draw` gets the button's value, `send` what was filled in; a refusal stands beside the field `at`.

    `instead` is what to type when it can't be opened, with the incident's `{key}` or the button's `{value}`.
    `tells`: what came of it takes the form's place.
    """

    draw: Draw
    send: Send
    at: str
    instead: str
    tells: bool = False


# ---- starting --------------------------------------------------------------------------------


async def card(world: World, service: Offer | None) -> str:
    """Who answers for the chosen service, as mrkdwn."""
    now = await views.owner_now(world, service.id) if service else None
    return forms.owner_card(*now) if now else forms.NO_SERVICE


async def start_view(world: World, given: Given, *, twin: Reply | None = None) -> View:
    owner = await card(world, given.service)
    return forms.start(given, world.config.severities, owner=owner, twin=twin)


def about(world: World, text: str, evidence: Evidence, channel: str) -> Given:
    """The form as a message fills it in: the first line is the title, and the owner where the words leave no doubt."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    found = ownership.find(text, world.catalog)
    sure = found.certain and not found.fallback
    service = typeahead.offer(found.service or found.team, world.catalog) if sure else None
    return Given(cut(first, 150), service, details=cut(text, TEXT_LIMIT), channel=channel, evidence=evidence)


async def start_draw(world: World, asking: Asking, value: str) -> View:
    if value in {"", forms.ANEW}:
        return await start_view(world, Given(channel=asking.channel))
    said = await mentions.recalled(world, value)
    return await start_view(world, about(world, said.words, mentions.evidence(said), said.channel))


async def start_send(world: World, asking: Asking, filled: Filled) -> Reply:
    given = forms.given_in(filled)
    return await incidents.start(
        world,
        replace(asking, channel=given.channel, incident=""),
        text=given.title,
        anyway=given.anyway,
        service=given.service.id if given.service else "",
        severity=given.severity,
        noticed=given.noticed,
        private=given.private,
        details=given.details,
        evidence=given.evidence,
    )


async def typed(world: World, client: AsyncWebClient, body: Mapping[str, Any], rest: str) -> bool:
    """Whether `/incident start` without a title has opened the form; else it is answered with a sentence."""
    lead = ownership.leading(decode(rest), world.catalog)
    if lead.title:
        return False
    found = lead.found
    service = typeahead.offer(found.service or found.team, world.catalog) if found else None
    given = Given(
        service=service, severity=lead.severity or Severity.SEV3, channel=str(body.get("channel_id") or "")
    )
    try:
        await _open(client, body, await start_view(world, given))
    except (SlackRefused, Retry, DatabaseUnavailable):
        return False
    return True


# ---- what belongs to an incident ---------------------------------------------------------------


def _of(draw: Callable[[World, Asking, Seen], Awaitable[View]]) -> Draw:
    """The form of an incident, for those who may see it; the button's value begins with its number."""

    async def drawn(world: World, asking: Asking, value: str) -> View:
        key = f"INC-{value.partition(' ')[0]}"
        return await draw(
            world, asking, await views.incident(world, replace(asking, incident=key), of="show")
        )

    return drawn


async def update_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.update(seen.incident)


async def update_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.update(world, asking, text=filled.text("update"))


async def severity_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.severity(seen.incident, world.config.severities)


async def severity_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.severity(world, asking, Severity(filled.choice("severity")))


async def role_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.role(seen.incident, asking.by)


async def role_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.role(world, asking, Role(filled.choice("role")), slack_id=filled.person("who"))


async def status_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.status(seen.incident)


async def status_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.status(world, asking, Status(filled.choice("status")), text=filled.text("text"))


async def mitigated_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.mitigated(seen.incident)


async def mitigated_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.mitigate(
        world, asking, Mitigation(filled.choice("kind")), text=filled.text("text")
    )


async def resolve_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.resolve(seen.incident)


async def resolve_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.resolve(world, asking, text=filled.text("text"))


async def decline_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.decline(seen.incident)


async def decline_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await pages.decline(world, asking, why=filled.text("text"))


async def guide_draw(world: World, asking: Asking, seen: Seen) -> View:
    teams = [team for team in world.catalog.teams.values() if team.kind is TeamKind.GUIDE]
    if not teams:
        raise Refused(
            "The catalog has no guide team; `/incident page team|service|@person` wakes somebody more instead."
        )
    return forms.guide(seen.incident, teams)


async def guide_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await guides.ask(world, asking, text=f"{filled.choice('team')} {filled.text('text')}")


async def cancel_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.cancel(seen.incident)


async def cancel_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.cancel(world, asking, why=filled.text("text"))


async def private_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.private(seen.incident)


async def private_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await privacy.make(world, asking, why=filled.text("text"))


async def note_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.note(seen.incident)


async def note_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.note(world, asking, text=filled.text("text"))


async def action_draw(world: World, asking: Asking, seen: Seen) -> View:
    return forms.action(seen.incident, world.config.categories)


async def action_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await actions.add(world, asking, owner_slack=filled.person("owner"), form=_item(filled))


def _item(filled: Filled) -> Typed:
    category = filled.choice("category")
    title = " ".join(filled.text("text").split())
    if not title:
        raise Refused("Say what is to be done.")
    return Typed(title, "" if category == forms.SUGGEST else category, "", "", filled.day("due"))


async def action_from_draw(world: World, asking: Asking, message: Mapping[str, Any]) -> View:
    """Of the incident in whose channel the message stands, else of one of the newest."""
    here = await views.in_channel(world, asking.channel)
    seen = (await views.incident(world, asking, of="action")).incident if here else None
    found = [seen] if seen else await views.recent(world, asking, OFFERED)
    if not found:
        raise Refused("There is no incident yet that it could belong to.")
    source = f"{source_of(asking.channel, str(message['ts']))}:item"
    said = forms.Excerpt(masking.excerpt(words_of(message)), source, (seen.id or 0) if seen else 0)
    return forms.action_from(said, found, world.config.categories)


async def action_from_send(world: World, asking: Asking, filled: Filled) -> Reply:
    said = forms.excerpt_in(filled)
    return await actions.add(
        world,
        replace(asking, incident=f"INC-{said.incident}"),
        owner_slack=filled.person("owner"),
        form=_item(filled),
        evidence=said.text,
        source=said.source,
    )


async def edit_draw(world: World, asking: Asking, seen: Seen) -> View:
    owned = seen.incident.service or seen.incident.team
    return forms.edit(seen.incident, typeahead.offer(owned, world.catalog))


async def edit_send(world: World, asking: Asking, filled: Filled) -> Reply:
    """Two changes, each heard once: whoever sends the form again changes nothing more."""
    said: list[str] = []
    if filled.changed("title"):
        renaming = replace(asking, id=f"{asking.id}:title")
        said.append((await incidents.title(world, renaming, text=filled.text("title"))).text)
    if filled.changed("service") and filled.choice("service"):
        moving = replace(asking, id=f"{asking.id}:service")
        said.append((await incidents.service(world, moving, named=filled.choice("service"))).text)
    if not said:
        raise Refused("Nothing is different yet: change the title or the service.")
    return Reply(" ".join(said))


async def page_draw(world: World, asking: Asking, value: str) -> View:
    team = world.catalog.teams.get(value)
    if team is None:
        raise Refused(f"The team {value} is not in the catalog any more.")
    return forms.page_team(team)


async def page_send(world: World, asking: Asking, filled: Filled) -> Reply:
    return await incidents.start(
        world, replace(asking, incident=""), text=f"{filled.carried} {filled.text('what')}"
    )


FORMS: Mapping[str, Form] = {
    "start_form": Form(
        start_draw, start_send, "title", "/incident start [service] [sev1…sev4] title", tells=True
    ),
    "page_them": Form(page_draw, page_send, "what", "/incident start {value} what is wrong", tells=True),
    "post_update": Form(_of(update_draw), update_send, "update", "/incident update {key} text"),
    "set_severity": Form(_of(severity_draw), severity_send, "severity", "/incident severity {key} sev1"),
    "set_role": Form(_of(role_draw), role_send, "role", "/incident lead {key} @person"),
    "set_status": Form(_of(status_draw), status_send, "status", "/incident status {key} identified text"),
    "mitigated": Form(_of(mitigated_draw), mitigated_send, "kind", "/incident mitigate {key} switch text"),
    "resolve_with": Form(_of(resolve_draw), resolve_send, "text", "/incident resolve {key} text"),
    "decline_with": Form(_of(decline_draw), decline_send, "text", "/incident decline {key} why", tells=True),
    "ask_guide": Form(
        _of(guide_draw), guide_send, "text", "/incident guide {key} [team] question", tells=True
    ),
    "cancel_with": Form(_of(cancel_draw), cancel_send, "text", "/incident cancel {key} why", tells=True),
    "make_private": Form(_of(private_draw), private_send, "text", "/incident private {key} why", tells=True),
    "add_note": Form(_of(note_draw), note_send, "text", "/incident note {key} text"),
    "add_action": Form(_of(action_draw), action_send, "text", "/incident action {key} text", tells=True),
    "edit_incident": Form(_of(edit_draw), edit_send, "title", "/incident title {key} text"),
}
"""Action id of the button, and callback id of the form."""


# ---- opening and sending -------------------------------------------------------------------------


OFFERED = 50
"""Incidents that an item can be said to belong to."""

ITEM_FROM = Form(_of(action_draw), action_from_send, "text", "/incident action {key} text", tells=True)
"""Opened from a message and not by a button."""


def register(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    for name, form in FORMS.items():
        app.action(re.compile(rf"^{name}(:\d+)?$"))(_opening(world, client, form.draw, form.instead))
        app.view(name)(_sending(world, form))
    app.action(re.compile(r"^more(:\d+)?$"))(_opening(world, client, _of(_more), "/incident help"))
    app.action(forms.PICK)(_picking(world, client))
    app.options(forms.PICK)(_offering(world))
    app.action("join_instead")(_joining(world, client))
    app.shortcut("start_incident")(_opening(world, client, start_draw, FORMS["start_form"].instead))
    app.shortcut("start_from_message")(_starting_from(world, client))
    app.shortcut("action_from_message")(_item_from(world, client))
    app.view("action_from_message")(_sending(world, ITEM_FROM))


async def _more(world: World, asking: Asking, seen: Seen) -> View:
    return forms.more(seen.incident)


def asking_of(body: Mapping[str, Any], *, way: str) -> Asking:
    action = (body.get("actions") or [{}])[0]
    return Asking(
        id=f"tap:{body.get('trigger_id')}:{action.get('action_ts')}",
        by=body["user"]["id"],
        channel=str((body.get("channel") or {}).get("id") or ""),
        way=way,
    )


async def _open(client: AsyncWebClient, body: Mapping[str, Any], view: View) -> None:
    """In front of whoever tapped; a form that is open already becomes this one.

    The trigger expires in 3 s, so this is done in the listener and not by a job.
    """
    surface = body.get("view") or {}
    if surface.get("type") == "modal":
        begun = {"external_id": surface["external_id"]} if _from_home(surface) else {}
        await call(client, "views.update", view_id=surface["id"], view=view | begun)
        return
    begun = {"external_id": f"{HOME}{body['trigger_id']}"} if surface.get("type") == "home" else {}
    await call(client, "views.open", trigger_id=body["trigger_id"], view=view | begun)


def _from_home(view: Mapping[str, Any]) -> bool:
    """Whether a form was opened at Home, which is then drawn again once it is sent."""
    return str(view.get("external_id") or "").startswith(HOME)


def _opening(
    world: World, client: AsyncWebClient, draw: Draw, instead: str
) -> Callable[..., Awaitable[None]]:
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        value = str((body.get("actions") or [{}])[0].get("value") or "")
        asking = asking_of(body, way="button in Slack")

        async def drawn() -> View:
            return await draw(world, asking, value)

        typed = instead.format(key=f"INC-{value.partition(' ')[0]}", value=value)
        await _opened(world, client, body, drawn(), typed)
        await ack()

    return pressed


async def _opened(
    world: World, client: AsyncWebClient, body: Mapping[str, Any], drawing: Awaitable[View], instead: str
) -> None:
    try:
        await _open(client, body, await drawing)
    except (Refused, DatabaseUnavailable) as error:
        await say(world, client, body, error)
    except (SlackRefused, Retry) as error:
        await say(world, client, body, f"The form could not be opened ({error}): type `{instead}` instead.")


async def say(world: World, client: AsyncWebClient, body: Mapping[str, Any], error: Exception | str) -> None:
    """A sentence to whoever tapped: beside the message, in the form that is open, or where neither is, directly."""
    url, text = str(body.get("response_url") or ""), str(error)
    try:
        if url and isinstance(error, DatabaseUnavailable):
            # There is nowhere to put a job, so this one sentence goes out at once.
            await post_to(client, url, messages.told(text).args() | {"replace_original": False})
        elif url:
            await respond(world, url, text)
        elif body.get("view"):
            await _open(client, body, forms.told(text))
        elif not isinstance(error, DatabaseUnavailable):
            await _direct(world, body, text)
    except DatabaseUnavailable as away:
        log.warning("nobody could be told: %s", away)
    except (SlackRefused, Retry) as refused:
        log.warning("a sentence could not be shown: %s", refused)
        if not isinstance(error, DatabaseUnavailable):
            await _direct(world, body, text)


async def _direct(world: World, body: Mapping[str, Any], text: str) -> None:
    about = f"{body.get('trigger_id')}"
    message = kit.stored(messages.told(text))
    await mentions.answered(world, Say(about, str(body["user"]["id"]), message))


async def after(world: World, client: AsyncWebClient, body: Mapping[str, Any], reply: Reply) -> None:
    """What came of a tap in a form or at Home, where no message can say it."""
    surface = body.get("view") or {}
    if surface.get("type") == "home" or _from_home(surface):
        await home.wanted(world, str(body["user"]["id"]))
    if surface.get("type") == "modal":
        try:
            await _open(client, body, forms.told(reply.text, reply))
        except (SlackRefused, Retry) as error:
            log.warning("what came of a tap could not be shown: %s", error)


def _sending(world: World, form: Form) -> Callable[..., Awaitable[None]]:
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        filled = Filled(view)
        asking = Asking(
            id=f"view:{view['id']}:{view.get('hash', '')}",
            by=body["user"]["id"],
            incident=f"INC-{filled.carried}" if filled.carried.isdigit() else "",
            way="form in Slack",
        )
        try:
            reply = await form.send(world, asking, filled)
            following = await _following(world, form, filled, reply)
            if _from_home(view):
                await home.wanted(world, asking.by)
        except (Refused, DatabaseUnavailable) as error:
            await ack(response_action="errors", errors={form.at: cut(str(error), ERROR)})
            return
        except Exception:
            # Without this the form would close, or stand there without a word.
            log.exception("a form failed")
            await ack(response_action="errors", errors={form.at: WENT_WRONG})
            return
        if following is None:
            await ack()
        else:
            await ack(response_action="update", view=following)

    return sent


async def _following(world: World, form: Form, filled: Filled, reply: Reply) -> View | None:
    """What takes the form's place. The question about a twin keeps all that was typed."""
    twin = any(choice.does == "start_anyway" for choice in reply.choices)
    if twin and filled.callback == "start_form":
        return await start_view(world, replace(forms.given_in(filled), anyway=True), twin=reply)
    return forms.told(reply.text, reply) if form.tells or reply.choices else None


def _picking(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def picked(ack: AsyncAck, body: dict[str, Any]) -> None:
        """A service was chosen: its owner is shown before anything is sent."""
        view = body.get("view") or {}
        if view.get("callback_id") == "start_form":
            given = forms.given_in(Filled(view))
            try:
                await _open(client, body, await start_view(world, given))
            except (SlackRefused, Retry, DatabaseUnavailable) as error:
                log.warning("the owner could not be shown: %s", error)
        await ack()

    return picked


def _offering(world: World) -> Callable[..., Awaitable[None]]:
    async def offering(ack: AsyncAck, body: dict[str, Any]) -> None:
        found = typeahead.offers(decode(str(body.get("value") or "")), world.catalog)
        await ack(options=forms.options(found))

    return offering


def _joining(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def joining(ack: AsyncAck, body: dict[str, Any]) -> None:
        """It is the same as one that is open: they come in, and their words become a note there."""
        number = str(body["actions"][0].get("value") or "")
        asking = replace(asking_of(body, way="form in Slack"), incident=f"INC-{number}")
        given = forms.given_in(Filled(body["view"]))

        async def drawn() -> View:
            reply = await incidents.join(world, asking)
            seen = await views.incident(world, asking, of="show")
            said = f"{reply.text} Leave what you saw there as a note?"
            return forms.note(seen.incident, text=given.details or given.title, said=said)

        await _opened(world, client, body, drawn(), f"/incident note INC-{number} text")
        await ack()

    return joining


# ---- from a message ----------------------------------------------------------------------------


def words_of(message: Mapping[str, Any]) -> str:
    """A message's words; of what programs post, those of its attachments too."""
    found = [str(message.get("text") or "")]
    for attached in message.get("attachments") or []:
        words = (attached.get("title"), attached.get("text") or attached.get("fallback"))
        found += [str(word) for word in words if word]
    return decode("\n".join(filter(None, found)))


def evidence_of(message: Mapping[str, Any], channel: str) -> Evidence:
    files = tuple(File(**f) for f in files_of(message))
    author = message.get("user") or message.get("username") or message.get("bot_id") or ""
    said = Marked(str(author)[:80], cut(words_of(message), TEXT_LIMIT), moment(message["ts"]), files)
    return Evidence(channel, str(message["ts"]), said)


def _starting_from(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def starting(ack: AsyncAck, body: dict[str, Any]) -> None:
        message, channel = body["message"], str(body["channel"]["id"])

        async def drawn() -> View:
            given = about(world, words_of(message), evidence_of(message, channel), channel)
            return await start_view(world, given)

        await _opened(world, client, body, drawn(), FORMS["start_form"].instead)
        await ack()

    return starting


def _item_from(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def making(ack: AsyncAck, body: dict[str, Any]) -> None:
        asking = asking_of(body, way="shortcut in Slack")
        drawing = action_from_draw(world, asking, body["message"])
        await _opened(world, client, body, drawing, ITEM_FROM.instead.format(key="INC-1"))
        await ack()

    return making
