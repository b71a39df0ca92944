"""Private incidents: made so later, who is let in, and what of the open traces was closed."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, privacy
from bot.core.access import Act
from bot.core.decision import Decision
from bot.core.jobs import (
    Announce,
    AskGuide,
    CloseChannel,
    Closing,
    ForgetElsewhere,
    LearnProfile,
    OpenChannel,
    PagePerson,
    PostLine,
    ReportClosed,
    SecureIssue,
    TakeBack,
    Tell,
    TellSubscriber,
    TellTeam,
)
from bot.core.timeline import Event, LetIn, MadePrivate, TraceClosed, TraceStays, event
from bot.db import insert
from bot.engine import enqueue
from bot.flows import Asking, Reply, Scene, World, change, choices, may_see, scene, verdicts
from bot.models import Guidance, GuidanceState, Inbound, Incident, Job, Postmortem


async def make(world: World, asking: Asking, *, why: str = "") -> Reply:
    """From now on only those who are named see it; what stood open is closed by jobs, and whoever asked is told of it."""

    async def act(s: Scene) -> Reply:
        s.must(Act.PRIVATE)
        assert s.incident.id is not None
        actions = await store.actions(s.session, s.incident.id)
        traces = [] if s.incident.private else await _traces(s)
        decision = privacy.made_private(s.incident, traces, actions, by=s.by, why=why)
        if not s.incident.private:
            decision += Decision(events=tuple(await _elsewhere(s)))
        await choices.forget_all(s.session, [action.title for action in actions])
        await _close_questions(s)
        await store.admit(s.session, s.incident.id, s.by, by=s.by, now=s.now)
        told = () if s.incident.private else await _said_in_jira(s)
        await s.record(decision + Decision(events=told))
        return Reply(
            f"{s.incident.key} is private from now on. What was open is being closed; "
            "you get a message with what could be closed and what could not.",
            s.incident.id,
        )

    return await change(world, asking, "private", act)


async def _said_in_jira(s: Scene) -> tuple[Event, ...]:
    """Comments on other incidents' items, which only people can take back."""
    assert s.incident.id is not None
    keys = await store.raised_by(s.session, s.incident.id)
    return tuple(
        TraceStays(f"a comment on {key} in Jira", "whoever may edit comments there can delete it")
        for key in keys
    )


async def _traces(s: Scene) -> list[TakeBack]:
    """Every message about the incident that stands where others than those who are named read it, but its channel."""
    assert s.incident.id is not None
    found: dict[tuple[str, str], TakeBack] = {}

    def add(channel: str, ts: str, where: str) -> None:
        if channel and ts and channel != s.incident.channel_id and s.incident.id is not None:
            found.setdefault((channel, ts), TakeBack(s.incident.id, channel, ts, where))

    announced_in = s.world.config.slack.announce_channel
    add(s.incident.announce_channel, s.incident.announce_ts, f"the announcement in #{announced_in}")
    for page in s.pages:
        if page.person.startswith("#"):
            add(page.channel_id, page.ts, f"the page in {page.person}")
    for job in await store.posted(s.session, s.incident.id):
        if job.kind != PagePerson.__name__ and not await _is_of_somebody_named(s, job):
            assert job.result is not None
            add(str(job.result["channel"]), str(job.result["ts"]), await _where(s, job))
    for channel, ts in await store.answered_openly(s.session, s.incident.id):
        add(channel, ts, "an answer to a mention")
    for entry in await verdicts.said_elsewhere(s.session, s.incident):
        for job in await store.posted(s.session, entry.incident_id):
            if job.kind == PostLine.__name__ and job.payload["entry"] == entry.id:
                assert job.result is not None
                add(
                    str(job.result["channel"]), str(job.result["ts"]), f"a line about INC-{entry.incident_id}"
                )
    return list(found.values())


async def _close_questions(s: Scene) -> None:
    """Guides who have not come are not named: their cards go, and the headline doesn't wait for them."""
    assert s.incident.id is not None
    for row in await store.guidance(s.session, s.incident.id):
        waits = row.state in {GuidanceState.ASKED, GuidanceState.UNANSWERED}
        if waits and not await _will_see(s, row.person):
            row.state, row.ended_at = GuidanceState.CLOSED, row.ended_at or s.now
            s.session.add(row)


