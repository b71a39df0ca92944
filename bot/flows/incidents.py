"""The life of an incident, as people make it happen."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, incidents, ownership
from bot.core.decision import Decision
from bot.core.timeline import PageDeferred, PageRequested
from bot.flows import Asking, Choice, Reply, Scene, World, change, items, once, rota_of
from bot.models import Incident, Mitigation, Role, Severity, Status

TWIN_WITHIN = timedelta(minutes=10)
"""Slack tells people that a command timed out and they type it again: the same words this soon mean the same incident."""


async def start(world: World, asking: Asking, *, text: str, anyway: bool = False) -> Reply:
    """`text` is everything after `start`. The owner's page leaves with the commit; nothing stands before it.

    The same request again gets the same answer; the same words again are taken for the same incident,
    unless `anyway`.
    """

    async def act(session: AsyncSession, by: str) -> Reply:
        now, catalog = world.clock(), world.catalog
        lead = ownership.leading(text, catalog)
        title, rest = incidents.title_and_rest(lead.title or text)
        if not lead.title:
            raise Refused(
                "Say what is broken: `/incident start [service] [sev1…sev4] title`, "
                "for example `/incident start checkout sev2 card payments fail`."
            )
        found = lead.found or ownership.find(text, catalog)
        if not anyway:
            since = now - TWIN_WITHIN
            twin = await store.twin(session, found.service or "", found.team, title, since)
            if twin is not None:
                return _twin(twin, text)
        incident = Incident(
            request_id=asking.id,
            title=title,
            service=found.service or "",
            team=found.team,
            why=found.why,
            severity=lead.severity or Severity.SEV3,
            declared_by=by,
            declared_at=now,
            asked_in=asking.channel,
            catalog_id=await store.keep_catalog(session, catalog, now),
        )
        session.add(incident)
        await session.flush()
        team = catalog.teams[found.team]
        rota = await rota_of(session, world, team.id)
        decision = incidents.started(incident, found, team, catalog, more=rest, rota=rota, now=now)
        await store.record(session, incident, decision, by=by, now=now)
        asked = [e.person for e in decision.events if isinstance(e, PageRequested)]
        paged = [catalog.people[who].called if who in catalog.people else who for who in asked]
        waits = [e.text("", str) for e in decision.events if isinstance(e, PageDeferred)]
        who = (
            f"Paging {', '.join(paged)}"
            if paged
            else waits[0]
            if waits
            else f"Nobody could be paged for {team.name}; its channel is told"
        )
        reply = f"{incident.key} started. {who}: {_reason(found)}. The channel opens in a moment."
        return Reply(reply, incident.id, _guesses(incident, found))

    return await once(world, asking, act)


def _reason(found: ownership.Found) -> str:
    return found.why.rstrip(".")


def _twin(twin: Incident, text: str) -> Reply:
    where = f" in #{twin.channel_name}" if twin.channel_name else ""
    return Reply(
        f"{twin.key} “{twin.title}” was started just now{where}: this looks like the same. Join it?",
        twin.id,
        (
            Choice(f"Join {twin.key}", "join", str(twin.id), "primary"),
            Choice("Start anyway", "start_anyway", text[:1900]),
        ),
    )


def _guesses(incident: Incident, found: ownership.Found) -> tuple[Choice, ...]:
    """Buttons for the services it could be instead, while the most likely owner is already being paged."""
    if found.certain and not found.fallback:
        return ()
    return tuple(
        Choice(f"It is {service}"[:75], "set_service", f"{incident.id} {service}")
        for service in found.others[:4]
    )


async def join(world: World, asking: Asking) -> Reply:
    """Bring the person who asks into the incident's channel."""
    from bot.core.jobs import InvitePeople

    async def decide(scene: Scene) -> Reply:
        assert scene.incident.id is not None
        await scene.record(Decision(jobs=(InvitePeople(scene.incident.id, (scene.by,)),)))
        return Reply(f"You are being invited to {scene.incident.key}.", scene.incident.id)

    return await change(world, asking, "show", decide)


