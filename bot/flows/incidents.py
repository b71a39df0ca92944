"""The life of an incident, as people make it happen."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, cadence, channels, incidents, ownership, paging
from bot.core.access import Act
from bot.core.decision import Decision
from bot.core.readiness import SHIPPED
from bot.core.timeline import OwnerChanged, PageDeferred, PageRequested, event
from bot.flows import (
    Asking,
    Choice,
    Reply,
    Scene,
    World,
    begin,
    change,
    may_see,
    once,
    rota_of,
    scene,
    timelines,
    which,
)
from bot.flows.timelines import Evidence
from bot.models import Catalog, Incident, Mitigation, Noticed, Page, PageState, Role, Severity, Status

TWIN_WITHIN = timedelta(minutes=10)
"""Slack tells people that a command timed out and they type it again: the same words this soon mean the same incident."""


async def start(
    world: World,
    asking: Asking,
    *,
    text: str,
    anyway: bool = False,
    private: bool = False,
    test: bool = False,
    service: str = "",
    severity: Severity | None = None,
    noticed: Noticed | None = None,
    details: str = "",
    evidence: Evidence | None = None,
) -> Reply:
    """`text` is everything after `start`. The owner's page leaves with the commit; nothing stands before it.

    The same request again gets the same answer; the same words again are taken for the same incident,
    unless `anyway`. A `private` one is seen by those who are named alone; a `test` wakes nobody but whoever asks.
    With a `severity`, as a form gives it, `text` is the title and nothing else; `service` is the id of a service or
    team, "" when the owner is to be found in the words. `evidence` is the message that it all began with.
    """

    async def act(session: AsyncSession, by: str) -> Reply:
        now, catalog = world.clock(), world.catalog
        lead = (
            ownership.Leading(_chosen(service, catalog), severity, text.strip())
            if severity
            else ownership.leading(text, catalog)
        )
        title, rest = incidents.title_and_rest(lead.title or text)
        if evidence and rest in " ".join(evidence.said.text.split()):
            rest = ""  # the message itself stands in the timeline
        if not lead.title:
            raise Refused(
                "Say what is broken: `/incident start [service] [sev1…sev4] title`, "
                "for example `/incident start checkout sev2 card payments fail`."
            )
        found = lead.found or ownership.find(f"{text}\n{details}" if details else text, catalog)
        if not anyway:
            since = now - TWIN_WITHIN
            twin = await store.twin(
                session,
                found.service or "",
                found.team,
                title,
                since,
                test=test,
                seen_by=store.seen_by(by, catalog, world.config.rights.admins),
            )
            if twin is not None:
                flags = f"{'--private ' if private else ''}{'--test ' if test else ''}"
                return _twin(twin, flags + text)
        incident = Incident(
            request_id=asking.id,
            title=title,
            service=found.service or "",
            team=found.team,
            why=found.why,
            severity=lead.severity or Severity.SEV3,
            private=private,
            test=test,
            noticed=noticed,
            declared_by=by,
            declared_at=now,
            asked_in=asking.channel,
            catalog_id=await store.keep_catalog(session, catalog, now),
        )
        stands = evidence is not None and " ".join(details.split()) in " ".join(evidence.said.text.split())
        words = "" if stands else details
        return await _begun(session, world, incident, found, more=rest, details=words, evidence=evidence)

    return await once(world, asking, act)


async def _begun(
    session: AsyncSession,
    world: World,
    incident: Incident,
    found: ownership.Found,
    *,
    more: str = "",
    details: str = "",
    evidence: Evidence | None = None,
    then: Callable[[Incident], Awaitable[None]] | None = None,
) -> Reply:
    """Write the new row with everything that follows from it; `then` says more of it in the same transaction."""
    by, catalog = incident.declared_by, world.catalog
    team = catalog.teams[found.team]
    decision = await begin(session, world, incident, found, more=more, details=details)
    if evidence is not None:
        await timelines.began_with(await scene(session, world, incident, by), evidence)
    if then is not None:
        await then(incident)
    asked = [e.person for e in decision.events if isinstance(e, PageRequested)]
    paged = [
        "you" if who == by else catalog.people[who].called if who in catalog.people else who for who in asked
    ]
    waits = [e.text("", str) for e in decision.events if isinstance(e, PageDeferred)]
    who = (
        f"Paging {', '.join(paged)}"
        if paged
        else waits[0]
        if waits
        else f"Nobody could be paged for {team.name}; its channel is told"
    )
    kind = " in private: only those who are named see it" if incident.private else ""
    if incident.test:
        kind += f"{';' if kind else ''} as a test, which wakes nobody else and counts nowhere"
    if incident.title.lower().startswith("private") and not incident.private:
        kind += f", open to all (`/incident private {incident.key}` would close it)"
    reply = f"{incident.key} started{kind}. {who}: {_reason(found)}. The channel opens in a moment."
    return Reply(reply, incident.id, _guesses(incident, found))


def _chosen(service: str, catalog: Catalog) -> ownership.Found | None:
    """The owner that a form names. Raises Refused when the catalog has lost it since."""
    found = ownership.named(service, catalog) if service else None
    if service and found is None:
        raise Refused(f"There is no service or team “{service}” in the catalog any more: choose another.")
    return found


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
    offers: Callable[[Scene], tuple[Choice, ...]] = lambda s: (),
) -> Reply:
    async def act(scene: Scene) -> Reply:
        decided = decide(scene)
        decision = decided if isinstance(decided, Decision) else await decided
        await scene.record(decision)
        paged = [scene.name(event.person) for event in decision.events if isinstance(event, PageRequested)]
        then = f" Paging {', '.join(paged)}." if paged else ""
        return Reply(say(scene) + then, scene.incident.id, offers(scene))

    return await change(world, asking, of, act)


async def role(world: World, asking: Asking, role: Role, *, slack_id: str = "", person: str = "") -> Reply:
    """`slack_id` or catalog `person` takes the role; neither means the one who asks."""

    async def act(scene: Scene) -> Reply:
        who = person or (await scene.person(slack_id) if slack_id else scene.by)
        taken = incidents.role_taken(scene.incident, role, who)
        told = cadence.appointed(scene.incident, role, who, by=scene.by, name=scene.name)
        await scene.record(taken + told if taken.events else taken)
        is_me = "You are" if who == scene.by else f"{scene.name(who)} is"
        return Reply(f"{is_me} {role} of {scene.incident.key}.", scene.incident.id)

    return await change(world, asking, role.value, act)


async def leave_role(world: World, asking: Asking, role: Role, *, mine: bool = False) -> Reply:
    """Nobody has the role any more. `mine`: only the one who has it may give it back, as by a tap that names nobody."""

    async def act(scene: Scene) -> Reply:
        held = getattr(scene.incident, role.value)
        if mine and held and held != scene.by:
            raise Refused(
                f"{scene.name(held)} is {role} of {scene.incident.key}, not you: `/incident {role}` takes it."
            )
        await scene.record(cadence.role_left(scene.incident, role))
        return Reply(
            f"Nobody is {role} of {scene.incident.key} now: `/incident {role} @person` names somebody.",
            scene.incident.id,
        )

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
        scene.must(Act.SERVICE)
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
            had=await _had(scene, team.id),
        )
        await scene.record(decision)
        assert scene.incident.id is not None
        await store.unfiled_to(scene.session, scene.incident.id, team.id)
        paged = [scene.name(e.person) for e in decision.events if isinstance(e, PageRequested)]
        then = f" Paging {', '.join(paged)}." if paged else ""
        return Reply(f"{scene.incident.key} belongs to {team.name} now.{then}", scene.incident.id)

    return await change(world, asking, "service", act)


async def _had(scene: Scene, team: str) -> list[str]:
    """Those of `team` who had the incident, or were being asked, when it was last moved away from it."""
    assert scene.incident.id is not None
    for entry in reversed(await store.entries(scene.session, scene.incident.id)):
        told = event(entry.kind, entry.data) if entry.kind == "owner_changed" else None
        if isinstance(told, OwnerChanged) and told.before == team:
            return told.had
    return []


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
    """What needed something shipped or restarted may have wanted a switch: that is asked at once, with one tap."""

    async def act(s: Scene) -> Reply:
        await s.record(incidents.mitigated(s.incident, kind, text=text, now=s.now))
        key, number = s.incident.key, s.incident.id or 0
        said = f"{key} is mitigated ({kind}). When it is truly over: `/incident resolve {key}`."
        if kind not in SHIPPED or await store.switch_uses(s.session, number):
            return Reply(said, number)
        missing = Choice("No switch for this", "switch_missing", str(number))
        return Reply(f"{said} Would a switch have been quicker?", number, (missing,))

    return await change(world, asking, "mitigate", act)


async def resolve(world: World, asking: Asking, *, text: str = "") -> Reply:
    async def decide(s: Scene) -> Decision:
        return incidents.resolved(s.incident, s.pages, text=text, now=s.now)

    return await _simple(
        world,
        asking,
        "resolve",
        decide,
        lambda s: (
            f"{s.incident.key} is resolved. What would have prevented it, or woken fewer people? "
            f"`/incident action {s.incident.key} …` puts it in the backlog of {s.team.name}."
        ),
        lambda s: (Choice("Action item", "add_action", str(s.incident.id)),),
    )


async def reopen(world: World, asking: Asking, *, why: str = "") -> Reply:
    """Open again what ended lately; what ended longer ago goes on as a new incident that refers to it."""

    async def act(s: Scene) -> Reply:
        ended = s.incident.resolved_at if s.incident.is_over else None
        if ended is not None and s.now - ended > world.config.incidents.reopen_within:
            return await _gone_on(world, asking, s, why)
        decision = incidents.reopened(
            s.incident,
            why=why,
            team=s.team,
            catalog=s.catalog,
            pages=s.pages,
            rota=await s.rota(),
            now=s.now,
            lapse=world.config.paging.ack_lapse,
        )
        decision += channels.revived(s.incident)
        await s.record(decision)
        paged = [s.name(e.person) for e in decision.events if isinstance(e, PageRequested)]
        then = f" Paging {', '.join(paged)}." if paged else ""
        return Reply(f"{s.incident.key} is open again.{then}", s.incident.id)

    return await change(world, asking, "reopen", act)


async def _gone_on(world: World, asking: Asking, s: Scene, why: str) -> Reply:
    old = s.incident
    assert old.id is not None
    newer = await store.following(s.session, old.id)
    if newer is not None:
        raise Refused(f"{old.key} goes on as {newer.key}, which is open: `/incident show {newer.key}`.")
    known = ownership.named(old.service or old.team, s.catalog)
    found = replace(known, why=f"as {old.key} before it") if known else ownership.find(old.title, s.catalog)
    new = Incident(
        request_id=asking.id,
        title=old.title,
        service=found.service or "",
        team=found.team,
        why=found.why,
        severity=old.severity,
        private=old.private,
        test=old.test,
        follows=old.id,
        declared_by=s.by,
        declared_at=s.now,
        asked_in=asking.channel,
        catalog_id=await store.keep_catalog(s.session, s.catalog, s.now),
    )

    async def both_say_so(new: Incident) -> None:
        assert new.id is not None
        of_old, of_new = incidents.gone_on(old, new, why=why)
        if old.private:
            for person in sorted(_involved(old, s.pages)):
                await store.admit(s.session, new.id, person, by=s.by, now=s.now)
        await s.record(of_old)
        await store.record(s.session, new, of_new, by=s.by, now=s.now)

    reply = await _begun(s.session, world, new, found, then=both_say_so)
    ended = paging.spoken(s.now - old.resolved_at) if old.resolved_at else "long"
    text = f"{old.key} was over for {ended}, too long to reopen it, so it goes on as a new one. {reply.text}"
    return replace(reply, text=text)


def _involved(incident: Incident, pages: Sequence[Page]) -> set[str]:
    """Those who have worked on it, without those who were asked in vain."""
    people = {incident.declarer, incident.owner, incident.lead, incident.comms, incident.scribe}
    return (people | {page.person for page in pages if page.state is PageState.ACKNOWLEDGED}) - {""}


async def cancel(world: World, asking: Asking, *, why: str = "") -> Reply:
    def decide(s: Scene) -> Decision:
        s.must(Act.CANCEL)
        return incidents.called_off(s.incident, s.pages, why=why, now=s.now)

    return await _simple(world, asking, "cancel", decide, lambda s: f"{s.incident.key} is cancelled.")


async def duplicate(world: World, asking: Asking, *, of: str, merge: bool = False) -> Reply:
    """It is the same as `of`. With `merge` its people come into the channel of the one that goes on."""

    async def act(session: AsyncSession, by: str) -> Reply:
        word = "merge" if merge else "duplicate"
        named = await which(session, world, asking, by, of=word, lock=False)
        number = store.id_of(of)
        assert named.id is not None
        incident, other = await store.locked_both(
            session, named.id, number if number is not None else named.id
        )
        if (
            number is None
            or incident is None
            or other is None
            or not await may_see(session, world, other, by)
        ):
            raise Refused(f"There is no incident {of.upper()}; `/incident list` shows those there are.")
        here = await scene(session, world, incident, by)
        there = here if other is incident else await scene(session, world, other, by)
        root = await store.root(session, other)
        decision = incidents.duplicated(incident, here.pages, other, root, merged=merge, now=here.now)
        people = await _people(here, there) if merge else []
        if other.private and people:
            there.must(Act.PRIVATE)
            assert other.id is not None
            for person in people:
                await store.admit(session, other.id, person, by=by, now=here.now)
        await here.record(decision)
        await there.record(incidents.took_in(other, incident, people, merged=merge))
        come = "comes" if len(people) == 1 else "come"
        with_it = f" {', '.join(map(here.name, people))} {come} into its channel." if people else ""
        how = "merged into" if merge else "closed as a duplicate of"
        return Reply(f"{incident.key} is {how} {other.key}.{with_it}", incident.id)

    return await once(world, asking, act)


async def _people(here: Scene, there: Scene) -> list[str]:
    """Those who work on the one that ends, and are not in the one that goes on."""
    assert here.incident.id is not None
    spoke = {await here.person(account) for account in await store.spoke_in(here.session, here.incident.id)}
    return sorted((_involved(here.incident, here.pages) | spoke) - _involved(there.incident, there.pages))