async def _will_see(s: Scene, person: str) -> bool:
    return await may_see(s.session, s.world, s.incident.model_copy(update={"private": True}), person)


async def _is_of_somebody_named(s: Scene, job: Job) -> bool:
    return await _will_see(s, await _reader(s, job))


async def _elsewhere(s: Scene) -> list[Event]:
    """What stands outside Slack and Jira, where we take nothing back: each with who can."""
    assert s.incident.id is not None
    written = await s.session.get(Postmortem, s.incident.id)
    page = written.places.get("confluence", "") if written else ""
    if not page:
        return []
    space = s.world.config.confluence.space
    return [
        TraceStays(f"the postmortem's page, {page}", f"whoever may delete pages of the space {space} can")
    ]


async def _reader(s: Scene, job: Job) -> str:
    """The one person whom the message went to; "" where it stands before many."""
    assert job.result is not None
    if job.kind == AskGuide.__name__:
        row = await s.session.get(Guidance, int(job.payload["guidance"]))
        # Whoever came to a card in a channel has not taken it out of there.
        return row.person if row and str(job.result["channel"]).startswith("D") else ""
    if job.kind == TellSubscriber.__name__:
        return await store.person_of(s.session, str(job.payload["slack_id"]), s.catalog)
    return str(job.payload.get("person") or "")


async def _where(s: Scene, job: Job) -> str:
    person, team = await _reader(s, job), s.catalog.teams.get(str(job.payload.get("team") or ""))
    if job.kind == AskGuide.__name__:
        return f"the question to {s.name(person)}" if person else "the question in a guide team's channel"
    if person:
        return f"a message to {s.name(person)}"
    announced_in = s.world.config.slack.announce_channel
    if job.kind == TellTeam.__name__:
        return f"a message in #{(team.channel if team else '') or announced_in}"
    if job.kind == PostLine.__name__:
        return f"a line under the announcement in #{announced_in}"
    return f"the announcement in #{announced_in}" if job.kind == Announce.__name__ else "a message in Slack"


async def appeared(
    session: AsyncSession,
    world: World,
    incident_id: int,
    *,
    channel: str,
    ts: str,
    where: str,
    person: str = "",
) -> None:
    """A message came out; it is taken back at once if the incident became private meanwhile.

    With a `person` nobody else reads it: it stays with whoever is named.
    """
    incident = await store.locked(session, incident_id)
    if incident is None or not incident.private:
        return
    if not person or not await may_see(session, world, incident, person):
        await enqueue(session, TakeBack(incident_id, channel, ts, where), now=world.clock())


async def admit(world: World, asking: Asking, *, slack_id: str = "", person: str = "") -> Reply:
    """Let somebody in by name."""

    async def act(s: Scene) -> Reply:
        assert s.incident.id is not None
        if not s.incident.private:
            raise Refused(f"{s.incident.key} is open to all: nobody has to be let in.")
        s.must(Act.PRIVATE)
        who = await s.person(slack_id) if slack_id else person
        if not await store.admit(s.session, s.incident.id, who, by=s.by, now=s.now):
            return Reply(f"{s.name(who)} has been let in already.", s.incident.id)
        await s.record(privacy.let_in(s.incident, who))
        return Reply(
            f"{s.name(who)} may see {s.incident.key} now and is invited to its channel.", s.incident.id
        )

    return await change(world, asking, "admit", act)