async def _simple(
    world: World,
    asking: Asking,
    of: str,
    decide: Callable[[Scene], Decision | Awaitable[Decision]],
    say: Callable[[Scene], str],
) -> Reply:
    async def act(scene: Scene) -> Reply:
        decided = decide(scene)
        decision = decided if isinstance(decided, Decision) else await decided
        await scene.record(decision)
        paged = [scene.name(event.person) for event in decision.events if isinstance(event, PageRequested)]
        return Reply(say(scene) + (f" Paging {', '.join(paged)}." if paged else ""), scene.incident.id)

    return await change(world, asking, of, act)


async def role(world: World, asking: Asking, role: Role, *, slack_id: str = "", person: str = "") -> Reply:
    """`slack_id` or catalog `person` takes the role; neither means the one who asks."""

    async def act(scene: Scene) -> Reply:
        who = person or (await scene.person(slack_id) if slack_id else scene.by)
        await scene.record(incidents.role_taken(scene.incident, role, who))
        is_me = "You are" if who == scene.by else f"{scene.name(who)} is"
        return Reply(f"{is_me} {role} of {scene.incident.key}.", scene.incident.id)

    return await change(world, asking, role.value, act)


async def severity(world: World, asking: Asking, new: Severity) -> Reply:
    async def decide(s: Scene) -> Decision:
        return incidents.severity_changed(
            s.incident, s.pages, new, team=s.team, catalog=s.catalog, rota=await s.rota(), now=s.now
        )

    return await _simple(world, asking, "severity", decide, lambda s: f"{s.incident.key} is {new} now.")


async def status(world: World, asking: Asking, new: Status, *, text: str = "") -> Reply:
    def decide(s: Scene) -> Decision:
        return incidents.status_changed(s.incident, new, text=text, now=s.now)

    return await _simple(world, asking, "status", decide, lambda s: f"{s.incident.key} is {new} now.")


async def update(world: World, asking: Asking, *, text: str) -> Reply:
    def decide(s: Scene) -> Decision:
        return incidents.updated(s.incident, text=text, now=s.now)

    return await _simple(world, asking, "update", decide, lambda s: f"Update posted to {s.incident.key}.")


async def title(world: World, asking: Asking, *, text: str) -> Reply:
    def decide(s: Scene) -> Decision:
        return incidents.retitled(s.incident, text=text)

    return await _simple(
        world, asking, "title", decide, lambda s: f"{s.incident.key} is “{s.incident.title}” now."
    )


async def service(world: World, asking: Asking, *, named: str) -> Reply:
    """Move the incident to another service (or team); its owner is paged, the old one thanked and released."""

    async def act(scene: Scene) -> Reply:
        found = ownership.named(named, scene.catalog)
        if found is None:
            near = ownership.nearest(named, scene.catalog)
            hint = f" Did you mean {near}?" if near else ""
            raise Refused(f"There is no service or team “{named}” in the catalog.{hint}")
        team = scene.catalog.teams[found.team]
        old_team = scene.catalog.teams.get(scene.incident.team)
        decision = incidents.moved(
            scene.incident,
            scene.pages,
            service=found.service or "",
            old_team=old_team,
            team=team,
            catalog=scene.catalog,
            rota=await rota_of(scene.session, world, team.id),
            now=scene.now,
            name=scene.name,
        )
        await scene.record(decision)
        paged = [scene.name(e.person) for e in decision.events if isinstance(e, PageRequested)]
        then = f" Paging {', '.join(paged)}." if paged else ""
        return Reply(f"{scene.incident.key} belongs to {team.name} now.{then}", scene.incident.id)

    return await change(world, asking, "service", act)


_CLOCK_TIME = re.compile(r"^(\d{1,2}):(\d{2})$")