async def joined(world: World, event_id: str, *, channel: str, slack_id: str, inviter: str) -> None:
    """Whoever is brought into a private incident's channel by hand is let in; leaving it takes nothing away."""
    async with world.db.reading() as session:
        found = await store.in_channel(session, channel)
        us = await store.installation(session)
    if found is None or not found.private or found.id is None or (us and us.bot_user_id == slack_id):
        return
    async with world.db.transaction() as session:
        incident = await store.locked(session, found.id)
        if incident is None or incident.channel_id != channel or not await _first(session, world, event_id):
            return
        who = await store.person_of(session, slack_id, world.catalog)
        if await may_see(session, world, incident, who):
            return
        by = await store.person_of(session, inviter, world.catalog) if inviter else who
        await store.admit(session, found.id, who, by=by, now=world.clock())
        unknown = [
            LearnProfile(one, f"{world.clock():%Y-%m-%d}") for one in {who, by} if store.is_slack_id(one)
        ]
        told = Decision(events=(LetIn(who),), jobs=tuple(unknown))
        await (await scene(session, world, incident, by)).record(told)


async def _first(session: AsyncSession, world: World, event_id: str) -> bool:
    row = insert(session.get_bind().dialect.name, Inbound).values(
        request_id=f"event:{event_id}", received_at=world.clock(), reply=""
    )
    return (
        await session.exec(row.on_conflict_do_nothing().returning(Inbound.request_id))
    ).first() is not None


# ---- what closing taught us; called in the transaction that finishes the job --------------------------


async def closed(
    world: World,
    session: AsyncSession,
    order: Closing,
    *,
    shut: Sequence[str] = (),
    stays: Sequence[tuple[str, str]] = (),
    more: bool = False,
) -> None:
    """`stays`: what could not be closed, each with who can. `more`: another part of the channel is to be closed."""
    incident = await store.locked(session, order.incident)
    if incident is None:
        return
    told: list[Event] = [*map(TraceClosed, shut), *(TraceStays(what, who) for what, who in stays)]
    then: tuple[CloseChannel | ReportClosed, ...] = ()
    if isinstance(order, CloseChannel):
        then = (
            (CloseChannel(order.incident, order.channel, order.by, order.part + 1),)
            if more
            else (ReportClosed(order.incident, order.by),)
        )
    await (await scene(session, world, incident, "")).record(Decision(events=tuple(told), jobs=then))


async def not_closed(world: World, session: AsyncSession, order: Closing, reason: str) -> None:
    """A job that closes something gave up: the report says so, and why."""
    what = "what was said in the channel that was open"
    if isinstance(order, TakeBack):
        what = order.where
    elif isinstance(order, ForgetElsewhere):
        what = "what incidents that resembled it say of it"
    elif isinstance(order, SecureIssue):
        action = await store.action(session, order.action)
        what = f"{action.jira if action else 'an issue'} in Jira"
    await closed(world, session, order, stays=[(what, reason)])


async def report(world: World, order: ReportClosed) -> None:
    """Everything else is closed or given up by now; twice is harmless, the message has a key."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is None:
            return
        shut: list[TraceClosed] = []
        stays: list[TraceStays] = []
        rows = await store.entries(session, order.incident)
        for entry in sorted(rows, key=lambda entry: entry.id or 0):
            told = event(entry.kind, entry.data) if entry.kind in {"trace_closed", "trace_stays"} else None
            if isinstance(told, TraceClosed):
                shut.append(told)
            elif isinstance(told, TraceStays):
                stays.append(told)
        text = privacy.report(incident, shut, stays)
        tell = Tell(order.by, text, order.incident, f"{order.incident}:made-private")
        await enqueue(session, tell, now=world.clock())


async def came_out_open(world: World, session: AsyncSession, incident: Incident, *, channel_id: str) -> None:
    """The channel that was being opened came out open although the incident is private by now: it makes way."""
    assert incident.id is not None
    rows = sorted(await store.entries(session, incident.id), key=lambda entry: entry.id or 0)
    by = next((entry.by for entry in reversed(rows) if entry.kind == MadePrivate("").kind), incident.declarer)
    for order in (OpenChannel(incident.id, instead_of=channel_id), CloseChannel(incident.id, channel_id, by)):
        await enqueue(session, order, now=world.clock())


async def may_be_told(session: AsyncSession, world: World, order: Tell) -> bool:
    """Whether a message about an incident may go to its reader: it may have become private since it was asked for."""
    incident = await store.incident(session, order.incident) if order.incident else None
    return incident is None or await may_see(session, world, incident, order.person)