def at_time(words: str, zone: str, now: datetime) -> tuple[datetime | None, str]:
    """The instant that a leading `HH:MM` names in `zone`, the last one not after `now`, and the rest of the text.

    None when the first word is not shaped like a time. Raises Refused for a time that no clock shows.
    """
    first, _, rest = words.strip().partition(" ")
    shape = _CLOCK_TIME.match(first)
    if not shape:
        return None, words
    hour, minute = int(shape[1]), int(shape[2])
    if hour > 23 or minute > 59:
        raise Refused(f"{first} is not a time: use HH:MM, from 00:00 to 23:59.")
    here = now.astimezone(ZoneInfo(zone))
    for back in (0, 1):
        day = here.date() - timedelta(days=back)
        # The hour that autumn repeats is meant the second time, once that has been.
        for fold in (1, 0):
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold)
            moment = local.astimezone(UTC)
            exists = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None)
            if exists and moment <= now:
                return moment, rest
        if not exists and moment <= now:
            raise Refused(f"{first} did not exist on {day} in {zone}: the clocks went forward over it.")
    return None, words


async def note(world: World, asking: Asking, *, text: str) -> Reply:
    """A line in the timeline, now or at a leading `HH:MM` in the speaker's own zone."""

    async def act(scene: Scene) -> Reply:
        zone = await store.zone_of(scene.session, asking.by, scene.catalog) or scene.team.timezone
        at, words = at_time(text, zone, scene.now)
        await scene.record(incidents.noted(scene.incident, text=words), at=at)
        local = at.astimezone(ZoneInfo(zone)) if at else None
        day = (
            ""
            if local is None or local.date() == scene.now.astimezone(ZoneInfo(zone)).date()
            else f", {local:%a %d %b}"
        )
        when = f" at {local:%H:%M} ({zone}){day}" if local else ""
        return Reply(f"Noted in {scene.incident.key}{when}.", scene.incident.id)

    return await change(world, asking, "note", act)


async def mitigate(world: World, asking: Asking, kind: Mitigation, *, text: str) -> Reply:
    def decide(s: Scene) -> Decision:
        return incidents.mitigated(s.incident, kind, text=text, now=s.now)

    return await _simple(
        world,
        asking,
        "mitigate",
        decide,
        lambda s: (
            f"{s.incident.key} is mitigated ({kind}). When it is truly over: `/incident resolve {s.incident.key}`."
        ),
    )


async def resolve(world: World, asking: Asking, *, text: str = "") -> Reply:
    async def decide(s: Scene) -> Decision:
        over = incidents.resolved(s.incident, s.pages, text=text, now=s.now)
        return over + Decision(jobs=tuple(await items.ask_about_candidates(s)))

    return await _simple(
        world,
        asking,
        "resolve",
        decide,
        lambda s: (
            f"{s.incident.key} is resolved. What would have prevented it, or woken fewer people? "
            f"`/incident action {s.incident.key} …` puts it in the backlog of {s.team.name}."
        ),
    )


async def reopen(world: World, asking: Asking, *, why: str = "") -> Reply:
    async def decide(s: Scene) -> Decision:
        return incidents.reopened(
            s.incident,
            why=why,
            team=s.team,
            catalog=s.catalog,
            pages=s.pages,
            rota=await s.rota(),
            now=s.now,
            lapse=world.config.paging.ack_lapse,
        )

    return await _simple(world, asking, "reopen", decide, lambda s: f"{s.incident.key} is open again.")


async def cancel(world: World, asking: Asking, *, why: str = "") -> Reply:
    def decide(s: Scene) -> Decision:
        return incidents.called_off(s.incident, s.pages, why=why, now=s.now)

    return await _simple(world, asking, "cancel", decide, lambda s: f"{s.incident.key} is cancelled.")


async def duplicate(world: World, asking: Asking, *, of: str) -> Reply:
    async def act(scene: Scene) -> Reply:
        number = store.id_of(of)
        other = await store.incident(scene.session, number) if number is not None else None
        if other is None:
            raise Refused(f"There is no incident {of.upper()}; `/incident list` shows those there are.")
        await scene.record(incidents.duplicated(scene.incident, scene.pages, other, now=scene.now))
        return Reply(f"{scene.incident.key} is closed as a duplicate of {other.key}.", scene.incident.id)

    return await change(world, asking, "duplicate", act)
